import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { volatilitySize } from '../../../../src/domain/risk/rules/r09-volatility-size.ts';
import { aapl, d, gone, known, position, usd, working, type Change } from '../../gate-facts.ts';
import { isDenied, testRuleCases } from '../rule-cases.ts';

const none = { positions: [] };
const buy = (quantity: number, limitPrice: string | number = 200) => ({
  terms: { quantity: d(quantity), limitPrice: d(limitPrice) },
  ...none,
});
const limits = {
  ...({ enabled: true, limit: d('0.02'), source: 'close-to-close', fixed: 'off' } as const),
  ...({ minNotional: d(0), maxNotional: 'off' } as const),
};
const policy = (change: object) => ({ rules: { volatility_size: { ...limits, ...change } } });
/** 15.8745 % a year is exactly 1 % a day. */
const yearly = (closeToClose: string | null, more: object = {}) => ({
  facts: {
    volatility: known({
      ...{ closeToClose: closeToClose === null ? null : d(closeToClose), parkinson: null },
      ...{ implied: null, days: 60, ...more },
    }),
  },
});
const onePercent = yearly('0.158745');

// A net liquidation of 20 000 moves 2 % = 400 by 40 000 at 1 % a day: 200 shares at 200.
const small = { portfolio: { netLiquidation: usd(20_000), positions: [] } };

testRuleCases('R9', [
  {
    name: 'a small order of a calm instrument',
    change: { ...buy(5), ...onePercent },
    expect: { outcome: 'pass', observed: '0.0001', limit: '0.02', share: '0.0005' },
  },
  {
    name: 'just below 80 %',
    change: { ...buy(159), ...small, ...onePercent },
    expect: { outcome: 'pass', observed: '0.0159' },
  },
  {
    name: 'exactly 80 %',
    change: { ...buy(160), ...small, ...onePercent },
    expect: { outcome: 'warn', observed: '0.016', share: '0.8' },
  },
  {
    name: 'exactly at the limit',
    change: { ...buy(200), ...small, ...onePercent },
    expect: { outcome: 'warn', observed: '0.02', share: '1' },
  },
  {
    name: 'one share above: the answer names what would pass',
    change: { ...buy(201), ...small, ...onePercent },
    expect: { outcome: 'deny', observed: '0.0201, a notional of 40000 would pass' },
  },
  {
    name: 'what would pass is cut off at the cent',
    change: { ...buy(201), ...small, ...yearly('0.3') },
    expect: { outcome: 'deny', observed: '0.038, a notional of 21166 would pass' },
  },
  {
    name: 'a short sale counts with its size',
    change: { ...small, ...onePercent, terms: { side: 'SELL', quantity: d(201) } },
    expect: { outcome: 'deny' },
  },
  {
    name: 'the notional is in base currency',
    change: {
      ...buy(161),
      ...small,
      ...onePercent,
      fx: '1.25',
      contract: { currency: 'EUR' as never },
    },
    expect: { outcome: 'deny', observed: '0.0202, a notional of 40000 would pass' },
  },
  {
    name: 'Parkinson',
    change: {
      ...buy(201),
      ...small,
      ...yearly('0.01', { parkinson: d('0.158745') }),
      ...policy({ source: 'parkinson' }),
    },
    expect: { outcome: 'deny' },
  },
  {
    name: 'implied',
    change: {
      ...buy(201),
      ...small,
      ...yearly('0.01', { implied: d('0.158745') }),
      ...policy({ source: 'implied' }),
    },
    expect: { outcome: 'deny' },
  },
  {
    name: 'a fixed one needs no fact',
    change: {
      ...buy(201),
      ...small,
      facts: { volatility: gone },
      ...policy({ source: 'fixed', fixed: d('0.158745') }),
    },
    expect: { outcome: 'deny' },
  },
  {
    name: 'a fixed one, at the limit',
    change: {
      ...buy(200),
      ...small,
      facts: { volatility: gone },
      ...policy({ source: 'fixed', fixed: d('0.158745') }),
    },
    expect: { outcome: 'warn', observed: '0.02' },
  },
  {
    name: 'exactly the least notional',
    change: { ...buy(1, 100), ...onePercent, ...policy({ minNotional: d(100) }) },
    expect: { outcome: 'pass' },
  },
  {
    name: 'below the least notional',
    change: { ...buy(1, '99.99'), ...onePercent, ...policy({ minNotional: d(100) }) },
    expect: { outcome: 'deny', observed: 'notional 99.99', limit: 'at least 100', share: null },
  },
  {
    name: 'below the least notional where there is a largest one',
    change: {
      ...buy(1, '99.99'),
      ...onePercent,
      ...policy({ minNotional: d(100), maxNotional: d(50_000) }),
    },
    expect: { outcome: 'deny', limit: 'at least 100' },
  },
  {
    name: 'just below 80 % of the largest notional',
    change: { ...buy(199), ...onePercent, ...policy({ maxNotional: d(50_000) }) },
    expect: { outcome: 'pass' },
  },
  {
    name: '80 % of the largest notional',
    change: { ...buy(200), ...onePercent, ...policy({ maxNotional: d(50_000) }) },
    expect: { outcome: 'warn', observed: 'notional 40000', limit: 'at most 50000', share: '0.8' },
  },
  {
    name: 'exactly the largest notional',
    change: { ...buy(250), ...onePercent, ...policy({ maxNotional: d(50_000) }) },
    expect: { outcome: 'warn', observed: 'notional 50000', share: '1' },
  },
  {
    name: 'above the largest notional',
    change: { ...buy(251), ...onePercent, ...policy({ maxNotional: d(50_000) }) },
    expect: { outcome: 'deny', observed: 'notional 50200', limit: 'at most 50000' },
  },
  {
    name: 'an exit of any size',
    change: {
      ...onePercent,
      terms: { side: 'SELL', quantity: d(5000) },
      portfolio: { netLiquidation: usd(20_000), positions: [position(aapl, 5000)] },
    },
    expect: { outcome: 'pass', observed: 'exit', limit: 'none', share: null },
  },
  {
    name: 'an exit without a volatility',
    change: { terms: { side: 'SELL', quantity: d(40) }, facts: { volatility: gone } },
    expect: { outcome: 'pass', observed: 'exit' },
  },
  {
    name: 'too few days',
    change: yearly(null),
    expect: { outcome: 'cannot-evaluate', missing: 'volatility: no close-to-close one' },
  },
  {
    name: 'a volatility of zero is none',
    change: yearly('0'),
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'another source does not stand in',
    change: { ...yearly('0.2'), ...policy({ source: 'implied' }) },
    expect: { outcome: 'cannot-evaluate', missing: 'volatility: no implied one' },
  },
  {
    name: 'a fixed one that is not stated',
    change: policy({ source: 'fixed' }),
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'net liquidation of zero',
    change: { portfolio: { netLiquidation: usd(0) } },
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'switched off',
    change: policy({ enabled: false }),
    expect: { outcome: 'off' },
  },
  ...(['contract', 'portfolio', 'fxToBase', 'quote', 'volatility'] as const).map((name) => ({
    name: `no ${name}`,
    change: { facts: { [name]: gone } },
    expect: { outcome: 'cannot-evaluate', missing: `${name}: not there` } as const,
  })),
]);

describe('R9: limits', () => {
  const entry = {
    ...{ enabled: true, limit: '0.02', source: 'fixed', fixed: '0.30' },
    ...{ min_notional: '0', max_notional: '50000' },
  };
  const problem = (change: object): string | undefined =>
    volatilitySize.limits.safeParse({ ...entry, ...change }).error?.issues[0]?.path.join('.');

  it('are what the page says', () => {
    expect(problem({})).toBeUndefined();
    expect(problem({ source: 'implied', fixed: 'off', max_notional: 'off' })).toBeUndefined();
  });

  it('are refused where a fixed volatility is not stated, or is zero', () => {
    expect(problem({ fixed: 'off' })).toBe('fixed');
    expect(problem({ fixed: '0' })).toBe('fixed');
    expect(problem({ source: 'garch' })).toBe('source');
    expect(problem({ min_notional: '-1' })).toBe('min_notional');
  });
});

describe('R9: property', () => {
  const size = fc.integer({ min: 1, max: 3000 });
  const volatility = fc.integer({ min: 1, max: 300 }).map((n) => String(n / 100));

  it('raising the quantity never turns a denial into a pass', () => {
    fc.assert(
      fc.property(fc.boolean(), size, size, volatility, (buys, q, more, v) => {
        const denied = (quantity: number): boolean =>
          isDenied('R9', {
            terms: { side: buys ? 'BUY' : 'SELL', quantity: d(quantity) },
            ...small,
            ...yearly(v),
          });
        if (denied(q)) expect(denied(q + more)).toBe(true);
      }),
    );
  });

  it('a working order never turns a denial into a pass', () => {
    fc.assert(
      fc.property(fc.boolean(), size, size, volatility, (buys, q, live, v) => {
        const change: Change = { ...buy(q), ...small, ...yearly(v) };
        const workingOrders = [working(buys ? 'BUY' : 'SELL', live)];
        expect(isDenied('R9', { ...change, workingOrders })).toBe(isDenied('R9', change));
      }),
    );
  });

  it('names a notional that passes, and one cent more does not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), volatility, (cents, v) => {
        const notional = cents / 100;
        const passes = !isDenied('R9', { ...buy(1, notional), ...small, ...yearly(v) });
        const most = Math.floor((0.02 * 20_000 * 15.8745 * 100) / Number(v) + 1e-6);
        expect(passes).toBe(cents <= most);
      }),
    );
  });
});
