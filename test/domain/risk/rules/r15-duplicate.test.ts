import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecentIntent } from '../../../../src/domain/risk/facts.ts';
import { d, other, recent, secondsAgo, type Change } from '../../gate-facts.ts';
import { isDenied, testRuleCases } from '../rule-cases.ts';

const after = (...recentIntents: RecentIntent[]) => ({ ledger: { recentIntents } });

/** A stop at 180 after an order with these prices. */
const stopAfter = (prices: Partial<RecentIntent>): Change => ({
  ...after(recent({ limitPrice: null, ...prices })),
  terms: { orderType: 'STP', limitPrice: null, stopPrice: d(180) },
});

testRuleCases('R15', [
  { name: 'nothing before', change: {}, expect: { outcome: 'pass', observed: '0', limit: '0' } },
  {
    name: 'the same ten seconds ago',
    change: after(recent()),
    expect: { outcome: 'deny', observed: '1' },
  },
  {
    name: 'three of the same',
    change: after(recent(), recent(), recent()),
    expect: { outcome: 'deny', observed: '3' },
  },
  {
    name: 'exactly at the edge of the window',
    change: after(recent({ at: secondsAgo(60) })),
    expect: { outcome: 'deny' },
  },
  {
    name: 'a millisecond outside the window',
    change: after(recent({ at: secondsAgo(60.001) })),
    expect: { outcome: 'pass' },
  },
  {
    name: 'the same number written differently',
    change: after(recent({ quantity: '5.0' as never, limitPrice: '200.00' as never })),
    expect: { outcome: 'deny' },
  },
  {
    name: 'another quantity',
    change: after(recent({ quantity: d(6) })),
    expect: { outcome: 'pass' },
  },
  {
    name: 'another price',
    change: after(recent({ limitPrice: d(201) })),
    expect: { outcome: 'pass' },
  },
  { name: 'another side', change: after(recent({ side: 'SELL' })), expect: { outcome: 'pass' } },
  {
    name: 'another contract',
    change: after(recent({ conId: other })),
    expect: { outcome: 'pass' },
  },
  {
    name: 'a market order is not like a limit order',
    change: after(recent({ limitPrice: null })),
    expect: { outcome: 'pass' },
  },
  {
    name: 'two market orders',
    change: {
      ...after(recent({ limitPrice: null })),
      terms: { orderType: 'MKT', limitPrice: null },
    },
    expect: { outcome: 'deny' },
  },
  {
    name: 'the same stop, written differently',
    change: stopAfter({ stopPrice: '180.00' as never }),
    expect: { outcome: 'deny' },
  },
  {
    name: 'another stop',
    change: stopAfter({ stopPrice: d(181) }),
    expect: { outcome: 'pass' },
  },
  {
    name: 'a trail is not like a stop',
    change: stopAfter({ trailingPercent: d(2) }),
    expect: { outcome: 'pass' },
  },
  {
    name: 'an instant ahead of the clock counts for a new proposal',
    change: after(recent({ at: secondsAgo(-2) })),
    expect: { outcome: 'deny' },
  },
  {
    name: 'a hundred others in the window may hide one: the list ends there',
    change: after(...Array.from({ length: 100 }, () => recent({ quantity: d(6) }))),
    expect: { outcome: 'cannot-evaluate', missing: 'more than 100 proposals in the window' },
  },
  {
    name: 'a hundred others that reach beyond the window hide none',
    change: after(
      ...Array.from({ length: 99 }, () => recent({ quantity: d(6) })),
      recent({ quantity: d(6), at: secondsAgo(61) }),
    ),
    expect: { outcome: 'pass' },
  },
  {
    name: 'at the claim, a later look-alike does not count against the first',
    change: { ledger: { proposedAt: secondsAgo(20), recentIntents: [recent()] } },
    expect: { outcome: 'pass' },
  },
  {
    name: 'at the claim, an earlier look-alike still counts',
    change: {
      ledger: { proposedAt: secondsAgo(20), recentIntents: [recent({ at: secondsAgo(70) })] },
    },
    expect: { outcome: 'deny' },
  },
]);

describe('R15: property', () => {
  it('a wider window never finds less', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(200), { maxLength: 10 }),
        fc.integer({ min: 1, max: 100 }),
        fc.nat(100),
        (ages, window, wider) => {
          const recentIntents = ages.map((age) => recent({ at: secondsAgo(age) }));
          const denied = (windowSeconds: number): boolean =>
            isDenied('R15', {
              ledger: { recentIntents },
              rules: { duplicate: { enabled: true, windowSeconds } },
            });
          expect(denied(window)).toBe(ages.some((age) => age <= window));
          if (denied(window)) expect(denied(window + wider)).toBe(true);
        },
      ),
    );
  });
});
