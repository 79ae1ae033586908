// What working orders hold back of an account: the money, the shares to sell, the shares to borrow.
import { beforeEach, describe, expect, it } from 'vitest';
import { UNIT } from '../../../src/simgateway/accounts/value.ts';
import { AAA, BBB, BTC, CALL_100, CALL_110 } from './contracts.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

let w: World;
beforeEach(() => {
  w = createWorld();
});
/** Far from the market, so that it rests; 15,000 shares need 750,000 of the million there is. */
const rest = { orderType: 'LMT', lmtPrice: '90', totalQuantity: '15000' };
const status = (...ids: number[]) => ids.map((id) => w.state(id)[0]);
const held = (conId: number) => (w.accounts.get('DU1')?.positions.get(conId)?.quantity ?? 0) / UNIT;
/** Buys in quantities that the displayed size allows. */
const buy = (units: number, conId = AAA.conId) => {
  w.desk.policy = { mode: 'immediate' };
  w.place({ conId, orderType: 'MKT', totalQuantity: String(units) });
  w.desk.policy = { mode: 'market' };
};

describe('margin of working orders', () => {
  it('is held back: two that fit one at a time do not fit together', () => {
    const first = w.place(rest);
    const second = w.place({ ...rest, conId: BBB.conId }, 1);
    expect(status(first, second)).toEqual(['Submitted', 'Inactive']);
    expect(w.errors()).toEqual([201]);
    const other = w.place({ ...rest, account: 'DU2' });
    expect(status(other)).toEqual(['Submitted']);
  });

  it('counts held stops and orders of other clients, and adds up in one instrument', () => {
    const stop = w.place({ ...rest, orderType: 'STP', auxPrice: '120' }, 2);
    expect(w.state(stop, 2)[0]).toBe('PreSubmitted');
    const limit = w.place(rest);
    expect(status(limit)).toEqual(['Inactive']);
  });

  it('is released by a cancel, and what has filled is not counted twice', () => {
    const first = w.place(rest);
    w.desk.cancel(1, first);
    const second = w.place(rest);
    expect(status(second)).toEqual(['Submitted']);
    w.desk.fill(w.order(second), 14_000 * UNIT, 90_000_000);
    const third = w.place({ ...rest, totalQuantity: '5000' });
    expect(status(third)).toEqual(['Submitted']);
  });

  it('counts for a change of an order, but not against itself', () => {
    const first = w.place({ ...rest, totalQuantity: '10000' });
    const second = w.place({ ...rest, totalQuantity: '9000' });
    w.place({ ...rest, totalQuantity: '12000', orderId: second });
    expect([w.errors(), w.order(second).terms.quantity / UNIT]).toEqual([[201], 9000]);
    w.place({ ...rest, totalQuantity: '10900', orderId: first });
    expect(w.order(first).terms.quantity / UNIT).toBe(10_900);
  });

  it('counts for a what-if: it says what the order would be answered', () => {
    w.place(rest);
    w.place({ ...rest, whatIf: true });
    const asked = w.events.find((e) => e.type === 'whatIf');
    expect(asked?.type === 'whatIf' && asked.result.rejection?.code).toBe(201);
    expect(asked?.type === 'whatIf' && asked.result.before.initMargin).toBe(0);
  });

  it('is not asked of orders that close, even when every cent is used', () => {
    buy(19_900);
    const exits = ['110', '111'].map((lmtPrice) =>
      w.place({ ...rest, action: 'SELL', totalQuantity: '9950', lmtPrice }),
    );
    expect(status(...exits)).toEqual(['Submitted', 'Submitted']);
    const tooMuch = w.place({ ...rest, action: 'SELL', totalQuantity: '30000', lmtPrice: '112' });
    expect(status(tooMuch)).toEqual(['Inactive']);
  });

  it('takes the heavier side of an instrument: a buy does not stand against a sale', () => {
    const bought = w.place(rest);
    const sold = w.place({ ...rest, action: 'SELL', lmtPrice: '110' });
    expect(status(bought, sold)).toEqual(['Submitted', 'Submitted']);
    const conId = CALL_100.conId;
    const calls = { conId, orderType: 'LMT', totalQuantity: '600' };
    const long = w.place({ ...calls, lmtPrice: '1', account: 'DU2' });
    const naked = w.place({ ...calls, action: 'SELL', lmtPrice: '9', account: 'DU2' });
    expect(status(long, naked)).toEqual(['Submitted', 'Inactive']);
  });

  it('counts a group once, by its heaviest member', () => {
    const group = { ...rest, ocaGroup: 'g', ocaType: 1 };
    const members = [w.place(group), w.place({ ...group, conId: BBB.conId })];
    expect(status(...members)).toEqual(['Submitted', 'Submitted']);
    expect(status(w.place({ ...rest, totalQuantity: '6000' }))).toEqual(['Inactive']);
    expect(status(w.place({ ...rest, totalQuantity: '4900' }))).toEqual(['Submitted']);
  });

  it('holds combinations whole: their legs cover each other', () => {
    const legs = [CALL_100, CALL_110].map((leg, at) => ({
      ...{ conId: leg.conId, ratio: 1, action: at === 0 ? 'BUY' : 'SELL', exchange: 'SMART' },
    }));
    const spread = { conId: 0, secType: 'BAG', orderType: 'LMT', lmtPrice: '-1', comboLegs: legs };
    w.market.quote(CALL_100, { bid: 8, ask: 8.05, last: 8 });
    w.market.quote(CALL_110, { bid: 3, ask: 3.05, last: 3 });
    const first = w.place({ ...spread, totalQuantity: '1200' });
    const second = w.place({ ...spread, totalQuantity: '1200' });
    expect(status(first, second)).toEqual(['Submitted', 'Inactive']);
  });
});

describe('what can be sold', () => {
  it('counts sales under way before it lends shares', () => {
    buy(100);
    w.market.borrowable.set(AAA.conId, undefined);
    const sale = { orderType: 'LMT', action: 'SELL', lmtPrice: '110' };
    const [first, second] = [w.place(sale), w.place(sale)];
    expect(status(first, second)).toEqual(['Submitted', 'Inactive']);
    w.market.borrowable.set(AAA.conId, 60 * UNIT);
    expect(status(w.place({ ...sale, totalQuantity: '60' }))).toEqual(['Submitted']);
    const waiting = w.place({ ...sale, totalQuantity: '10' });
    expect([w.order(waiting).working.isLocating, w.errors()]).toEqual([true, [201, 404]]);
  });

  it('never lets two sales make a short coin', () => {
    buy(1, BTC.conId);
    const sale = { conId: BTC.conId, orderType: 'LMT', action: 'SELL', totalQuantity: '1' };
    const [first, second] = ['61000', '62000'].map((lmtPrice) => w.place({ ...sale, lmtPrice }));
    expect(status(first ?? 0, second ?? 0)).toEqual(['Submitted', 'Inactive']);
  });

  it('never spends the cash for coins twice', () => {
    const coin = { conId: BTC.conId, orderType: 'LMT', lmtPrice: '50000', totalQuantity: '9' };
    expect(status(w.place(coin), w.place(coin))).toEqual(['Submitted', 'Inactive']);
  });
});

describe('the exits of a bracket', () => {
  const bracket = (exit: object = {}) => {
    const parent = w.place({ ...rest, transmit: false });
    const link = { ...rest, action: 'SELL', parentId: parent };
    const profit = w.place({ ...link, lmtPrice: '105', transmit: false });
    const loss = w.place({ ...link, orderType: 'STP', auxPrice: '85', ...exit });
    return { parent, profit, loss };
  };

  it('need nothing while they wait, and nothing when they close', () => {
    const { parent, profit, loss } = bracket();
    expect(status(parent, profit, loss)).toEqual(['Submitted', 'PreSubmitted', 'PreSubmitted']);
    w.desk.fill(w.order(parent), 15_000 * UNIT, 90_000_000);
    w.pass();
    expect(status(parent, profit, loss)).toEqual(['Filled', 'Submitted', 'PreSubmitted']);
    expect(w.errors()).toEqual([]);
    w.desk.fill(w.order(profit), 15_000 * UNIT, 105_000_000);
    expect([status(loss), held(AAA.conId)]).toEqual([['Cancelled'], 0]);
  });

  it('are checked when they become active: one that opens more than there is money for is refused', () => {
    const parent = w.place({ ...rest, transmit: false });
    const more = w.place({ ...rest, parentId: parent, lmtPrice: '80' });
    expect(status(parent, more)).toEqual(['Submitted', 'PreSubmitted']);
    w.desk.fill(w.order(parent), 15_000 * UNIT, 90_000_000);
    w.pass();
    expect([status(parent, more), w.errors()]).toEqual([['Filled', 'Inactive'], [201]]);
  });

  it('are held for shares when they sell what the parent has not bought', () => {
    w.market.borrowable.set(AAA.conId, undefined);
    const parent = w.place({ ...rest, conId: BBB.conId, totalQuantity: '10', transmit: false });
    const short = w.place({ ...rest, action: 'SELL', totalQuantity: '10', parentId: parent });
    w.desk.fill(w.order(parent), 10 * UNIT, 90_000_000);
    w.pass();
    expect([status(short), w.errors()]).toEqual([['Inactive'], [201]]);
  });
});
