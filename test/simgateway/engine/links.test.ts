import { beforeEach, describe, expect, it } from 'vitest';
import { UNIT } from '../../../src/simgateway/accounts/value.ts';
import { AAA, BBB } from './contracts.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

let w: World;
beforeEach(() => {
  w = createWorld();
});
const quote = (bid: number, ask: number, size = 1000) => {
  w.market.quote(AAA, { bid, ask, last: bid, bidSize: size, askSize: size });
  w.desk.evaluateAll();
};
const status = (...ids: number[]) => ids.map((id) => w.state(id)[0]);

describe('a bracket', () => {
  const bracket = (entry: object = { orderType: 'LMT', lmtPrice: '99' }) => {
    const parent = w.place({ ...entry, transmit: false });
    const profit = w.place({
      ...{ action: 'SELL', orderType: 'LMT', lmtPrice: '105', parentId: parent, transmit: false },
    });
    const loss = w.place({ action: 'SELL', orderType: 'STP', auxPrice: '95', parentId: parent });
    return { parent, profit, loss };
  };

  it('is silent until its last part is sent, then comes as a whole, children held', () => {
    const { parent, profit, loss } = bracket();
    expect(status(parent, profit, loss)).toEqual(['Submitted', 'PreSubmitted', 'PreSubmitted']);
    expect(w.told.filter((t) => t.startsWith('openOrder')).slice(0, 3)).toEqual([
      `openOrder ${parent} PreSubmitted`,
      `openOrder ${profit} PreSubmitted`,
      `openOrder ${loss} PreSubmitted`,
    ]);
    expect(w.order(loss).working.isChild).toBe(true);
  });

  it('works its exits once the parent has filled; one ends the other', () => {
    const { parent, profit, loss } = bracket();
    quote(98.9, 98.95);
    expect(status(parent, profit, loss)).toEqual(['Filled', 'PreSubmitted', 'PreSubmitted']);
    w.pass();
    expect(status(profit, loss)).toEqual(['Submitted', 'PreSubmitted']);
    quote(105, 105.05);
    expect(status(profit, loss)).toEqual(['Filled', 'Cancelled']);
    expect(w.accounts.get('DU1')?.positions.get(AAA.conId)?.quantity).toBe(0);
  });

  it('goes with its parent', () => {
    const { parent, profit, loss } = bracket();
    w.desk.cancel(1, parent);
    expect(status(parent, profit, loss)).toEqual(['Cancelled', 'Cancelled', 'Cancelled']);
    expect(w.errors()).toEqual([202, 202, 202]);
  });

  it('dies with a parent that is refused', () => {
    const { parent, profit, loss } = bracket({ orderType: 'MKT', totalQuantity: '900000' });
    expect(status(parent, profit, loss)).toEqual(['Inactive', 'Cancelled', 'Cancelled']);
  });

  it('exits no more than the parent has filled', () => {
    quote(100, 100.05, 30);
    const { parent, profit, loss } = bracket({ orderType: 'MKT' });
    expect(w.state(parent)[1]).toBe(30);
    w.market.quote(AAA, { bid: 106, ask: 200, last: 106, askSize: 0 });
    w.desk.evaluateAll();
    expect(w.state(profit)).toEqual(['Submitted', 30, 106]);
    w.desk.cancel(1, parent);
    expect(status(parent, profit, loss)).toEqual(['Cancelled', 'Cancelled', 'Cancelled']);
  });

  it('refuses a child of nobody (135)', () => {
    w.place({ orderType: 'MKT', parentId: 77 });
    expect(w.errors()).toEqual([135]);
  });
});

describe('an OCA group', () => {
  const member = (ocaType: number, conId: number, quantity = '100') =>
    w.place({
      ...{ conId, orderType: 'LMT', lmtPrice: '99', totalQuantity: quantity },
      ...{ ocaGroup: 'g', ocaType, tif: 'GTC' },
    });
  const trade = (conId: number, units: number) =>
    w.desk.fill(w.order(conId), units * UNIT, 99_000_000);

  it('of type 1 is cancelled by its first fill', () => {
    const [a, b] = [member(1, AAA.conId), member(1, BBB.conId)];
    trade(a, 10);
    expect(status(a, b)).toEqual(['Submitted', 'Cancelled']);
    trade(a, 90);
    w.place({ orderType: 'MKT', ocaGroup: 'g', ocaType: 1 });
    expect(w.errors()).toEqual([202, 201]);
  });

  it.each([2, 3])('of type %i is reduced in proportion', (type) => {
    const [a, b] = [member(type, AAA.conId, '100'), member(type, BBB.conId, '50')];
    trade(a, 30);
    expect([w.state(a), w.order(b).terms.quantity / UNIT]).toEqual([['Submitted', 30, 99], 35]);
    trade(b, 35);
    expect(status(a, b)).toEqual(['Cancelled', 'Filled']);
  });

  it('of type 2 never overfills when all of it trades at once; of type 3 it may', () => {
    const both = (type: number) => {
      w = createWorld();
      const ids = [member(type, AAA.conId), member(type, AAA.conId)];
      quote(98.9, 98.95);
      return ids.map((id) => w.state(id)[1]);
    };
    expect(both(2)).toEqual([100, 0]);
    expect(both(3)).toEqual([100, 100]);
  });

  it('keeps its name: a revision is refused', () => {
    const a = member(1, AAA.conId);
    w.place({ orderId: a, orderType: 'LMT', lmtPrice: '98', ocaGroup: 'h', tif: 'GTC' });
    expect(w.errors()).toEqual([10326]);
  });
});

describe('changing and cancelling', () => {
  const rest = { orderType: 'LMT', lmtPrice: '90' };

  it('leaves the original live whatever is wrong with the change', () => {
    const id = w.place(rest);
    const wrong: [number, object][] = [
      [105, { action: 'SELL' }],
      [105, { conId: BBB.conId }],
      [105, { account: 'DU2' }],
      [329, { orderType: 'STP', auxPrice: '120' }],
      [110, { lmtPrice: '90.001' }],
      [201, { totalQuantity: '900000' }],
      [321, { tif: 'NEVER' }],
    ];
    for (const [code, change] of wrong) {
      w.hush();
      w.place({ ...rest, orderId: id, ...change });
      expect(w.errors()).toEqual([code]);
      expect(w.order(id)).toMatchObject({ status: 'Submitted', permId: 1_480_000_001 });
      expect(w.order(id).terms).toMatchObject({ limitPrice: 90_000_000, action: 'BUY' });
    }
    w.place({ ...rest, orderId: id, lmtPrice: '91', tif: 'GTC', totalQuantity: '50' });
    expect(w.order(id).terms).toMatchObject({ limitPrice: 91_000_000, tif: 'GTC' });
    expect(w.store.orders.size).toBe(1);
  });

  it('refuses ids that are used (103) or filled (104), and cancels that come too late', () => {
    const id = w.place({ orderType: 'MKT', orderRef: 'a' });
    w.place({ orderType: 'MKT', orderRef: 'b', orderId: id });
    w.place({ orderType: 'MKT', orderRef: 'a', orderId: id, totalQuantity: '200' });
    w.desk.cancel(1, id);
    w.desk.cancel(1, 99);
    const held = w.place(rest, 1, { holdsCancel: true });
    w.desk.cancel(1, held);
    w.desk.cancel(1, held);
    w.desk.cancel(2, held);
    expect(w.errors()).toEqual([103, 104, 10148, 10147, 161, 10147]);
  });

  it('knows orders from TWS: client 0, no id until bound', () => {
    const placed = w.desk.placeManual({
      ...rest,
      conId: 1,
      action: 'BUY',
      totalQuantity: '5',
      account: 'DU1',
    });
    if (!('permId' in placed)) throw new Error(placed.text);
    expect([placed.clientId, placed.orderId, placed.status]).toEqual([0, 0, 'Submitted']);
    w.desk.cancel(0, 0);
    expect(w.errors()).toEqual([10147]);
    w.store.bind(placed);
    expect(placed.orderId).toBe(-1);
    w.desk.cancel(0, -1);
    expect(placed.status).toBe('Cancelled');
  });

  it('cancels everything, of every client', () => {
    const [a, b] = [w.place(rest), w.place(rest, 2)];
    w.desk.cancelAll();
    expect([w.state(a)[0], w.state(b, 2)[0]]).toEqual(['Cancelled', 'Cancelled']);
  });
});
