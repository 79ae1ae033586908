import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecimalText } from '../../../../src/domain/money/decimal.ts';
import type { Instant } from '../../../../src/domain/time/instant.ts';
import { d, gone, secondsAgo, type Change } from '../../gate-facts.ts';
import { isDenied, testRuleCases, type RuleCase } from '../rule-cases.ts';

const limit = (price: string, side: 'BUY' | 'SELL' = 'BUY') => ({
  terms: { side, limitPrice: d(price) },
});
const market = { terms: { orderType: 'MKT', limitPrice: null } } as const;

const typed = (terms: Change['terms'], more: Change = {}): Change => ({
  ...more,
  terms: { limitPrice: null, ...terms },
});
const stop = (price: number, more: Change['terms'] = {}): Change =>
  typed({ orderType: 'STP', stopPrice: d(price), ...more });
const stopLimit = (stopPrice: number, limitPrice: number): Change =>
  typed({ orderType: 'STP LMT', stopPrice: d(stopPrice), limitPrice: d(limitPrice) });
const sell = { side: 'SELL' } as const;

const otherTypes: readonly RuleCase[] = [
  {
    name: 'a stop far from the market, judged by the spread that it will pay',
    change: stop(150, sell),
    expect: { outcome: 'pass', observed: '10', limit: '50' },
  },
  {
    name: 'a stop at a wide spread',
    change: { ...stop(220), quote: { bid: d('199.49'), ask: d('200.51') } },
    expect: { outcome: 'deny', observed: '51' },
  },
  {
    name: 'a buy stop at the ask wakes at once, 5 bps from the mid',
    change: stop(200.1),
    expect: { outcome: 'warn', observed: '10, would trigger at once' },
  },
  { name: 'a buy stop a cent above it waits', change: stop(200.11), expect: { outcome: 'pass' } },
  {
    name: 'a sell stop above the market by exactly the limit',
    change: stop(202, sell),
    expect: { outcome: 'warn', observed: '10, would trigger at once' },
  },
  {
    name: 'a sell stop above the market by more',
    change: stop(202.01, sell),
    expect: { outcome: 'deny', observed: '100.5, would trigger at once', limit: '100' },
  },
  {
    name: 'a buy stop below the market by more',
    change: stop(197.99),
    expect: { outcome: 'deny', observed: '100.5, would trigger at once' },
  },
  {
    name: 'a limit exactly at the limit behind its stop',
    change: stopLimit(250, 252.5),
    expect: { outcome: 'warn', observed: '100', limit: '100' },
  },
  {
    name: 'a limit a cent farther behind its stop',
    change: stopLimit(250, 252.51),
    expect: { outcome: 'deny', observed: '100.4' },
  },
  {
    name: 'a trail, judged by the spread',
    change: typed({ orderType: 'TRAIL', trailingPercent: d(20), ...sell }),
    expect: { outcome: 'pass', observed: '10', limit: '50' },
  },
  {
    name: 'a trail that starts beyond the market',
    change: typed({ orderType: 'TRAIL', trailingAmount: d(1), stopPrice: d(201), ...sell }),
    expect: { outcome: 'warn', observed: '10, would trigger at once' },
  },
  {
    name: 'a trail as wide as the price',
    change: typed({ orderType: 'TRAIL', trailingAmount: d(200), ...sell }),
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'an offset exactly at the limit behind the stop of a trail',
    change: typed({
      ...{ orderType: 'TRAIL LIMIT', trailingAmount: d(10), stopPrice: d(195), ...sell },
      limitOffset: d('1.95'),
    }),
    expect: { outcome: 'warn', observed: '100' },
  },
  {
    name: 'a cent more',
    change: typed({
      ...{ orderType: 'TRAIL LIMIT', trailingAmount: d(10), stopPrice: d(195), ...sell },
      limitOffset: d('1.96'),
    }),
    expect: { outcome: 'deny' },
  },
  { name: 'LOC at the mid', change: { terms: { orderType: 'LOC' } }, expect: { outcome: 'pass' } },
  {
    name: 'LOC a cent too high',
    change: { terms: { orderType: 'LOC', limitPrice: d('202.01') } },
    expect: { outcome: 'deny', observed: '100.5' },
  },
  {
    name: 'MOC where the last trade is exactly at the limit from the mid',
    change: typed({ orderType: 'MOC' }, { quote: { last: d(202) } }),
    expect: { outcome: 'warn', observed: '100', limit: '100' },
  },
  {
    name: 'MOC where it is a cent farther',
    change: typed({ orderType: 'MOC' }, { quote: { last: d('202.01') } }),
    expect: { outcome: 'deny' },
  },
  {
    name: 'MOO without a last trade',
    change: typed({ orderType: 'MOO', tif: 'OPG' }, { quote: { last: null } }),
    expect: { outcome: 'cannot-evaluate', missing: 'the quote has no last price' },
  },
];

// 100 bps of a mid of 200 are 2.00.
testRuleCases('R14', [
  { name: 'at the mid', change: limit('200'), expect: { outcome: 'pass', observed: '0' } },
  { name: 'just below 80 %', change: limit('201.59'), expect: { outcome: 'pass' } },
  { name: 'exactly 80 % above the mid', change: limit('201.6'), expect: { outcome: 'warn' } },
  {
    name: 'exactly at the limit, above',
    change: limit('202'),
    expect: { outcome: 'warn', observed: '100', limit: '100', share: '1' },
  },
  { name: 'exactly at the limit, below', change: limit('198'), expect: { outcome: 'warn' } },
  {
    name: 'a cent too high',
    change: limit('202.01'),
    expect: { outcome: 'deny', observed: '100.5' },
  },
  { name: 'a cent too low', change: limit('197.99'), expect: { outcome: 'deny' } },
  { name: 'a sell a cent too low', change: limit('197.99', 'SELL'), expect: { outcome: 'deny' } },
  {
    name: 'a zero too many',
    change: limit('2000'),
    expect: { outcome: 'deny', observed: '90000' },
  },
  {
    name: 'a market order at a spread of 10 bps',
    change: market,
    expect: { outcome: 'pass', observed: '10', limit: '50' },
  },
  {
    name: 'a market order at exactly the widest spread',
    change: { ...market, quote: { bid: d('199.5'), ask: d('200.5') } },
    expect: { outcome: 'warn', observed: '50' },
  },
  {
    name: 'a market order at a wider spread',
    change: { ...market, quote: { bid: d('199.49'), ask: d('200.51') } },
    expect: { outcome: 'deny', observed: '51' },
  },
  {
    name: 'a locked quote',
    change: { ...market, quote: { bid: d(200), ask: d(200) } },
    expect: { outcome: 'pass', observed: '0' },
  },
  {
    name: 'a quote exactly as old as allowed',
    change: { quote: { receivedAt: secondsAgo(5) } },
    expect: { outcome: 'pass' },
  },
  {
    name: 'a quote a millisecond older',
    change: { quote: { receivedAt: secondsAgo(5.001) } },
    expect: { outcome: 'deny', observed: 'quote 5001 ms old', limit: '5000 ms' },
  },
  {
    name: 'a quote a little ahead of the database clock',
    change: { quote: { receivedAt: secondsAgo(-1) } },
    expect: { outcome: 'pass' },
  },
  {
    name: 'a quote from the future',
    change: { quote: { receivedAt: secondsAgo(-60) } },
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'a moment that is none',
    change: { quote: { receivedAt: 'yesterday' as Instant } },
    expect: { outcome: 'cannot-evaluate' },
  },
  { name: 'no bid', change: { quote: { bid: null } }, expect: { outcome: 'cannot-evaluate' } },
  { name: 'no ask', change: { quote: { ask: null } }, expect: { outcome: 'cannot-evaluate' } },
  {
    name: 'a bid of zero',
    change: { quote: { bid: d(0) } },
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'a bid of -1, IBKR for none',
    change: { quote: { bid: d(-1) } },
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'a price that is no number',
    change: { quote: { ask: 'NaN' as DecimalText } },
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'a crossed quote',
    change: { quote: { bid: d('200.2') } },
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'a halt',
    change: { quote: { halted: true } },
    expect: { outcome: 'deny', observed: 'halted' },
  },
  ...(['delayed', 'frozen', 'delayed-frozen'] as const).map((kind) => ({
    name: `a ${kind} quote`,
    change: { quote: { kind } },
    expect: { outcome: 'deny', observed: `${kind} quote`, limit: 'live' } as const,
  })),
  {
    name: 'a delayed quote where the policy allows it',
    change: {
      quote: { kind: 'delayed' },
      rules: {
        price_collar: {
          enabled: true,
          limitBps: d(100),
          maxSpreadBps: d(50),
          allowedQuoteKinds: ['live', 'delayed'],
        },
      },
    },
    expect: { outcome: 'pass' },
  },
  ...otherTypes,
  {
    name: 'no quote',
    change: { facts: { quote: gone } },
    expect: { outcome: 'cannot-evaluate', missing: 'quote: not there' },
  },
]);

describe('R14: property', () => {
  it('is symmetric around the mid and never forgives a larger distance', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(1000), (cents, more) => {
        const denied = (n: number): boolean => isDenied('R14', limit(String((20_000 + n) / 100)));
        expect(denied(cents)).toBe(cents > 200);
        expect(denied(-cents)).toBe(cents > 200);
        if (denied(cents)) expect(denied(cents + more)).toBe(true);
      }),
    );
  });
});
