import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConId, IntentId } from '../../../src/domain/ids.ts';
import { d, other, position, reservation, working, type Change } from '../gate-facts.ts';
import { isDenied, testRuleCases } from './rule-cases.ts';
import { market } from './sector-market.ts';

// What an account can become, seen through the rule on sectors: 30 % of 1 000 000 at 200 is 1500 shares.

const buy = (quantity: number) => ({ side: 'BUY', quantity: d(quantity) }) as const;
const ours = 'int_00000000000000000001' as IntentId;

testRuleCases('R3', [
  {
    name: 'a foreign working order counts with what remains',
    change: market({
      terms: buy(501),
      workingOrders: [working('BUY', 1000, { conId: other, quantity: d(3000) })],
    }),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'a working sell makes a short',
    change: market({ terms: buy(501), workingOrders: [working('SELL', 1000, { conId: other })] }),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'a stop that guards a position does not count on top of it',
    change: market({
      terms: buy(500),
      positions: [position(other, 1000)],
      workingOrders: [working('SELL', 1000, { conId: other })],
    }),
    expect: { outcome: 'warn', observed: '0.3' },
  },
  {
    name: 'a working sell makes no room',
    change: market({
      terms: buy(501),
      positions: [position(other, 1000)],
      workingOrders: [working('SELL', 500, { conId: other })],
    }),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'the working order of another account does not count',
    change: market({
      terms: buy(5),
      workingOrders: [working('BUY', 5000, { conId: other, account: 'DU7654321' as never })],
    }),
    expect: { outcome: 'pass', observed: '0.001' },
  },
  {
    name: 'a reservation counts by its own notional and sector, known to the broker or not',
    change: market({
      terms: buy(501),
      ledger: { reservations: [reservation('BUY', 1000, { conId: 999 as ConId })] },
    }),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'a reservation of another sector does not count',
    change: market({
      terms: buy(5),
      ledger: {
        reservations: [reservation('BUY', 9000, { conId: 999 as ConId, sector: 'Energy' })],
      },
    }),
    expect: { outcome: 'pass', observed: '0.001' },
  },
  {
    name: 'a reservation of which nobody knows the sector counts in all',
    change: market({
      terms: buy(501),
      ledger: { reservations: [reservation('BUY', 1000, { conId: 999 as ConId, sector: '' })] },
    }),
    expect: { outcome: 'deny' },
  },
  {
    name: 'an order of ours that is reserved and live counts once',
    change: market({
      terms: buy(500),
      ledger: { reservations: [reservation('BUY', 1000, { intentId: ours, conId: other })] },
      workingOrders: [working('BUY', 1000, { conId: other, orderRef: ours })],
    }),
    expect: { outcome: 'warn', observed: '0.3' },
  },
  {
    name: 'a live order with our reference but a smaller size does not hide the rest',
    change: market({
      terms: buy(501),
      ledger: { reservations: [reservation('BUY', 1000, { intentId: ours, conId: other })] },
      workingOrders: [working('BUY', 400, { conId: other, orderRef: ours })],
    }),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
]);

describe('what can become of an account', () => {
  const shares = fc.integer({ min: -1500, max: 1500 });
  const size = fc.integer({ min: 1, max: 1500 });

  it('gives the same answer whichever snapshot was asked about before', () => {
    fc.assert(
      fc.property(size, shares, shares, (q, one, two) => {
        const of = (held: number): Change =>
          market({ terms: buy(q), positions: [position(other, held)] });
        const before = isDenied('R3', of(one));
        isDenied('R3', of(two));
        expect(isDenied('R3', of(one))).toBe(before);
      }),
    );
  });
});
