import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { d, type Change } from '../../gate-facts.ts';
import { isDenied, testRuleCases } from '../rule-cases.ts';

const before = (orders: number, messages: number, more: Change = {}): Change => ({
  ...more,
  ledger: {
    counters: { ordersToday: 500, ordersLastMinute: orders, messagesLastMinute: messages },
  },
});

testRuleCases('R17', [
  {
    name: 'a quiet minute',
    change: {},
    expect: {
      outcome: 'pass',
      observed: 'orders 1; messages 1',
      limit: 'orders 30; messages 60',
      share: '0.0334',
    },
  },
  { name: 'just under 80 % of the orders', change: before(22, 22), expect: { outcome: 'pass' } },
  {
    name: '80 % of the orders',
    change: before(23, 23),
    expect: { outcome: 'warn', observed: 'orders 24; messages 24', share: '0.8' },
  },
  {
    name: 'exactly at the limit of orders',
    change: before(29, 29),
    expect: { outcome: 'warn', share: '1' },
  },
  {
    name: 'one order above',
    change: before(30, 30),
    expect: { outcome: 'deny', observed: 'orders 31; messages 31' },
  },
  {
    name: 'exactly at the limit of messages',
    change: before(0, 59),
    expect: { outcome: 'warn', observed: 'orders 1; messages 60', share: '1' },
  },
  { name: 'one message above', change: before(0, 60), expect: { outcome: 'deny' } },
  {
    name: 'a loop of exits',
    change: before(30, 30, { terms: { side: 'SELL', quantity: d(1) } }),
    expect: { outcome: 'deny' },
  },
]);

describe('R17: property', () => {
  it('denies exactly above one of its limits; more messages never turn a denial into a pass', () => {
    fc.assert(
      fc.property(fc.nat(80), fc.nat(80), fc.nat(80), (orders, changes, more) => {
        const messages = orders + changes;
        expect(isDenied('R17', before(orders, messages))).toBe(orders >= 30 || messages >= 60);
        if (isDenied('R17', before(orders, messages))) {
          expect(isDenied('R17', before(orders, messages + more))).toBe(true);
        }
      }),
    );
  });
});
