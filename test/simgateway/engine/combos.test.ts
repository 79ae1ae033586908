// Combinations over time: they rest until their net price comes, and their legs trade together or not
// at all, in their ratio, at prices that make up the net price.
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { UNIT } from '../../../src/simgateway/accounts/value.ts';
import { AAA, byConId, CALL_100, CALL_110, ES, PUT_100, PUT_90 } from './contracts.ts';
import { createWorld, micros } from './world.ts';
import type { World } from './world.ts';

let w: World;
beforeEach(() => {
  w = createWorld();
  w.market.quote(CALL_100, { bid: 5, ask: 5.1, last: 5 });
  w.market.quote(CALL_110, { bid: 2, ask: 2.1, last: 2 });
});
const legs = [
  { conId: CALL_100.conId, ratio: 1, action: 'BUY', exchange: 'SMART' },
  { conId: CALL_110.conId, ratio: 1, action: 'SELL', exchange: 'SMART' },
];
const spread = {
  ...{ conId: 0, secType: 'BAG', symbol: 'AAA', currency: 'USD', exchange: 'SMART' },
  ...{ comboLegs: legs, orderType: 'LMT', totalQuantity: '10', lmtPrice: '2.9' },
};

describe('a resting combination', () => {
  it.each([
    [
      'its first leg',
      () => {
        w.market.quote(CALL_100, { bid: 4.8, ask: 4.9, last: 4.8 });
      },
    ],
    [
      'a later leg',
      () => {
        w.market.quote(CALL_110, { bid: 2.25, ask: 2.3, last: 2.25 });
      },
    ],
  ])('fills in a later interval when %s comes to its net price, or better', (_, move) => {
    const id = w.place(spread);
    for (let second = 0; second < 3; second += 1) w.pass();
    expect(w.state(id)).toEqual(['Submitted', 0, 0]);
    move();
    w.pass();
    const [status, filled, price] = w.state(id);
    expect([status, filled]).toEqual(['Filled', 10]);
    expect(price).toBeLessThanOrEqual(2.9);
  });

  it('waits while one leg has no size, and takes nothing of the other', () => {
    const id = w.place(spread);
    w.market.quote(CALL_100, { bid: 4, ask: 4.1, last: 4 });
    w.market.quote(CALL_110, { bid: 2, ask: 2.1, last: 2, bidSize: 0 });
    w.desk.evaluateAll();
    expect([w.state(id), w.market.top(CALL_100).askSize]).toEqual([
      ['Submitted', 0, 0],
      1000 * UNIT,
    ]);
    w.market.quote(CALL_110, { bid: 2, ask: 2.1, last: 2, bidSize: 4 });
    w.desk.evaluateAll();
    expect(w.state(id)).toEqual(['Submitted', 4, 2.1]);
  });

  it('survives a change of its limit, and fills at the new one', () => {
    const id = w.place(spread);
    w.place({ ...spread, orderId: id, lmtPrice: '3.1' });
    expect(w.state(id)).toEqual(['Filled', 10, 3.1]);
  });

  it('names no contract twice', () => {
    w.place({ ...spread, comboLegs: [legs[0], { ...legs[0], ratio: 2 }] as never });
    expect(w.errors()).toEqual([321]);
  });
});

const LEGS = [CALL_100, CALL_110, PUT_100, PUT_90, AAA, ES];
const cents = fc.integer({ min: -300, max: 300 });
const combination = fc.record({
  action: fc.constantFrom('BUY', 'SELL'),
  legs: fc.uniqueArray(
    fc.record({
      conId: fc.constantFrom(...LEGS.map((i) => i.conId)),
      ratio: fc.integer({ min: 1, max: 5 }),
      action: fc.constantFrom('BUY', 'SELL'),
      exchange: fc.constant('SMART'),
    }),
    { minLength: 2, maxLength: 4, selector: (leg) => leg.conId },
  ),
  units: fc.integer({ min: 1, max: 50 }),
  /** How far the limit is from what the market asks, in cents of net price. */
  away: cents,
});
const moves = fc.array(
  fc.record({
    leg: fc.constantFrom(...LEGS),
    ticks: fc.integer({ min: -60, max: 60 }),
    bidSize: fc.integer({ min: 0, max: 60 }),
    askSize: fc.integer({ min: 0, max: 60 }),
  }),
  { minLength: 5, maxLength: 40 },
);
type Combination = typeof combination extends fc.Arbitrary<infer C> ? C : never;

/** The net price in millionths that these leg prices make, as a fraction of the largest multiplier. */
function netOf(rows: Combination['legs'], priceOf: (conId: number) => number): number {
  const multipliers = rows.map(({ conId }) => byConId(conId)?.multiplier ?? 0);
  const value = rows.reduce((sum, { conId, ratio, action }, at) => {
    const sign = action === 'BUY' ? 1 : -1;
    return sum + sign * ratio * priceOf(conId) * (multipliers[at] ?? 0);
  }, 0);
  return value / Math.max(...multipliers);
}

/** Plays a combination over moving quotes; how many net fills it checked. */
function play(combo: Combination, quotes: typeof moves extends fc.Arbitrary<infer M> ? M : never) {
  const world = createWorld();
  world.accounts.forEach((account) => (account.cash = { USD: 1_000_000_000_000_000 }));
  const net = netOf(combo.legs, (conId) => byConId(conId)?.basePrice ?? 0);
  const limit = (Math.round(net / 10_000) + combo.away) / 100;
  const id = world.place({
    ...{ conId: 0, secType: 'BAG', orderType: 'LMT', tif: 'GTC', comboLegs: combo.legs },
    ...{ action: combo.action, totalQuantity: String(combo.units), lmtPrice: limit.toFixed(2) },
  });
  for (const { leg, ticks, bidSize, askSize } of quotes) {
    const bid = Number((leg.basePrice / 1_000_000 + ticks * 0.05).toFixed(2));
    world.market.quote(leg, {
      bid,
      ask: Number((bid + 0.05).toFixed(2)),
      last: bid,
      bidSize,
      askSize,
    });
    world.pass();
  }
  return { world, order: world.order(id), limit: micros(limit.toFixed(2)) };
}

it('the legs of a combination are all there, in their ratio, and make its net price', () => {
  let checked = 0;
  fc.assert(
    fc.property(combination, moves, (combo, quotes) => {
      const { world, order, limit } = play(combo, quotes);
      const { executions } = world.store;
      const size = combo.legs.length + 1;
      expect(executions.length % size).toBe(0);
      for (let at = 0; at < executions.length; at += size) {
        const [whole, ...parts] = executions.slice(at, at + size);
        if (whole === undefined) throw new Error('no summary');
        checked += 1;
        const isBuy = combo.action === 'BUY';
        expect(isBuy ? whole.price <= limit : whole.price >= limit).toBe(true);
        expect(parts.map((part) => [part.conId, part.shares, part.side])).toEqual(
          combo.legs.map(({ conId, ratio, action }) => [
            ...[conId, whole.shares * ratio],
            (action === 'BUY') === isBuy ? 'BOT' : 'SLD',
          ]),
        );
        const prices = new Map(parts.map((part) => [part.conId, part.price]));
        expect(netOf(combo.legs, (conId) => prices.get(conId) ?? 0)).toBeCloseTo(whole.price, 0);
      }
      for (const { conId, ratio, action } of combo.legs) {
        const sign = (action === 'BUY') === (combo.action === 'BUY') ? 1 : -1;
        const position = world.accounts.get('DU1')?.positions.get(conId)?.quantity ?? 0;
        // Not −0 for a combination that never traded.
        expect(position).toBe(sign * ratio * order.filled + 0);
      }
    }),
    { numRuns: 200, seed: 5 },
  );
  expect(checked).toBeGreaterThan(100);
});
