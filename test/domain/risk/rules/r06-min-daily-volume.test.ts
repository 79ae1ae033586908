import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderableSecTypes } from '../../../../src/domain/instrument/contract.ts';
import { aapl, d, gone, known, position, working } from '../../gate-facts.ts';
import { isDenied, testRuleCases } from '../rule-cases.ts';

const volume = (average: number | string) => ({
  facts: { dailyVolume: known({ average: d(average), days: 20 }) },
});
const buy = (quantity: number | string) => ({ terms: { quantity: d(quantity) } });
const limits = {
  ...{ STK: d(100_000), OPT: d(1000), FUT: d(1000) },
  ...({ CASH: 'off', CRYPTO: 'off', BOND: 'off' } as const),
};
const off = { enabled: true, limits, maxShareOfVolume: 'off' } as const;

testRuleCases('R6', [
  {
    name: 'a liquid instrument',
    change: {},
    expect: { outcome: 'pass', observed: '50000000', limit: '100000', share: '0.002' },
  },
  {
    name: 'just above 125 % of the floor',
    change: volume(125_001),
    expect: { outcome: 'pass', observed: '125001', share: '0.8' },
  },
  {
    name: 'at 125 % of the floor',
    change: volume(125_000),
    expect: { outcome: 'warn', share: '0.8' },
  },
  {
    name: 'exactly at the floor',
    change: volume(100_000),
    expect: { outcome: 'warn', observed: '100000', share: '1' },
  },
  {
    name: 'just below the floor',
    change: volume('99999.9'),
    expect: { outcome: 'deny', observed: '99999.9', limit: '100000', share: '1.0001' },
  },
  {
    name: 'no trade at all',
    change: volume(0),
    expect: { outcome: 'deny', observed: '0', share: null },
  },
  {
    name: 'an order just below 80 % of its share of the volume',
    change: { ...buy(1599), ...volume(200_000) },
    expect: { outcome: 'pass', observed: '200000' },
  },
  {
    name: 'an order at 80 % of its share of the volume',
    change: { ...buy(1600), ...volume(200_000) },
    expect: {
      outcome: 'warn',
      observed: 'order is 0.008 of 200000',
      limit: '0.01 of the daily volume',
      share: '0.8',
    },
  },
  {
    name: 'an order exactly at its share of the volume',
    change: { ...buy(2000), ...volume(200_000) },
    expect: { outcome: 'warn', observed: 'order is 0.01 of 200000', share: '1' },
  },
  {
    name: 'one share more',
    change: { ...buy(2001), ...volume(200_000) },
    expect: { outcome: 'deny', observed: 'order is 0.010005 of 200000', share: '1.0005' },
  },
  {
    name: 'a short sale counts with its size',
    change: {
      terms: { side: 'SELL', quantity: d(2001) },
      positions: [],
      ...volume(200_000),
    },
    expect: { outcome: 'deny' },
  },
  {
    name: 'below both: the floor is named',
    change: { ...buy(5000), ...volume(99_999) },
    expect: { outcome: 'deny', observed: '99999' },
  },
  {
    name: 'no limit on the share of the volume',
    change: { ...buy(200_000), ...volume(200_000), rules: { min_daily_volume: off } },
    expect: { outcome: 'pass', observed: '200000' },
  },
  {
    name: 'a share of zero lets nothing through',
    change: { rules: { min_daily_volume: { ...off, maxShareOfVolume: d(0) } } },
    expect: { outcome: 'deny', share: null },
  },
  {
    name: 'an exit from an instrument that has stopped trading',
    change: { terms: { side: 'SELL', quantity: d(40) }, ...volume(0) },
    expect: { outcome: 'pass', observed: 'exit', limit: 'none', share: null },
  },
  {
    name: 'an exit without a known volume',
    change: { terms: { side: 'SELL', quantity: d(40) }, facts: { dailyVolume: gone } },
    expect: { outcome: 'pass', observed: 'exit' },
  },
  {
    name: 'an exit that flips together with a sell that works',
    change: {
      terms: { side: 'SELL', quantity: d(40) },
      workingOrders: [working('SELL', 1)],
      ...volume(0),
    },
    expect: { outcome: 'deny' },
  },
  ...(['CASH', 'CRYPTO', 'BOND'] as const).map((secType) => ({
    name: `${secType} has no volume to compare, and the verdict says so`,
    change: { contract: { secType }, facts: { dailyVolume: gone } },
    expect: {
      outcome: 'pass',
      observed: `${secType} is exempt`,
      limit: 'off',
      share: null,
    } as const,
  })),
  {
    name: 'each type has its own floor',
    change: { contract: { secType: 'OPT' as const }, ...volume(999) },
    expect: { outcome: 'deny', limit: '1000' },
  },
  {
    name: 'a type without a limit',
    change: { contract: { secType: 'IND' as const } },
    expect: { outcome: 'cannot-evaluate', missing: 'a limit for IND' },
  },
  {
    name: 'switched off',
    change: { ...volume(0), rules: { min_daily_volume: { ...off, enabled: false } } },
    expect: { outcome: 'off' },
  },
  {
    name: 'a volume below zero',
    change: volume(-1),
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'no volume',
    change: { facts: { dailyVolume: gone } },
    expect: { outcome: 'cannot-evaluate', missing: 'dailyVolume: not there' },
  },
  {
    name: 'no contract',
    change: { facts: { contract: gone } },
    expect: { outcome: 'cannot-evaluate', missing: 'contract: not there' },
  },
]);

describe('R6: property', () => {
  const size = fc.integer({ min: 1, max: 3000 });
  const average = fc.integer({ min: 0, max: 400_000 });

  it('raising the quantity never turns a denial into a pass', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        size,
        fc.nat(3000),
        average,
        fc.nat(2000),
        (isBuy, q, more, v, held) => {
          const denied = (quantity: number): boolean =>
            isDenied('R6', {
              terms: { side: isBuy ? 'BUY' : 'SELL', quantity: d(quantity) },
              positions: held === 0 ? [] : [position(aapl, held)],
              ...volume(v),
            });
          if (denied(q)) expect(denied(q + more)).toBe(true);
        },
      ),
    );
  });

  it('a working order never turns a denial into a pass', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        size,
        average,
        fc.boolean(),
        size,
        (isBuy, q, v, isLiveBuy, live) => {
          const change = {
            terms: { side: isBuy ? 'BUY' : 'SELL', quantity: d(q) } as const,
            positions: [position(aapl, 1000)],
            ...volume(v),
          };
          const workingOrders = [working(isLiveBuy ? 'BUY' : 'SELL', live)];
          if (isDenied('R6', change)) {
            expect(isDenied('R6', { ...change, workingOrders })).toBe(true);
          }
        },
      ),
    );
  });

  it('more volume never turns a pass into a denial, in any type', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...orderableSecTypes),
        size,
        average,
        average,
        (t, q, v, more) => {
          const denied = (of: number): boolean =>
            isDenied('R6', { ...buy(q), contract: { secType: t }, ...volume(of) });
          if (!denied(v)) expect(denied(v + more)).toBe(false);
        },
      ),
    );
  });
});
