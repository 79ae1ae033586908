import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aapl, d, gone, position, usd, working, type Change } from '../../gate-facts.ts';
import { isDenied, testRuleCases, type RuleCase } from '../rule-cases.ts';

const limit = (price: number | string) => ({ limitPrice: d(price) });
const market = { orderType: 'MKT', limitPrice: null } as const;
const sell = { side: 'SELL' } as const;
const spread = (bid: number | string, ask: number | string) => ({ bid: d(bid), ask: d(ask) });
const none = { positions: [] };

// Mid 200, limit 50 bps: 1.00.
const within = (change: Change): Change => ({
  rules: { max_slippage: { enabled: true, limitBps: d(50) } },
  ...change,
});
const cases: readonly RuleCase[] = [
  {
    name: 'a limit at the mid costs nothing',
    change: {},
    expect: { outcome: 'pass', observed: '0', limit: '50', share: '0' },
  },
  {
    name: 'a limit that rests below the market would be better than the mid',
    change: { terms: limit(199) },
    expect: { outcome: 'pass', observed: '0' },
  },
  {
    name: 'a limit that fills at once may fill at the limit',
    change: { terms: limit('200.5') },
    expect: { outcome: 'pass', observed: '25' },
  },
  {
    name: 'a buy limit just below 80 %',
    change: { terms: limit('200.79') },
    expect: { outcome: 'pass', observed: '39.5' },
  },
  {
    name: 'a buy limit at 80 %',
    change: { terms: limit('200.8') },
    expect: { outcome: 'warn', observed: '40', share: '0.8' },
  },
  {
    name: 'a buy limit exactly at the limit',
    change: { terms: limit(201) },
    expect: { outcome: 'warn', observed: '50', share: '1' },
  },
  {
    name: 'a buy limit one cent above',
    change: { terms: limit('201.01') },
    expect: { outcome: 'deny', observed: '50.5' },
  },
  {
    name: 'a short sale exactly at the limit',
    change: { terms: { ...sell, ...limit(199) }, ...none },
    expect: { outcome: 'warn', observed: '50' },
  },
  {
    name: 'a short sale one cent below',
    change: { terms: { ...sell, ...limit('198.99') }, ...none },
    expect: { outcome: 'deny', observed: '50.5' },
  },
  {
    name: 'a sell limit above the market',
    change: { terms: { ...sell, ...limit(205) }, ...none },
    expect: { outcome: 'pass', observed: '0' },
  },
  {
    name: 'a market order above the mid by half a spread beyond the limit',
    change: { terms: market, quote: spread('198.9', '201.1') },
    expect: { outcome: 'deny' },
  },
  {
    name: 'a limit behind its stop, by the distance to the stop: exactly at the limit',
    change: { terms: { orderType: 'STP LMT', stopPrice: d(240), limitPrice: d('241.2') } },
    expect: { outcome: 'warn', observed: '50' },
  },
  {
    name: 'a limit behind its stop, above',
    change: { terms: { orderType: 'STP LMT', stopPrice: d(240), limitPrice: d('241.21') } },
    expect: { outcome: 'deny', observed: '50.42' },
  },
  {
    name: 'the limit of an auction is not what it pays',
    change: { terms: { orderType: 'LOC', ...limit('200.1') } },
    expect: { outcome: 'pass' },
  },
  {
    name: 'an exit far below the market only warns',
    change: { terms: { ...sell, quantity: d(40), ...limit('198.99') } },
    expect: { outcome: 'warn', observed: '50.5' },
  },
  {
    name: 'an exit within the limit',
    change: { terms: { ...sell, quantity: d(40), ...limit('199.9') } },
    expect: { outcome: 'pass', observed: '5' },
  },
  {
    name: 'an exit of which the cost is not known only warns',
    change: { terms: { ...sell, quantity: d(40) }, facts: { quote: gone } },
    expect: { outcome: 'warn', observed: 'not known: quote: not there' },
  },
  {
    name: 'a sell that would flip the position is no exit',
    change: { terms: { ...sell, quantity: d(41), ...limit('198.99') } },
    expect: { outcome: 'deny' },
  },
  {
    name: 'a limit of zero, an order that costs nothing',
    change: { rules: { max_slippage: { enabled: true, limitBps: d(0) } } },
    expect: { outcome: 'pass', observed: '0', share: null },
  },
  {
    name: 'a limit of zero, an order that costs a little',
    change: {
      terms: limit('200.01'),
      rules: { max_slippage: { enabled: true, limitBps: d(0) } },
    },
    expect: { outcome: 'deny', observed: '0.5', share: null },
  },
  {
    name: 'switched off',
    change: { terms: limit(210), rules: { max_slippage: { enabled: false, limitBps: d(50) } } },
    expect: { outcome: 'off' },
  },
  {
    name: 'a quote without a side',
    change: { quote: { ask: null } },
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'net liquidation of zero',
    change: { portfolio: { netLiquidation: usd(0) } },
    expect: { outcome: 'cannot-evaluate' },
  },
  ...(['contract', 'portfolio', 'fxToBase', 'quote'] as const).map((name) => ({
    name: `no ${name}`,
    change: { facts: { [name]: gone } },
    expect: { outcome: 'cannot-evaluate', missing: `${name}: not there` } as const,
  })),
];
const limited = cases.map((row) => ({ ...row, change: within(row.change) }));
testRuleCases('R4', limited);

describe('R4: property', () => {
  const size = fc.integer({ min: 1, max: 5000 });
  const cents = fc.integer({ min: 19_500, max: 20_500 });

  it('raising the quantity never turns a denial into a pass', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), cents, size, size, (isBuy, isMarket, at, q, more) => {
        const denied = (quantity: number): boolean =>
          isDenied('R4', {
            terms: {
              ...(isMarket ? market : limit(at / 100)),
              side: isBuy ? 'BUY' : 'SELL',
              quantity: d(quantity),
            },
            quote: spread('199', '201'),
            positions: [position(aapl, 100)],
          });
        if (denied(q)) expect(denied(q + more)).toBe(true);
      }),
    );
  });

  it('a working order never turns a denial into a pass', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        cents,
        size,
        fc.boolean(),
        size,
        (isBuy, at, q, isLiveBuy, live) => {
          const change = {
            terms: { ...limit(at / 100), side: isBuy ? 'BUY' : 'SELL', quantity: d(q) } as const,
            positions: [position(aapl, 1000)],
          };
          const workingOrders = [working(isLiveBuy ? 'BUY' : 'SELL', live)];
          if (isDenied('R4', change)) {
            expect(isDenied('R4', { ...change, workingOrders })).toBe(true);
          }
        },
      ),
    );
  });

  it('a limit that reaches further into the market never turns a denial into a pass', () => {
    fc.assert(
      fc.property(cents, fc.nat(500), (at, further) => {
        const denied = (price: number): boolean => isDenied('R4', { terms: limit(price / 100) });
        if (denied(at)) expect(denied(at + further)).toBe(true);
      }),
    );
  });
});
