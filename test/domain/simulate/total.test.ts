import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secTypes } from '../../../src/domain/instrument/contract.ts';
import { dec } from '../../../src/domain/money/decimal.ts';
import { exposureOf } from '../../../src/domain/risk/exposure.ts';
import { simulateOrder } from '../../../src/domain/simulate/simulate-order.ts';
import { anyTerms } from '../../support/order-terms.ts';
import {
  aapl,
  d,
  gateCase,
  gone,
  instrument,
  known,
  position,
  usd,
  type Change,
} from '../gate-facts.ts';

/** Any decimal that facts can carry: huge, tiny, zero and negative ones too. */
const anyDecimal = fc.oneof(
  fc.integer({ min: -5, max: 5 }).map(d),
  fc.integer({ min: -1_000_000, max: 1_000_000_000 }).map((n) => d(n / 1000)),
  fc.constantFrom(d('0.000000000000000001'), d('99999999999999999999'), d('-99999999999999999999')),
);
const orNull = fc.option(anyDecimal);

const anyFacts: fc.Arbitrary<Change> = fc
  .record({
    contract: fc.record({
      secType: fc.constantFrom(...secTypes),
      strike: anyDecimal,
      right: fc.constantFrom('C' as const, 'P' as const),
    }),
    multiplier: orNull,
    details: fc.record({
      sizeIncrement: anyDecimal,
      minSize: anyDecimal,
      priceMagnifier: fc.constantFrom(1, 100, 0, -1, 1.5, Number.NaN),
    }),
    quote: fc.record({ bid: orNull, ask: orNull, last: orNull, bidSize: orNull, askSize: orNull }),
    row: fc.record({
      price: orNull,
      delta: orNull,
      underlyingPrice: orNull,
      multiplier: anyDecimal,
    }),
    amounts: fc.tuple(anyDecimal, anyDecimal, anyDecimal),
    held: fc.integer({ min: -50, max: 50 }),
    volume: anyDecimal,
    fx: anyDecimal,
    missing: fc.subarray([
      'contract',
      'quote',
      'portfolio',
      'workingOrders',
      'fxToBase',
      'instruments',
      'dailyVolume',
      'exchangeRates',
      'whatIf',
    ]),
  })
  .map(
    ({
      multiplier,
      row,
      amounts: [net, funds, margin],
      held,
      volume,
      missing,
      contract,
      ...more
    }) => ({
      ...more,
      contract: { ...contract, ...(multiplier === null ? {} : { multiplier }) },
      portfolio: {
        netLiquidation: usd(net),
        availableFunds: usd(funds),
        initialMargin: usd(margin),
      },
      positions: [position(aapl, held)],
      facts: {
        instruments: known([{ ...instrument, ...row }]),
        dailyVolume: known({ average: volume, days: 20 }),
        ...Object.fromEntries(missing.map((name) => [name, gone])),
      },
    }),
  );

describe('the simulator', () => {
  const { terms: base } = gateCase();

  it('never throws, whatever the facts are', () => {
    fc.assert(
      fc.property(anyTerms(base), anyFacts, anyDecimal, (terms, change, quantity) => {
        const { facts } = gateCase(change);
        for (const asked of [terms, { ...terms, quantity }]) {
          const simulated = simulateOrder(asked, facts);
          if ('missing' in simulated) expect(simulated.missing).not.toBe('');
          exposureOf(asked, facts);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('more of it never counts for less, nor costs less', () => {
    const more = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(anyTerms(base), more, (terms, extra) => {
        const { facts } = gateCase();
        const less = simulateOrder(terms, facts);
        const quantity = d(dec(terms.quantity).plus(extra).toFixed());
        const greater = simulateOrder({ ...terms, quantity }, facts);
        if ('missing' in less || 'missing' in greater) return;
        for (const field of ['worstNotional', 'worstNotionalBase', 'commission', 'fees'] as const) {
          expect(dec(greater[field]).gte(less[field]), field).toBe(true);
        }
        expect(dec(greater.slippageBps).gte(less.slippageBps)).toBe(true);
      }),
    );
  });
});
