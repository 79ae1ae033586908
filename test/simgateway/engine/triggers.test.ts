// Which prices elect a stop: the source, how often in a row, and from when on.
import { beforeEach, describe, expect, it } from 'vitest';
import { AAA, CALL_100 } from './contracts.ts';
import { CLOSE, createWorld, NOON } from './world.ts';
import type { World } from './world.ts';

let w: World;
beforeEach(() => {
  w = createWorld();
});
const stop = (triggerMethod: number, more: object = {}) =>
  w.place({ orderType: 'STP', auxPrice: '101', triggerMethod, ...more });
/** A new quote; the last price stays below every stop unless it is given. */
const quote = (bid: number, ask: number, last = 100, i = AAA) => {
  w.clock.advance(1000);
  w.market.quote(i, { bid, ask, last });
  w.desk.evaluateAll();
};
const isHeld = (id: number) => w.state(id)[0] === 'PreSubmitted';

describe('trigger methods', () => {
  it.each([
    { method: 0, name: 'the last price', quotes: [false, false, true] },
    { method: 1, name: 'two asks in a row', quotes: [false, true, true] },
    { method: 2, name: 'the last price', quotes: [false, false, true] },
    { method: 4, name: 'the ask', quotes: [true, true, true] },
    { method: 7, name: 'the last price or the ask', quotes: [true, true, true] },
    { method: 8, name: 'the mid price', quotes: [false, false, true] },
  ])('$method looks at $name', ({ method, quotes }) => {
    const id = stop(method);
    const seen = [];
    quote(100.8, 101.1);
    seen.push(!isHeld(id));
    quote(100.8, 101);
    seen.push(!isHeld(id));
    quote(101.1, 101.3, 101);
    seen.push(!isHeld(id));
    expect(seen).toEqual(quotes);
  });

  it('1 begins again when a quote between does not reach the stop', () => {
    const id = stop(1);
    quote(100.8, 101.1);
    quote(100.8, 100.9);
    quote(100.8, 101.1);
    expect(isHeld(id)).toBe(true);
    w.desk.evaluateAll();
    expect(isHeld(id)).toBe(true);
    quote(100.8, 101.1);
    expect(isHeld(id)).toBe(false);
  });

  it('3 wants two prints in a row', () => {
    const id = stop(3);
    for (const price of [101, 100.5, 101]) {
      w.print(AAA, price, 1);
      expect(isHeld(id)).toBe(true);
    }
    w.print(AAA, 101.2, 1);
    expect(isHeld(id)).toBe(false);
  });

  it('trail by two in a row as well', () => {
    const id = w.place({ orderType: 'TRAIL', action: 'SELL', auxPrice: '1', triggerMethod: 1 });
    quote(99, 99.05);
    expect(isHeld(id)).toBe(true);
    quote(98.9, 98.95);
    expect(isHeld(id)).toBe(false);
  });

  it('of options is the double quote unless another is asked for', () => {
    const option = { conId: CALL_100.conId, auxPrice: '6', totalQuantity: '1' };
    const [usual, last] = [stop(0, option), stop(2, option)];
    quote(5.9, 6, 6, CALL_100);
    expect([usual, last].map(isHeld)).toEqual([true, false]);
    quote(5.9, 6, 5, CALL_100);
    expect(isHeld(usual)).toBe(false);
  });
});

describe('prints that do not count', () => {
  const print = (at: number, price: number, units = 1000) =>
    w.market.tape.push({ conId: AAA.conId, at, price: price * 1_000_000, size: units * 1_000_000 });

  it('are those before the time an order is good after', () => {
    const id = stop(2, { goodAfterTime: '20260414 12:05:00' });
    print(NOON + 60_000, 102);
    w.pass(400);
    expect(isHeld(id)).toBe(true);
    print(w.clock.now() + 500, 102);
    w.pass();
    expect(isHeld(id)).toBe(false);
  });

  it('are those outside the hours of the order', () => {
    w.market.closesAt = CLOSE;
    const [limit, held] = [w.place({ orderType: 'LMT', lmtPrice: '99', tif: 'GTC' }), stop(2)];
    const late = { orderType: 'LMT', lmtPrice: '99', tif: 'GTC', outsideRth: true };
    const extended = w.place(late);
    w.clock.set({ instant: CLOSE + 60_000 });
    print(CLOSE + 30_000, 98);
    print(CLOSE + 31_000, 102);
    w.desk.evaluateAll();
    expect(w.state(extended)[0]).toBe('Filled');
    expect([w.state(limit)[1], isHeld(held)]).toEqual([0, true]);
    w.market.closesAt = undefined;
    w.pass();
    expect([w.state(limit)[1], isHeld(held)]).toEqual([0, true]);
  });
});

describe('a jump of the clock', () => {
  const HOUR = 3600_000;
  const print = (at: number, price: number, units: number) =>
    w.market.tape.push({ conId: AAA.conId, at, price: price * 1_000_000, size: units * 1_000_000 });
  const jumpTo = (instant: number) => {
    w.clock.set({ instant });
    w.market.refresh();
    w.desk.evaluateAll();
  };

  it('fills at most what its last ten minutes printed, and nothing twice', () => {
    const id = w.place({ orderType: 'LMT', lmtPrice: '99', totalQuantity: '500' });
    print(NOON + 60_000, 98, 400);
    print(NOON + 2 * HOUR - 5 * 60_000, 98, 30);
    jumpTo(NOON + 2 * HOUR);
    expect(w.state(id)).toEqual(['Submitted', 30, 99]);
    jumpTo(NOON + 2 * HOUR);
    jumpTo(NOON + 2 * HOUR - HOUR);
    jumpTo(NOON + 2 * HOUR);
    expect(w.state(id)).toEqual(['Submitted', 30, 99]);
  });

  it('ends what expired in it unfilled, holds the auctions in it, and leaves the rest', () => {
    w.market.crosses.push({ kind: 'close', at: CLOSE, price: 100_500_000 });
    const rest = { orderType: 'LMT', lmtPrice: '99' };
    const day = w.place(rest);
    const until = w.place({ ...rest, tif: 'GTD', goodTillDate: '20260414 13:00:00' });
    const kept = w.place({ ...rest, tif: 'GTC' });
    const auction = w.place({ orderType: 'MOC' });
    print(NOON + 60_000, 98, 5000);
    jumpTo(NOON + 72 * HOUR);
    expect([day, until, kept].map((id) => w.state(id))).toEqual([
      ['Cancelled', 0, 0],
      ['Cancelled', 0, 0],
      ['Submitted', 0, 0],
    ]);
    expect(w.state(auction)).toEqual(['Filled', 100, 100.5]);
  });

  it('back lets nothing fill from prints that were counted', () => {
    print(NOON + 500, 98, 60);
    const id = w.place({ orderType: 'LMT', lmtPrice: '99' });
    w.pass();
    expect(w.state(id)[1]).toBe(60);
    jumpTo(NOON + 100);
    w.pass();
    expect(w.state(id)[1]).toBe(60);
  });
});
