import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecentIntent } from '../../../../src/domain/risk/facts.ts';
import { d, emptyLedger, latch, other, recent, secondsAgo, type Change } from '../../gate-facts.ts';
import { isDenied, testRuleCases } from '../rule-cases.ts';

const exit = { side: 'SELL', quantity: d(40) } as const;
const sent = (count: number, more: Partial<RecentIntent> = {}): RecentIntent[] =>
  Array.from({ length: count }, (_, i) => recent({ at: secondsAgo(10 + i), ...more }));
const after = (...recentIntents: readonly RecentIntent[]): Change => ({
  ledger: { recentIntents },
});
const tagged = (strategyTag: string | null, recentIntents: readonly RecentIntent[]): Change => ({
  ledger: { recentIntents, agent: { ...emptyLedger.agent, strategyTag } },
});
const latched = (scope: string, more: Change = {}): Change => ({
  ...more,
  ledger: { latches: [latch({ rule: 'R16', scope, observed: '11', limit: '10' })], ...more.ledger },
});

testRuleCases('R16', [
  {
    name: 'nothing before it',
    change: {},
    expect: { outcome: 'pass', observed: '1', limit: '10', share: '0.1' },
  },
  { name: 'six before it', change: after(...sent(6)), expect: { outcome: 'pass', observed: '7' } },
  { name: 'seven: 80 %', change: after(...sent(7)), expect: { outcome: 'warn', observed: '8' } },
  {
    name: 'nine: exactly at the limit',
    change: after(...sent(9)),
    expect: { outcome: 'warn', observed: '10', share: '1', latch: null },
  },
  {
    name: 'ten: the eleventh latches',
    change: after(...sent(10)),
    expect: { outcome: 'deny', observed: '11', limit: '10', latch: '265598/BUY/-' },
  },
  {
    name: 'ten of a strategy latch that strategy',
    change: tagged('mean', sent(10, { strategyTag: 'mean' })),
    expect: { outcome: 'deny', latch: '265598/BUY/mean' },
  },
  {
    name: 'ten of another strategy',
    change: tagged('mean', sent(10, { strategyTag: 'trend' })),
    expect: { outcome: 'pass', observed: '1' },
  },
  {
    name: 'ten of no strategy',
    change: tagged('mean', sent(10)),
    expect: { outcome: 'pass', observed: '1' },
  },
  {
    name: 'ten of the other side',
    change: after(...sent(10, { side: 'SELL' })),
    expect: { outcome: 'pass', observed: '1' },
  },
  {
    name: 'ten of another instrument',
    change: after(...sent(10, { conId: other })),
    expect: { outcome: 'pass', observed: '1' },
  },
  {
    name: 'ten that were never sent',
    change: after(...sent(10, { wasSent: false })),
    expect: { outcome: 'pass', observed: '1' },
  },
  {
    name: 'ten at the very edge of the window',
    change: after(...sent(10, { at: secondsAgo(300) })),
    expect: { outcome: 'deny' },
  },
  {
    name: 'ten just out of the window',
    change: after(...sent(10, { at: secondsAgo(300.001) })),
    expect: { outcome: 'pass', observed: '1' },
  },
  {
    name: 'ten that differ in quantity and price count all the same',
    change: after(...sent(10).map((intent, i) => ({ ...intent, quantity: d(i + 1) }))),
    expect: { outcome: 'deny' },
  },
  {
    name: 'at the claim the window ends now, not when it was proposed',
    change: { ledger: { recentIntents: sent(10), proposedAt: secondsAgo(200) } },
    expect: { outcome: 'deny' },
  },
  {
    name: 'a list that ends before the window does hides what was sent',
    change: after(...sent(100, { wasSent: false, at: secondsAgo(20) })),
    expect: { outcome: 'cannot-evaluate', missing: 'more than 100 proposals in the window' },
  },
  {
    name: 'a full list that reaches beyond the window',
    change: after(...sent(99, { wasSent: false }), recent({ at: secondsAgo(301) })),
    expect: { outcome: 'pass' },
  },
  {
    name: 'an exit, however often',
    change: { ...after(...sent(20, { side: 'SELL' })), terms: exit },
    expect: { outcome: 'pass', observed: 'exit' },
  },
  {
    name: 'exits count for the order that is none',
    change: {
      ...after(...sent(10, { side: 'SELL' })),
      terms: { side: 'SELL', quantity: d(41) },
    },
    expect: { outcome: 'deny', latch: '265598/SELL/-' },
  },
  {
    name: 'latched, although the window is empty',
    change: latched('265598/BUY/-'),
    expect: {
      outcome: 'deny',
      observed: 'latched since 2026-11-24T14:00:00.000Z: 11',
      limit: '10',
      latch: null,
    },
  },
  {
    name: 'a latch of the other side',
    change: latched('265598/SELL/-'),
    expect: { outcome: 'pass' },
  },
  {
    name: 'a latch of another strategy',
    change: latched('265598/BUY/mean'),
    expect: { outcome: 'pass' },
  },
  {
    name: 'an exit while latched',
    change: latched('265598/SELL/-', { terms: exit }),
    expect: { outcome: 'pass' },
  },
]);

describe('R16: property', () => {
  it('one more that was sent never turns a denial into a pass, and a wider window never finds less', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(600), { maxLength: 30 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 500 }),
        fc.nat(100),
        (ages, count, window, wider) => {
          const denied = (seconds: readonly number[], windowSeconds: number): boolean =>
            isDenied('R16', {
              ...after(...seconds.map((age) => recent({ at: secondsAgo(age) }))),
              rules: { repeated_execution: { enabled: true, count, windowSeconds } },
            });
          expect(denied(ages, window)).toBe(ages.filter((age) => age <= window).length >= count);
          if (!denied(ages, window)) return;
          expect(denied([0, ...ages], window)).toBe(true);
          expect(denied(ages, window + wider)).toBe(true);
        },
      ),
    );
  });
});
