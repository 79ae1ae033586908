import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IntentId } from '../../../../src/domain/ids.ts';
import { d, emptyLedger, gone, other, reservation, working } from '../../gate-facts.ts';
import { isDenied, testRuleCases } from '../rule-cases.ts';

const today = (ordersToday: number, waiting = 0) => ({
  ledger: {
    counters: { ...emptyLedger.counters, ordersToday },
    reservations: Array.from({ length: waiting }, (_, n) =>
      reservation('BUY', 1, { intentId: `int_${n}` as IntentId }),
    ),
  },
});

testRuleCases('R7', [
  {
    name: 'the first of the day counts itself',
    change: {},
    expect: { outcome: 'pass', observed: '1', limit: '50', share: '0.02' },
  },
  { name: 'just below 80 %', change: today(38), expect: { outcome: 'pass', observed: '39' } },
  {
    name: 'at 80 %',
    change: today(39),
    expect: { outcome: 'warn', observed: '40', share: '0.8' },
  },
  {
    name: 'the last one that is allowed',
    change: today(49),
    expect: { outcome: 'warn', observed: '50', share: '1' },
  },
  { name: 'one more', change: today(50), expect: { outcome: 'deny', observed: '51' } },
  {
    name: 'orders that wait for approval count',
    change: today(20, 29),
    expect: { outcome: 'warn', observed: '50' },
  },
  {
    name: 'one more than the waiting ones leave',
    change: today(20, 30),
    expect: { outcome: 'deny', observed: '51' },
  },
  {
    name: 'waiting orders of other instruments and of the other side count as well',
    change: {
      ledger: {
        reservations: [reservation('SELL', 1, { conId: other }), reservation('BUY', 1)],
      },
    },
    expect: { outcome: 'pass', observed: '3' },
  },
  {
    name: 'a live order does not make room for one that waits',
    change: {
      ...today(49, 1),
      workingOrders: [working('BUY', 1, { orderRef: 'int_0' })],
    },
    expect: { outcome: 'deny', observed: '51' },
  },
  {
    name: 'a short sale',
    change: { ...today(50), terms: { side: 'SELL', quantity: d(5) }, positions: [] },
    expect: { outcome: 'deny' },
  },
  {
    name: 'an exit after too many orders',
    change: { ...today(500), terms: { side: 'SELL', quantity: d(40) } },
    expect: { outcome: 'pass', observed: 'exit', limit: 'none', share: null },
  },
  {
    name: 'a limit of zero lets nothing through',
    change: { rules: { daily_trade_count: { enabled: true, limit: 0 } } },
    expect: { outcome: 'deny', observed: '1', share: null },
  },
  {
    name: 'switched off',
    change: { ...today(500), rules: { daily_trade_count: { enabled: false, limit: 50 } } },
    expect: { outcome: 'off' },
  },
  {
    name: 'no portfolio: nothing is an exit',
    change: {
      ...today(50),
      terms: { side: 'SELL', quantity: d(40) },
      facts: { portfolio: gone },
    },
    expect: { outcome: 'deny', observed: '51' },
  },
]);

describe('R7: property', () => {
  const count = fc.nat(60);

  it('is the plain sum, whatever the quantity', () => {
    fc.assert(
      fc.property(count, count, fc.integer({ min: 1, max: 9999 }), (sent, waiting, quantity) => {
        const change = { ...today(sent, waiting), terms: { quantity: d(quantity) } };
        expect(isDenied('R7', change)).toBe(sent + waiting + 1 > 50);
      }),
    );
  });

  it('a working order never turns a denial into a pass', () => {
    fc.assert(
      fc.property(count, count, fc.integer({ min: 1, max: 999 }), (sent, waiting, live) => {
        const change = today(sent, waiting);
        const workingOrders = [working('BUY', live)];
        if (isDenied('R7', change)) {
          expect(isDenied('R7', { ...change, workingOrders })).toBe(true);
        }
      }),
    );
  });
});
