// US bonds, by face value. Treasuries: 0.002 % up to 1,000,000 face and 0.0001 % above, at least 5.00.
// Corporate: 0.1 % up to 10,000 face and 0.025 % above, at least 1.00. Source: IBKR, "Commissions: Bonds".
import type { Instrument } from '../../market/instrument.ts';
import type { CommissionSchedule } from './schedule.ts';
import { exactly, partOf, perUnit } from './schedule.ts';

type Row = { firstFace: number; firstPart: number; restPart: number; minimum: number };

const TREASURY: Row = {
  firstFace: 1_000_000_000_000,
  firstPart: 20,
  restPart: 1,
  minimum: 5_000_000,
};
const CORPORATE: Row = {
  firstFace: 10_000_000_000,
  firstPart: 1_000,
  restPart: 250,
  minimum: 1_000_000,
};

/** Whether a bond is the government's. */
export const isTreasury = (i: Instrument): boolean =>
  /^US-T|GOVT|TREASURY|UNITED STATES/i.test(`${i.symbol} ${i.category} ${i.longName}`);

/** Commissions of bonds. A bond's price is in percent, so its face is 100 × multiplier a unit. */
export const bonds: CommissionSchedule = {
  covers: (i) => i.secType === 'BOND',
  of: ({ instrument, size }) => {
    const row = isTreasury(instrument) ? TREASURY : CORPORATE;
    const face = perUnit(100_000_000 * instrument.multiplier, size);
    const first = Math.min(face, row.firstFace);
    const amount = partOf(first, row.firstPart) + partOf(face - first, row.restPart);
    return exactly(Math.max(amount, row.minimum), instrument.currency);
  },
};
