import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceOrder } from '../../../src/domain/simulate/order-pricing.ts';
import { simulateOrder } from '../../../src/domain/simulate/simulate-order.ts';
import { fixed } from '../../../src/domain/money/fixed.ts';
import type { OrderTerms } from '../../../src/domain/order/intent.ts';
import { anyTerms, noPrices } from '../../support/order-terms.ts';
import { d, gateCase, quote } from '../gate-facts.ts';

type Given = Partial<OrderTerms>;
const stop = (stopPrice: number, more: Given = {}): Given => ({
  orderType: 'STP',
  stopPrice: d(stopPrice),
  ...more,
});
const stopLimit = (stopPrice: number, limitPrice: number): Given => ({
  orderType: 'STP LMT',
  stopPrice: d(stopPrice),
  limitPrice: d(limitPrice),
});
const trail = (more: Given): Given => ({ orderType: 'TRAIL', ...more });
const sell = (given: Given): Given => ({ side: 'SELL', ...given });

/** Prices an order against 199.90 / 200.10, last 200, with a collar of 1 %. */
function price(given: Given, changed: Partial<typeof quote> = {}) {
  const { terms } = gateCase({ terms: { ...noPrices, ...given } });
  const priced = priceOrder(terms, { ...quote, ...changed }, d(100));
  if ('missing' in priced) return priced;
  return {
    stop: priced.stop?.text() ?? null,
    limit: priced.limit?.text() ?? null,
    fill: priced.fill.text(),
    reference: priced.reference.text(),
    worst: priced.worst.text(),
    now: priced.isMarketable,
    wakes: priced.isTriggered,
  };
}

const asleep = { wakes: false, now: false };

describe('what an order is priced at', () => {
  const cases: readonly (readonly [string, Given, object])[] = [
    ['MKT buys at the ask', { orderType: 'MKT' }, { fill: '200.1', worst: '202.101', now: true }],
    ['MKT sells at the bid', sell({ orderType: 'MKT' }), { fill: '199.9', worst: '201.899' }],
    [
      'STP buys beyond its stop by half the spread, at worst by the collar',
      stop(210),
      { stop: '210', fill: '210.1', reference: '210', worst: '212.1', limit: null, ...asleep },
    ],
    [
      'STP sells below its stop',
      sell(stop(180)),
      { stop: '180', fill: '179.9', reference: '180', worst: '181.8', ...asleep },
    ],
    ['a buy stop a cent above the ask waits', stop(200.11), asleep],
    [
      'a buy stop at the ask wakes: a market order',
      stop(200.1),
      { wakes: true, now: true, fill: '200.1', reference: '200', worst: '202.101' },
    ],
    ['a sell stop a cent below the bid waits', sell(stop(199.89)), asleep],
    ['a sell stop at the bid wakes', sell(stop(199.9)), { wakes: true, now: true, fill: '199.9' }],
    ['a sell stop above the market wakes', sell(stop(300)), { wakes: true, fill: '199.9' }],
    ['a buy stop below the market wakes', stop(100), { wakes: true, fill: '200.1' }],
    [
      'STP LMT buys at most at its limit',
      stopLimit(210, 212),
      { fill: '210.1', worst: '212', limit: '212', ...asleep },
    ],
    ['a tight STP LMT fills at its limit', stopLimit(210, 210), { fill: '210', worst: '210' }],
    [
      'STP LMT sells from its limit upwards, near its stop',
      sell(stopLimit(180, 178)),
      { fill: '179.9', worst: '180', limit: '178', ...asleep },
    ],
    [
      'a STP LMT that is awake is a limit order',
      sell(stopLimit(205, 199)),
      { wakes: true, now: true, fill: '199.9', worst: '199.9', reference: '200' },
    ],
    [
      'one that is awake and cannot be filled rests',
      sell(stopLimit(205, 204)),
      { wakes: true, now: false, fill: '204' },
    ],
    [
      'TRAIL by an amount sells from the bid downwards',
      sell(trail({ trailingAmount: d(5) })),
      { stop: '194.9', fill: '194.8', worst: '196.849', limit: null, ...asleep },
    ],
    [
      'TRAIL by percent buys from the ask upwards',
      trail({ trailingPercent: d(2) }),
      { stop: '204.102', fill: '204.202', worst: '206.14302', ...asleep },
    ],
    [
      'the market pulls a far start nearer at once; at worst it is where the terms say',
      trail({ trailingAmount: d(2), stopPrice: d(210) }),
      { stop: '202.1', worst: '212.1', ...asleep },
    ],
    [
      'a near start stands',
      sell(trail({ trailingAmount: d(10), stopPrice: d(195) })),
      { stop: '195', worst: '196.95', ...asleep },
    ],
    [
      'a start beyond the market wakes',
      sell(trail({ trailingAmount: d(1), stopPrice: d(201) })),
      { wakes: true },
    ],
    [
      'TRAIL LIMIT buys at most at its first stop and offset',
      {
        ...trail({ trailingAmount: d(2), stopPrice: d(210) }),
        orderType: 'TRAIL LIMIT',
        limitOffset: d('0.5'),
      },
      { stop: '202.1', limit: '202.6', fill: '202.2', worst: '210.5', ...asleep },
    ],
    [
      'TRAIL LIMIT sells from its offset upwards',
      sell({
        ...trail({ trailingAmount: d(10), stopPrice: d(195) }),
        orderType: 'TRAIL LIMIT',
        limitOffset: d('0.05'),
      }),
      { limit: '194.95', fill: '194.95', worst: '195', ...asleep },
    ],
    [
      'MOC prints near the last trade',
      { orderType: 'MOC' },
      { fill: '200', worst: '202', now: false },
    ],
    ['MOO too', sell({ orderType: 'MOO', tif: 'OPG' }), { fill: '200', worst: '202', now: false }],
    ['MKT for the opening too', { orderType: 'MKT', tif: 'OPG' }, { fill: '200', now: false }],
    [
      'LOC buys at most at its limit',
      { orderType: 'LOC', limitPrice: d(205) },
      { fill: '200.1', worst: '205', now: false },
    ],
    [
      'LOO sells from its limit upwards',
      sell({ orderType: 'LOO', tif: 'OPG', limitPrice: d(201) }),
      { fill: '201', worst: '201' },
    ],
  ];
  it.each(cases)('%s', (_name, given, expected) => {
    expect(price(given)).toMatchObject(expected);
  });

  it('counts the last trade for a stop as well as the quote', () => {
    expect(price(stop(205), { last: d(205) })).toMatchObject({ wakes: true });
    expect(price(stop(205), { last: d('204.99') })).toMatchObject(asleep);
    expect(price(stop(205), { last: null })).toMatchObject(asleep);
  });

  it.each<readonly [string, Given, Partial<typeof quote>]>([
    ['an auction without a last trade', { orderType: 'MOC' }, { last: null }],
    ['a trail as wide as the price', sell(trail({ trailingAmount: d('199.9') })), {}],
    [
      'a limit below zero',
      sell({
        orderType: 'TRAIL LIMIT',
        stopPrice: d(1),
        trailingAmount: d(199),
        limitOffset: d(1),
      }),
      {},
    ],
    ['no bid', stop(210), { bid: null }],
    ['no ask', { orderType: 'LOC', limitPrice: d(200) }, { ask: null }],
  ])('has no price for %s', (_name, given, changed) => {
    expect(price(given, changed)).toHaveProperty('missing');
  });
});

describe('properties', () => {
  const { terms: base, facts } = gateCase();

  it('no order is reckoned past its limit, and none below what it buys at', () => {
    fc.assert(
      fc.property(anyTerms(base), (terms) => {
        const priced = priceOrder(terms, quote, d(100));
        fc.pre(!('missing' in priced));
        const { limit, fill, worst } = priced;
        if (terms.side === 'BUY') {
          expect(fill.gt(worst) && limit !== null).toBe(false);
          if (limit !== null) expect(fill.gt(limit)).toBe(false);
        } else if (limit !== null) {
          expect(fill.lt(limit)).toBe(false);
        }
      }),
    );
  });

  it('the simulation is total and shows the stop', () => {
    fc.assert(
      fc.property(anyTerms(base), (terms) => {
        const simulated = simulateOrder(terms, facts);
        if ('missing' in simulated) return;
        const isStop = terms.stopPrice !== null || terms.orderType.startsWith('TRAIL');
        expect(simulated.stopPrice === null).toBe(!isStop);
        expect(fixed(simulated.worstNotional).isPositive()).toBe(true);
        if (simulated.marketable) expect(simulated.triggersAtOnce).toBe(isStop);
      }),
    );
  });
});
