// Three instruments in two sectors, for the rules that add up exposures: AAPL, one like it, and a bank.
import type { ConId } from '../../../src/domain/ids.ts';
import type { InstrumentFacts } from '../../../src/domain/risk/facts.ts';
import { instrument, known, other, type Change } from '../gate-facts.ts';

export const third = 76792991 as ConId;

/** AAPL, `other` (200, technology unless changed) and a bank. */
const rows = (of: Partial<InstrumentFacts> = {}) => ({
  instruments: known([
    instrument,
    { ...instrument, conId: other, ...of },
    { ...instrument, conId: third, sector: 'Financial' },
  ]),
});
export const market = (change: Change = {}, of: Partial<InstrumentFacts> = {}): Change => ({
  positions: [],
  ...change,
  facts: { ...rows(of), ...change.facts },
});
