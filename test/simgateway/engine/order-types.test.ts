import { beforeEach, describe, expect, it } from 'vitest';
import { orderTypeNames } from '../../../src/simgateway/matching/types/registry.ts';
import { AAA, EURO, EURUSD } from './contracts.ts';
import { CLOSE, createWorld } from './world.ts';
import type { World } from './world.ts';

let w: World;
beforeEach(() => {
  w = createWorld();
});
const quote = (bid: number, ask: number, last = bid) => {
  w.market.quote(AAA, { bid, ask, last });
  w.desk.evaluateAll();
};

describe('order types', () => {
  it('are these', () => {
    expect(orderTypeNames()).toEqual(
      'MKT,LMT,STP,STP LMT,TRAIL,TRAIL LIMIT,MOC,LOC,MOO,LOO,MIT,LIT'.split(','),
    );
  });

  it('MKT takes the other side; LMT its price or better', () => {
    expect(w.state(w.place({ orderType: 'MKT' }))).toEqual(['Filled', 100, 100.05]);
    const sold = w.place({ orderType: 'LMT', lmtPrice: '99', action: 'SELL' });
    expect(w.state(sold)).toEqual(['Filled', 100, 100]);
  });

  it('STP waits PreSubmitted for the last price, then takes the market', () => {
    const id = w.place({ orderType: 'STP', auxPrice: '101' });
    expect(w.state(id)[0]).toBe('PreSubmitted');
    quote(101.5, 101.6, 100.99);
    expect(w.state(id)[0]).toBe('PreSubmitted');
    quote(101.5, 101.6, 101);
    expect(w.state(id)).toEqual(['Filled', 100, 101.6]);
  });

  it('STP LMT never trades beyond its limit', () => {
    const id = w.place({ orderType: 'STP LMT', auxPrice: '101', lmtPrice: '101.2' });
    quote(101.5, 101.6, 101.5);
    expect(w.state(id)[0]).toBe('Submitted');
    quote(101.1, 101.15, 101.1);
    expect(w.state(id)).toEqual(['Filled', 100, 101.15]);
  });

  it('TRAIL by amount follows up and never back', () => {
    const id = w.place({ orderType: 'TRAIL', action: 'SELL', auxPrice: '2' });
    quote(105, 105.05);
    quote(104, 104.05);
    expect(w.order(id).working.stop).toBe(103_000_000);
    quote(102.95, 103, 102.99);
    expect(w.state(id)).toEqual(['Filled', 100, 102.95]);
  });

  it('TRAIL by percent begins where it is told', () => {
    const id = w.place({ orderType: 'TRAIL', trailingPercent: '1', trailStopPrice: '103' });
    expect(w.order(id).working.stop).toBe(101_000_000);
    quote(90, 90.05);
    expect(w.order(id).working.stop).toBe(90_900_000);
    quote(90.9, 90.95);
    expect(w.state(id)).toEqual(['Filled', 100, 90.95]);
  });

  it('TRAIL LIMIT turns into a limit at an offset, or at the distance of its first limit', () => {
    const offset = w.place({
      ...{ orderType: 'TRAIL LIMIT', action: 'SELL', auxPrice: '2', lmtPriceOffset: '0.10' },
    });
    const price = w.place({
      ...{ orderType: 'TRAIL LIMIT', action: 'SELL', auxPrice: '2' },
      ...{ trailStopPrice: '98', lmtPrice: '97.5' },
    });
    quote(97.7, 97.8, 97.9);
    expect(w.order(offset).working.limit).toBe(97_900_000);
    expect(w.state(offset)[0]).toBe('Submitted');
    expect(w.state(price)).toEqual(['Filled', 100, 97.7]);
    expect(w.errors()).toEqual([]);
  });

  it('MIT and LIT trigger on the better side', () => {
    const touched = w.place({ orderType: 'MIT', auxPrice: '99' });
    const limited = w.place({ orderType: 'LIT', auxPrice: '99', lmtPrice: '98.9' });
    quote(99.05, 99.1, 99.1);
    expect([w.state(touched)[0], w.state(limited)[0]]).toEqual(['PreSubmitted', 'PreSubmitted']);
    quote(98.95, 99, 99);
    expect(w.state(touched)).toEqual(['Filled', 100, 99]);
    expect(w.state(limited)[0]).toBe('Submitted');
  });

  it('MOC and LOC trade at the closing price, or end', () => {
    w.market.crosses.push({ kind: 'close', at: CLOSE, price: 100_500_000 });
    const market = w.place({ orderType: 'MOC' });
    const reached = w.place({ orderType: 'LOC', lmtPrice: '100.5' });
    const missed = w.place({ orderType: 'LOC', lmtPrice: '100.4' });
    expect(w.state(market)[0]).toBe('Submitted');
    w.pass(5 * 3600);
    expect(w.state(market)).toEqual(['Filled', 100, 100.5]);
    expect(w.state(reached)).toEqual(['Filled', 100, 100.5]);
    expect(w.state(missed)[0]).toBe('Cancelled');
  });

  it('MOC is refused between its cut-off and the close', () => {
    w.market.crosses.push({ kind: 'close', at: CLOSE, price: 100_500_000 });
    w.clock.set({ instant: CLOSE - 6 * 60_000 });
    w.place({ orderType: 'MOC' });
    expect(w.errors()).toEqual([]);
    w.clock.set({ instant: CLOSE - 5 * 60_000 });
    w.place({ orderType: 'MOC' });
    expect(w.errors()).toEqual([201]);
  });

  it('OPG orders trade in the opening auction, or end with it', () => {
    const open = CLOSE - 4 * 3600_000 + 3600_000;
    w.market.phaseNow = 'pre';
    w.market.crosses.push({ kind: 'open', at: open, price: 99_000_000 });
    const market = w.place({ orderType: 'MKT', tif: 'OPG' });
    const missed = w.place({ orderType: 'LMT', lmtPrice: '98', tif: 'OPG' });
    expect(w.state(market)[0]).toBe('PreSubmitted');
    w.market.phaseNow = 'regular';
    w.pass(2 * 3600);
    expect(w.state(market)).toEqual(['Filled', 100, 99]);
    expect(w.state(missed)[0]).toBe('Cancelled');
  });

  it('forex stops look at the quote, because nothing is printed', () => {
    w.market.quote(EURUSD, { bid: 1.1, ask: 1.1001 });
    const id = w.place({
      ...{ conId: EURUSD.conId, orderType: 'STP', auxPrice: '1.10500', totalQuantity: '20000' },
    });
    w.market.quote(EURUSD, { bid: 1.105, ask: 1.10505, askSize: 1_000_000 });
    w.desk.evaluateAll();
    expect(w.state(id)[0]).toBe('Filled');
  });

  it.each([
    [387, { orderType: 'REL' }],
    [387, { orderType: 'VOL' }],
    [321, { orderType: 'NONSENSE' }],
    [321, { orderType: 'LMT' }],
    [321, { orderType: 'TRAIL' }],
    [321, { orderType: 'TRAIL LIMIT', auxPrice: '1' }],
    [321, { orderType: 'STP', tif: 'OPG', auxPrice: '1' }],
    [321, { orderType: 'MOC', tif: 'GTC' }],
    [321, { orderType: 'MKT', tif: 'NEVER' }],
    [321, { orderType: 'MKT', tif: 'GTD' }],
    [321, { orderType: 'MKT', minQty: 200 }],
    [110, { orderType: 'LMT', lmtPrice: '100.001' }],
    [110, { orderType: 'TRAIL', auxPrice: '0.001' }],
    [434, { orderType: 'MKT', totalQuantity: '0' }],
    [10243, { orderType: 'MKT', totalQuantity: '0.5' }],
    [321, { orderType: 'MKT', totalQuantity: '-1' }],
    [435, { orderType: 'MKT', account: undefined }],
    [321, { orderType: 'MKT', account: 'DU9' }],
    [200, { orderType: 'MKT', conId: 999 }],
    [321, { orderType: 'MKT', totalQuantity: '2000000000' }],
  ])('refuses with %i: %j', (code, fields) => {
    w.place(fields);
    expect(w.errors()).toEqual([code]);
    expect(w.store.orders.size).toBe(0);
  });
});

describe('times in force and hours', () => {
  const far = { orderType: 'LMT', lmtPrice: '90' };

  it('IOC takes what is there and cancels the rest', () => {
    w.market.quote(AAA, { bid: 100, ask: 100.05, last: 100, askSize: 40 });
    const id = w.place({ orderType: 'MKT', tif: 'IOC' });
    expect(w.state(id)).toEqual(['Cancelled', 40, 100.05]);
    w.hush();
    w.place({ ...far, tif: 'IOC' });
    expect(w.told.filter((t) => t.startsWith('orderStatus'))).toEqual([
      'orderStatus 2 PreSubmitted',
      'orderStatus 2 Submitted',
      'orderStatus 2 PendingCancel',
      'orderStatus 2 Cancelled',
    ]);
  });

  it('FOK fills whole or becomes Inactive', () => {
    w.market.quote(AAA, { bid: 100, ask: 100.05, last: 100, askSize: 99 });
    expect(w.state(w.place({ orderType: 'MKT', tif: 'FOK' }))).toEqual(['Inactive', 0, 0]);
    const whole = w.place({ orderType: 'MKT', tif: 'FOK', totalQuantity: '99' });
    expect(w.state(whole)[0]).toBe('Filled');
  });

  it('all or none and minimum size wait for enough', () => {
    w.market.quote(AAA, { bid: 100, ask: 100.05, last: 100, askSize: 60 });
    const all = w.place({ orderType: 'MKT', allOrNone: true });
    const least = w.place({ orderType: 'MKT', minQty: 80 });
    expect([w.state(all), w.state(least)]).toEqual([
      ['Submitted', 0, 0],
      ['Submitted', 0, 0],
    ]);
    w.market.quote(AAA, { bid: 100, ask: 100.05, last: 100, askSize: 190 });
    w.pass();
    expect([w.state(all)[0], w.state(least)[1]]).toEqual(['Filled', 90]);
    w.pass();
    expect(w.state(least)[0]).toBe('Filled');
  });

  it('DAY ends with the day, GTD at its time, GTC never', () => {
    const day = w.place(far);
    const until = w.place({ ...far, tif: 'GTD', goodTillDate: '20260414 13:00:00' });
    const kept = w.place({ ...far, tif: 'GTC' });
    w.pass(3600);
    expect([w.state(day)[0], w.state(until)[0]]).toEqual(['Submitted', 'Cancelled']);
    w.pass(8 * 3600);
    expect([w.state(day)[0], w.state(kept)[0]]).toEqual(['Cancelled', 'Submitted']);
  });

  it('good after time holds an order', () => {
    const id = w.place({ orderType: 'MKT', goodAfterTime: '20260414 12:30:00' });
    expect(w.state(id)[0]).toBe('PreSubmitted');
    w.pass(1800);
    expect(w.state(id)[0]).toBe('Filled');
  });

  it('outside regular hours only a limit order that says so works, and no stop is elected', () => {
    w.market.phaseNow = 'post';
    const plain = w.place({ orderType: 'LMT', lmtPrice: '101' });
    const flagged = w.place({ orderType: 'LMT', lmtPrice: '101', outsideRth: true });
    const stop = w.place({ orderType: 'STP', auxPrice: '99' });
    expect([plain, flagged, stop].map((id) => w.state(id)[0])).toEqual([
      'PreSubmitted',
      'Filled',
      'PreSubmitted',
    ]);
    expect(w.errors()).toEqual([399, 399]);
  });

  it('orders in another currency are taken and paid in it', () => {
    const id = w.place({ conId: EURO.conId, orderType: 'MKT' });
    expect(w.state(id)[0]).toBe('Filled');
    expect(w.accounts.get('DU1')?.cash).toMatchObject({ USD: 1e12, EUR: -10_010_002_500 });
  });
});
