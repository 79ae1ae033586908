// Cancels and changes that come after an auction's cut-off, and orders by amount of money.
import { beforeEach, describe, expect, it } from 'vitest';
import { UNIT } from '../../../src/simgateway/accounts/value.ts';
import { AAA, BTC, EURUSD } from './contracts.ts';
import { CLOSE, createWorld } from './world.ts';
import type { World } from './world.ts';

let w: World;
beforeEach(() => {
  w = createWorld();
});
const minutesBefore = (minutes: number) => {
  w.clock.set({ instant: CLOSE - minutes * 60_000 });
};

describe('after the cut-off of an auction', () => {
  const onClose = { orderType: 'LOC', lmtPrice: '101' };
  beforeEach(() => {
    w.market.crosses.push({ kind: 'close', at: CLOSE, price: 100_500_000 });
  });

  it('a cancel is refused with the state and the order fills', () => {
    const id = w.place(onClose);
    minutesBefore(10);
    w.desk.cancel(1, id);
    expect([w.errors(), w.state(id)[0]]).toEqual([[10148], 'Submitted']);
    const refused = w.events.find((e) => e.type === 'refused');
    expect(refused?.text).toBe(
      `OrderId ${id} that needs to be cancelled cannot be cancelled, state: Submitted.`,
    );
    minutesBefore(0);
    w.pass(1);
    expect(w.state(id)).toEqual(['Filled', 100, 100.5]);
  });

  it('a cancel just before it, and one of any other order, is taken', () => {
    const [early, other] = [w.place(onClose), w.place({ orderType: 'LMT', lmtPrice: '90' })];
    minutesBefore(10.1);
    w.desk.cancel(1, early);
    minutesBefore(1);
    w.desk.cancel(1, other);
    expect([w.state(early)[0], w.state(other)[0]]).toEqual(['Cancelled', 'Cancelled']);
  });

  it('a global cancel leaves it, and says so to its owner', () => {
    const [id, other] = [w.place(onClose), w.place({ orderType: 'LMT', lmtPrice: '90' })];
    minutesBefore(5);
    w.desk.cancelAll();
    expect([w.state(id)[0], w.state(other)[0]]).toEqual(['Submitted', 'Cancelled']);
    expect(w.errors()).toEqual([10148, 202]);
  });

  it('a change is refused (201), also while new orders are still taken', () => {
    const id = w.place(onClose);
    for (const minutes of [9, 4]) {
      w.hush();
      minutesBefore(minutes);
      w.place({ ...onClose, orderId: id, totalQuantity: '50' });
      expect([w.errors(), w.state(id)[0]]).toEqual([[201], 'Submitted']);
      expect(w.order(id).terms.quantity).toBe(100 * UNIT);
    }
    minutesBefore(9);
    expect(w.state(w.place(onClose))[0]).toBe('Submitted');
  });
});

describe('an order by amount', () => {
  const coins = { conId: BTC.conId, orderType: 'MKT', totalQuantity: '0', cashQty: '10000' };

  it('buys as many coins as the money buys, rounded down to the increment', () => {
    w.market.quote(BTC, { bid: 60_000, ask: 60_001, last: 60_000 });
    const id = w.place(coins);
    expect(w.state(id)[0]).toBe('Filled');
    expect(w.order(id).filled).toBe(166_663);
  });

  it('buys currency at its limit, or at the quote', () => {
    const euros = { conId: EURUSD.conId, totalQuantity: undefined, cashQty: '11000' };
    w.market.quote(EURUSD, { bid: 1.0999, ask: 1.1, last: 1.1, askSize: 1e6, bidSize: 1e6 });
    const market = w.place({ ...euros, orderType: 'MKT' });
    const limit = w.place({ ...euros, orderType: 'LMT', lmtPrice: '1' });
    expect([market, limit].map((id) => w.order(id).terms.quantity / UNIT)).toEqual([
      10_000, 11_000,
    ]);
  });

  it.each([
    [10244, { conId: AAA.conId, orderType: 'MKT', totalQuantity: '0', cashQty: '1000' }],
    [10244, { ...coins, orderType: 'STP', auxPrice: '70000' }],
    [321, { ...coins, cashQty: '-5' }],
    [434, { ...coins, cashQty: '0' }],
    [201, { ...coins, cashQty: '1' }],
  ])('is refused with %i: %j', (code, fields) => {
    w.place(fields);
    expect([w.errors(), w.store.orders.size]).toEqual([[code], 0]);
  });

  it('waits for a quote to know its size', () => {
    w.market.quote(BTC, {});
    w.place(coins);
    expect(w.errors()).toEqual([321]);
  });
});
