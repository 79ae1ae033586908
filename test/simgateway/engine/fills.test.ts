import { beforeEach, describe, expect, it } from 'vitest';
import { UNIT } from '../../../src/simgateway/accounts/value.ts';
import { AAA, BTC, CALL_100, CALL_110, ES, PUT_100 } from './contracts.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

let w: World;
beforeEach(() => {
  w = createWorld();
});
const quote = (bid: number, ask: number, size = 1000) => {
  w.market.quote(AAA, { bid, ask, last: bid, bidSize: size, askSize: size });
};

describe('displayed size', () => {
  it('is what a marketable order gets at once; the rest works on', () => {
    quote(100, 100.05, 60);
    const id = w.place({ orderType: 'MKT' });
    expect(w.state(id)).toEqual(['Submitted', 60, 100.05]);
    w.pass();
    expect(w.state(id)[0]).toBe('Filled');
    expect(w.store.executions.map((e) => e.shares / UNIT)).toEqual([60, 40]);
  });

  it('goes to who waited before it goes to who comes', () => {
    quote(100, 100.05, 50);
    const first = w.place({ orderType: 'MKT' });
    quote(100, 100.05, 50);
    const second = w.place({ orderType: 'MKT' }, 2);
    expect([w.state(first)[1], w.state(second, 2)[1]]).toEqual([100, 0]);
  });

  it('is not there while trading is halted', () => {
    w.market.quote(AAA, { bid: 100, ask: 100.05, last: 100, halted: true });
    const id = w.place({ orderType: 'MKT' });
    expect(w.state(id)).toEqual(['Submitted', 0, 0]);
  });

  it('follows the policy: immediate ignores it, manual fills nothing', () => {
    quote(100, 100.05, 1);
    w.desk.policy = { mode: 'immediate' };
    expect(w.state(w.place({ orderType: 'MKT' }))[0]).toBe('Filled');
    w.desk.policy = { mode: 'manual' };
    const id = w.place({ orderType: 'MKT' });
    expect(w.state(id)).toEqual(['Submitted', 0, 0]);
    expect(w.desk.fill(w.order(id), 101 * UNIT)).toBe('only 100 shares are left');
    expect(w.desk.fill(w.order(id), UNIT / 2)).toBe('shares must be a whole number');
    expect(w.desk.fill(w.order(id), 100 * UNIT, 99_000_000)).toBeUndefined();
    expect(w.state(id)).toEqual(['Filled', 100, 99]);
  });
});

describe('a resting limit', () => {
  const rest = { orderType: 'LMT', lmtPrice: '100' };

  it('waits behind what is displayed at its price', () => {
    quote(100, 100.05, 500);
    const id = w.place(rest);
    w.print(AAA, 100, 300);
    expect(w.state(id)).toEqual(['Submitted', 0, 0]);
    w.print(AAA, 100, 250);
    expect(w.state(id)).toEqual(['Submitted', 50, 100]);
    w.print(AAA, 100, 80);
    expect(w.state(id)).toEqual(['Filled', 100, 100]);
  });

  it('is first when it betters the quote, and swept when the tape trades through it', () => {
    quote(99.9, 100.05, 500);
    const better = w.place(rest);
    w.print(AAA, 100, 70);
    expect(w.state(better)[1]).toBe(70);
    quote(100, 100.05, 500);
    const behind = w.place({ ...rest, totalQuantity: '40' });
    w.print(AAA, 99.95, 1000);
    expect([w.state(better)[1], w.state(behind)[1]]).toEqual([100, 40]);
    expect(w.state(behind)[2]).toBe(100);
  });

  it('shares a print with better prices first, then earlier orders', () => {
    quote(99.9, 100.05, 10);
    const low = w.place({ ...rest, lmtPrice: '99.95' });
    const early = w.place(rest);
    const late = w.place(rest, 2);
    w.print(AAA, 99.9, 150);
    expect([w.state(early)[1], w.state(late, 2)[1], w.state(low)[1]]).toEqual([100, 50, 0]);
  });

  it('keeps its place through a smaller size and loses it with a new price', () => {
    quote(100, 100.05, 100);
    const first = w.place(rest);
    const second = w.place(rest, 2);
    w.place({ ...rest, orderId: first, totalQuantity: '80' });
    w.print(AAA, 100, 150);
    expect([w.state(first)[1], w.state(second, 2)[1]]).toEqual([50, 0]);
    w.place({ ...rest, orderId: first, totalQuantity: '90' });
    w.print(AAA, 99.95, 60);
    expect([w.state(first)[1], w.state(second, 2)[1]]).toEqual([50, 60]);
  });

  it('shows only its display size, and queues again for the next', () => {
    quote(99.9, 100.05, 30);
    const id = w.place({ ...rest, displaySize: 20 });
    w.print(AAA, 100, 500);
    expect(w.state(id)[1]).toBe(20);
    w.print(AAA, 100, 30);
    expect(w.state(id)[1]).toBe(20);
    w.print(AAA, 100, 30);
    expect(w.state(id)[1]).toBe(40);
  });

  it('counts no print from before it came', () => {
    quote(99.9, 100.05);
    w.print(AAA, 99, 1000);
    const id = w.place(rest);
    w.desk.evaluateAll();
    expect(w.state(id)[1]).toBe(0);
  });
});

describe('money', () => {
  it('rejects what the account cannot carry, with the text of the real thing', () => {
    const id = w.place({ orderType: 'MKT', totalQuantity: '30000' });
    expect(w.state(id)[0]).toBe('Inactive');
    const message = w.events.find((e) => e.type === 'orderMessage');
    expect(message?.code).toBe(201);
    expect(message?.text).toContain('YOUR EQUITY WITH LOAN VALUE [999850.00 USD] MUST EXCEED');
  });

  it('checks a long option by its premium, a naked one by its margin', () => {
    const conId = CALL_100.conId;
    const long = w.place({ conId, orderType: 'MKT', totalQuantity: '2001' });
    const naked = w.place({ conId, orderType: 'MKT', totalQuantity: '600', action: 'SELL' });
    expect([w.state(long)[0], w.state(naked)[0]]).toEqual(['Inactive', 'Inactive']);
    expect(w.state(w.place({ conId, orderType: 'MKT', totalQuantity: '50' }))[0]).toBe('Filled');
  });

  it('takes coins for cash only, in fractions, and never short', () => {
    const coin = { conId: BTC.conId, orderType: 'MKT' };
    expect(w.state(w.place({ ...coin, totalQuantity: '0.123456' }))).toEqual([
      ...['Filled', 0.123456],
      expect.closeTo(60_000.05, 1),
    ]);
    const short = w.place({ ...coin, action: 'SELL', totalQuantity: '1' });
    const dear = w.place({ ...coin, totalQuantity: '20' });
    expect([w.state(short)[0], w.state(dear)[0]]).toEqual(['Inactive', 'Inactive']);
    w.place({ ...coin, totalQuantity: '0.00005' });
    expect(w.errors()).toEqual([201, 201, 201]);
  });

  it('margins futures by contract', () => {
    const future = { conId: ES.conId, orderType: 'MKT' };
    expect(w.state(w.place({ ...future, totalQuantity: '43' }))[0]).toBe('Filled');
    expect(w.state(w.place({ ...future, totalQuantity: '1' }))[0]).toBe('Inactive');
  });

  it('holds a short sale until shares are found, and refuses one that cannot be', () => {
    w.market.borrowable.set(AAA.conId, 50 * UNIT);
    const held = w.place({ orderType: 'MKT', action: 'SELL' });
    expect([w.state(held)[0], w.errors()]).toEqual(['PreSubmitted', [404]]);
    w.market.borrowable.set(AAA.conId, 100 * UNIT);
    w.pass();
    expect(w.state(held)[0]).toBe('Filled');
    w.market.borrowable.set(AAA.conId, undefined);
    const refused = w.place({ orderType: 'MKT', action: 'SELL', totalQuantity: '1' });
    expect([w.state(refused)[0], w.errors()]).toEqual(['Inactive', [404, 201]]);
  });

  it('tells what if by the same code, and changes nothing', () => {
    w.place({ orderType: 'LMT', lmtPrice: '99', whatIf: true, totalQuantity: '1000' });
    const event = w.events[0];
    if (event?.type !== 'whatIf') throw new Error('no answer');
    const { before, after, commission, rejection } = event.result;
    expect(after.initMargin - before.initMargin).toBe(50_000_000_000);
    expect([commission.likely, commission.currency, rejection]).toEqual([
      5_000_000,
      'USD',
      undefined,
    ]);
    expect([w.store.orders.size, w.accounts.get('DU1')?.positions.size]).toEqual([0, 0]);
  });

  it('uses up the id of a what-if in the range of order ids, and no other', () => {
    const ask = (orderId: number) => w.place({ orderType: 'MKT', whatIf: true, orderId });
    ask(1_000_000_000);
    ask(2_000_000_123);
    expect(w.store.nextId(1)).toBe(1);
    ask(7);
    expect([w.store.nextId(1), w.store.nextId(2)]).toEqual([8, 1]);
    w.place({ orderType: 'MKT', orderId: 7 });
    ask(3);
    expect([w.errors(), w.store.nextId(1), w.store.orders.size]).toEqual([[103], 8, 0]);
    expect(w.events.filter((e) => e.type === 'whatIf')).toHaveLength(4);
  });

  it('knows no expired contract', () => {
    w.clock.set({ instant: Date.parse('2026-06-22T16:00:00Z') });
    w.place({ conId: ES.conId, orderType: 'MKT' });
    expect(w.errors()).toEqual([200]);
  });
});

describe('a combination', () => {
  const legs = [
    { conId: CALL_100.conId, ratio: 1, action: 'BUY', exchange: 'SMART' },
    { conId: CALL_110.conId, ratio: 1, action: 'SELL', exchange: 'SMART' },
  ];
  const spread = {
    ...{ conId: 0, secType: 'BAG', symbol: 'AAA', currency: 'USD', exchange: 'SMART' },
    ...{ comboLegs: legs, orderType: 'LMT', totalQuantity: '10' },
  };
  beforeEach(() => {
    w.market.quote(CALL_100, { bid: 5, ask: 5.1, last: 5, askSize: 6 });
    w.market.quote(CALL_110, { bid: 2, ask: 2.1, last: 2 });
  });

  it('trades all legs at one instant, as far as all of them go', () => {
    const id = w.place({ ...spread, lmtPrice: '3.1' });
    expect(w.state(id)).toEqual(['Submitted', 6, 3.1]);
    expect(w.told.filter((t) => /execution|commission/.test(t))).toEqual([
      `execution 1 28812380 6`,
      `execution 1 11 6`,
      `execution 1 12 6`,
      `commission 1 11`,
      `commission 1 12`,
    ]);
    const ids = w.store.executions.map((e) => e.execId);
    expect(new Set(ids).size).toBe(3);
    expect(w.store.executions.map((e) => [e.side, e.price])).toEqual([
      ['BOT', 3_100_000],
      ['BOT', 5_100_000],
      ['SLD', 2_000_000],
    ]);
    expect(w.accounts.get('DU1')?.cash['USD']).toBe(1e12 - 6 * 310_000_000 - 2 * 6 * 650_000);
    w.pass();
    expect(w.state(id)[0]).toBe('Filled');
  });

  it('waits for its net price, also a negative one', () => {
    const low = w.place({ ...spread, lmtPrice: '3.09' });
    expect(w.state(low)).toEqual(['Submitted', 0, 0]);
    const credit = w.place({ ...spread, action: 'SELL', lmtPrice: '2.9', totalQuantity: '2' });
    expect(w.state(credit)).toEqual(['Filled', 2, 2.9]);
    const reversed = legs.map((leg) => ({ ...leg, action: leg.action === 'BUY' ? 'SELL' : 'BUY' }));
    const paid = w.place({ ...spread, comboLegs: reversed, lmtPrice: '-2.9', totalQuantity: '1' });
    expect(w.state(paid)).toEqual(['Filled', 1, -2.9]);
  });

  it('fills by hand at a net price that its legs make up', () => {
    w.desk.policy = { mode: 'manual' };
    const id = w.place({ ...spread, lmtPrice: '3.5' });
    w.desk.fill(w.order(id), 10 * UNIT, 3_330_000);
    const [bag, bought, sold] = w.store.executions;
    expect(bag?.price).toBe((bought?.price ?? 0) - (sold?.price ?? 0));
    expect(w.state(id)).toEqual(['Filled', 10, 3.33]);
  });

  it.each([
    [321, { comboLegs: legs.slice(0, 1), lmtPrice: '1' }],
    [200, { comboLegs: [...legs, { ...legs[0], conId: 999 }], lmtPrice: '1' }],
    [321, { comboLegs: [legs[0], { ...legs[1], ratio: 0 }], lmtPrice: '1' }],
    [387, { orderType: 'STP', auxPrice: '1' }],
    [10243, { totalQuantity: '1.5', lmtPrice: '1' }],
    [110, { lmtPrice: '1.001' }],
  ])('is refused with %i: %j', (code, fields) => {
    w.place({ ...spread, ...fields } as never);
    expect(w.errors()).toEqual([code]);
  });

  it('asks margin for what the legs can lose together', () => {
    const straddle = [
      { ...legs[0], action: 'SELL' },
      { conId: PUT_100.conId, ratio: 1, action: 'SELL', exchange: 'SMART' },
    ];
    w.place({ ...spread, lmtPrice: '3', whatIf: true });
    w.place({ ...spread, comboLegs: straddle, lmtPrice: '-9', whatIf: true });
    const margins = w.events.map((e) => (e.type === 'whatIf' ? e.result.after.initMargin : -1));
    expect(margins[0]).toBe(0);
    expect(margins[1]).toBeGreaterThan(0);
  });
});
