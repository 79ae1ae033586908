import type { Contract } from '../../../src/domain/instrument/contract.ts';
import type { InstrumentFacts } from '../../../src/domain/risk/facts.ts';
import { simulateOrder } from '../../../src/domain/simulate/simulate-order.ts';
import type { Simulation } from '../../../src/domain/simulate/simulation.ts';
import { d, gateCase, instrument, known, money, type Change } from '../gate-facts.ts';

/** What makes a case one about another kind of instrument. */
export type Kind = {
  readonly contract: Partial<Contract>;
  readonly row: Partial<InstrumentFacts>;
  /** bid, ask and last. */
  readonly touch: readonly [string, string, string];
};

/** The euro. */
export const eur = money(0, 'EUR').currency;
export const option: Kind = {
  contract: { secType: 'OPT', multiplier: d(100), strike: d(210), right: 'C' },
  row: {
    secType: 'OPT',
    multiplier: d(100),
    price: d(4),
    delta: d('0.4'),
    underlyingPrice: d(200),
  },
  touch: ['3.9', '4.1', '4'],
};
export const put: Kind = {
  ...option,
  contract: { ...option.contract, strike: d(190), right: 'P' },
  row: { ...option.row, delta: d('-0.3') },
};
export const future: Kind = {
  contract: { secType: 'FUT', multiplier: d(50) },
  row: { secType: 'FUT', multiplier: d(50), price: d(6000) },
  touch: ['5999.75', '6000.25', '6000'],
};
export const pair: Kind = {
  contract: { secType: 'CASH', symbol: 'EUR' },
  row: { secType: 'CASH', price: d('1.1') },
  touch: ['1.0999', '1.1001', '1.1'],
};
export const coin: Kind = {
  contract: { secType: 'CRYPTO', symbol: 'BTC' },
  row: { secType: 'CRYPTO', price: d(60_000) },
  touch: ['59990', '60010', '60000'],
};
export const bond: Kind = {
  contract: { secType: 'BOND' },
  row: { secType: 'BOND', price: d(98) },
  touch: ['97.9', '98.1', '98'],
};
export const pence: Kind = {
  contract: { secType: 'STK' },
  row: { multiplier: d('0.01'), price: d(8000) },
  touch: ['7990', '8010', '8000'],
};

/** A market order in a kind of instrument where nothing is held and plenty is shown, unless the case says otherwise. */
export function change(
  kind: Kind,
  side: 'BUY' | 'SELL',
  quantity: number | string,
  more: Change = {},
): Change {
  const [bid, ask, last] = kind.touch;
  const sizes = { bidSize: d(1_000_000_000), askSize: d(1_000_000_000) };
  return {
    positions: [],
    ...more,
    terms: { orderType: 'MKT', limitPrice: null, side, quantity: d(quantity), ...more.terms },
    contract: { ...kind.contract, ...more.contract },
    details: { minSize: d('0.0001'), sizeIncrement: d('0.0001'), ...more.details },
    quote: { bid: d(bid), ask: d(ask), last: d(last), ...sizes, ...more.quote },
    facts: { instruments: known([{ ...instrument, ...kind.row }]), ...more.facts },
  };
}

/** What the simulator says of it, at a collar of 1 %. */
export function simulate(...given: Parameters<typeof change>): Simulation {
  const { terms, facts } = gateCase(change(...given));
  return simulateOrder(terms, facts, d(100));
}
