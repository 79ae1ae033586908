import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderConstraints } from '../../../../src/domain/order/intent.ts';
import { instantFromEpochMs } from '../../../../src/domain/time/instant.ts';
import { d, gone, known, now, secondsAgo, type Change } from '../../gate-facts.ts';
import { isDenied, testRuleCases } from '../rule-cases.ts';

const none: OrderConstraints = {
  maxSlippageBps: null,
  maxNotional: null,
  minDailyVolume: null,
  notBefore: null,
  notAfter: null,
};
const asking = (constraints: Partial<OrderConstraints>, more: Change = {}): Change => ({
  ...more,
  terms: { ...more.terms, constraints: { ...none, ...constraints } },
});
/** Its slippage against the mid of 200 is what the spread costs: 5 bps and more. */
const market = { terms: { orderType: 'MKT', limitPrice: null } } as const;
const traded = (average: string | number): Change => ({
  facts: { dailyVolume: known({ average: d(average), days: 20 }) },
});

testRuleCases('R21', [
  {
    name: 'nothing asked',
    change: {},
    expect: { outcome: 'pass', observed: 'nothing asked', limit: 'none', share: null },
  },
  {
    name: 'every limit left out',
    change: asking({}),
    expect: { outcome: 'pass', observed: 'nothing asked' },
  },
  {
    name: 'exactly the notional',
    change: asking({ maxNotional: d(1000) }),
    expect: { outcome: 'warn', observed: 'notional 1000', limit: 'notional 1000', share: '1' },
  },
  {
    name: 'exactly 80 % of the notional',
    change: asking({ maxNotional: d(1250) }),
    expect: { outcome: 'warn', share: '0.8' },
  },
  {
    name: 'less than that',
    change: asking({ maxNotional: d('1250.01') }),
    expect: { outcome: 'pass' },
  },
  {
    name: 'a cent too much',
    change: asking({ maxNotional: d('999.99') }),
    expect: { outcome: 'deny' },
  },
  {
    name: 'little slippage',
    change: asking({ maxSlippageBps: d(50) }, market),
    expect: { outcome: 'pass', observed: /^slippage bps / },
  },
  {
    name: 'too much slippage',
    change: asking({ maxSlippageBps: d(1) }, market),
    expect: { outcome: 'deny' },
  },
  {
    name: 'a price that is better than the reference is no slippage',
    change: asking({ maxSlippageBps: d(0) }, { terms: { limitPrice: d(199) } }),
    expect: { outcome: 'pass', observed: 'slippage bps 0' },
  },
  {
    name: 'exactly the daily volume',
    change: asking({ minDailyVolume: d(1_000_000) }, traded(1_000_000)),
    expect: { outcome: 'warn', observed: 'daily volume 1000000', share: '1' },
  },
  {
    name: 'exactly 125 % of the daily volume',
    change: asking({ minDailyVolume: d(1_000_000) }, traded(1_250_000)),
    expect: { outcome: 'warn', share: '0.8' },
  },
  {
    name: 'more than that',
    change: asking({ minDailyVolume: d(1_000_000) }, traded(1_250_001)),
    expect: { outcome: 'pass' },
  },
  {
    name: 'a unit less',
    change: asking({ minDailyVolume: d(1_000_000) }, traded(999_999)),
    expect: { outcome: 'deny' },
  },
  {
    name: 'nothing traded',
    change: asking({ minDailyVolume: d(1) }, traded(0)),
    expect: { outcome: 'deny' },
  },
  {
    name: 'both ends of the window are now',
    change: asking({ notBefore: now, notAfter: now }),
    expect: {
      outcome: 'pass',
      observed: `market time ${now}`,
      limit: `market time from ${now} until ${now}`,
    },
  },
  {
    name: 'a millisecond too early',
    change: asking({ notBefore: secondsAgo(-0.001) }),
    expect: { outcome: 'deny' },
  },
  {
    name: 'a millisecond too late',
    change: asking({ notAfter: secondsAgo(0.001) }),
    expect: { outcome: 'deny', limit: 'market time until 2026-11-24T14:59:59.999Z' },
  },
  {
    name: "the market's clock counts, not the ledger's",
    change: {
      ...asking({ notAfter: now }),
      ledger: { now: secondsAgo(-3) },
    },
    expect: { outcome: 'pass' },
  },
  {
    name: 'several at once: the worst wins and each is named',
    change: asking({ maxNotional: d(500), minDailyVolume: d(10), notAfter: now }),
    expect: {
      outcome: 'deny',
      observed: `notional 1000; daily volume 50000000; market time ${now}`,
      share: '2',
    },
  },
  {
    name: 'an exit is held to it too',
    change: asking({ maxNotional: d(500) }, { terms: { side: 'SELL', quantity: d(40) } }),
    expect: { outcome: 'deny' },
  },
  {
    name: 'no volume where it was asked for',
    change: asking({ minDailyVolume: d(1) }, { facts: { dailyVolume: gone } }),
    expect: { outcome: 'cannot-evaluate', missing: 'daily volume: not there' },
  },
  {
    name: 'no volume where it was not',
    change: asking({ maxNotional: d(5000) }, { facts: { dailyVolume: gone } }),
    expect: { outcome: 'pass' },
  },
  {
    name: 'no volume, and too much notional: the denial says more',
    change: asking({ minDailyVolume: d(1), maxNotional: d(1) }, { facts: { dailyVolume: gone } }),
    expect: { outcome: 'deny', observed: 'notional 1000; daily volume not known' },
  },
  {
    name: 'no market time',
    change: asking({ notAfter: now }, { facts: { marketTime: gone } }),
    expect: { outcome: 'cannot-evaluate', missing: 'market time: not there' },
  },
  {
    name: 'no quote',
    change: asking({ maxSlippageBps: d(1), maxNotional: d(1) }, { facts: { quote: gone } }),
    expect: { outcome: 'cannot-evaluate', missing: /^slippage bps: .*; notional: / },
  },
]);

describe('R21: property', () => {
  it('asking for more never allows more', () => {
    const moment = fc
      .integer({ min: -100, max: 100 })
      .map((seconds) => instantFromEpochMs(Date.parse(now) + seconds * 1000));
    const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
    const constraints = fc.record({
      maxSlippageBps: optional(fc.nat(20).map(d)),
      maxNotional: optional(fc.nat(2000).map(d)),
      minDailyVolume: optional(fc.integer({ min: 1, max: 100_000_000 }).map(d)),
      notBefore: optional(moment),
      notAfter: optional(moment),
    });
    fc.assert(
      fc.property(constraints, fc.constantFrom(...Object.keys(none)), (all, left) => {
        const denied = (asked: Partial<OrderConstraints>): boolean =>
          isDenied('R21', asking(asked, market));
        if (denied({ ...all, [left]: null })) expect(denied(all)).toBe(true);
      }),
    );
  });
});
