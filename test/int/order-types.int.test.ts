// Orders that wait, through the whole product: proposed, countersigned, at the broker with the very terms that were
// signed, woken or ended by the market, and followed to the end.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  calmMarket,
  ended,
  framesOf,
  grant,
  inState,
  newKey,
  order,
  propose,
  request,
  setMarketTime,
  until,
  view,
  type Body,
  type Proposed,
} from '../support/orders.ts';
import { startProduct, type Product } from '../support/product.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.stop());
beforeEach(() => calmMarket(product));

/** Grants, and waits until the order works at the broker. */
async function working(proposed: Proposed): Promise<Body> {
  expect((await grant(product, proposed)).status).toBe(200);
  return inState(product, proposed.intentId, 'Working');
}

/** What the broker's socket was told, by field name. */
async function sent({ intentId }: Proposed): Promise<Record<string, unknown>> {
  const { entries } = await product.sim.journal({ message: 'placeOrder', orderRef: intentId });
  const [frame] = entries.filter(
    ({ fields, direction }) => direction === 'in' && !fields['whatIf'],
  );
  expect(await framesOf(product, intentId)).toBe(1);
  return frame?.fields ?? {};
}

const quote = (bid: string, ask: string, last: string) =>
  product.sim.setQuote('AAPL', { bid, ask, last });

/** Waits until the gate sees that ask. */
const seen = (ask: string) =>
  until(`the ask of ${ask} is seen`, async () => {
    const { body } = await product.agent.get('/market/snapshot?symbol=AAPL');
    return Number(body['ask']) === Number(ask) ? true : null;
  });

describe('an order that waits for its price', () => {
  it('STP LMT: sleeps at the broker until the market reaches its stop, then fills within its limit', async () => {
    const prices = { stopPrice: '191.00', limitPrice: '191.50' };
    const proposed = await propose(product, { orderType: 'STP LMT', ...prices });
    expect(proposed.body['simulation']).toMatchObject({
      stopPrice: '191',
      triggersAtOnce: false,
      marketable: false,
      referencePrice: '191',
    });
    const shown = await working(proposed);
    expect(shown['summary']).toMatch(/^Buy \d+ AAPL, stop 191.00, limit 191.50, for the day$/);
    const fields = await sent(proposed);
    expect(fields).toMatchObject({ orderType: 'STP LMT', tif: 'DAY', transmit: true });
    expect([Number(fields['lmtPrice']), Number(fields['auxPrice'])]).toEqual([191.5, 191]);
    await quote('190.97', '190.99', '190.98');
    await seen('190.99');
    expect(await view(product, proposed.intentId)).toMatchObject({ state: 'Working', filled: '0' });
    await quote('191.02', '191.04', '191.03');
    expect(await ended(product, proposed.intentId)).toMatchObject({
      state: 'Filled',
      averagePrice: '191.04',
      remaining: '0',
    });
  });

  it('TRAIL: follows the market up and sells when it turns', async () => {
    const proposed = await propose(product, {
      ...{ side: 'SELL', quantity: '7', orderType: 'TRAIL', tif: 'GTC' },
      ...{ trailingAmount: '1.00', stopPrice: '188.50' },
    });
    const shown = await working(proposed);
    expect(shown['summary']).toBe('Sell 7 AAPL, stop 188.50, trailing 1.00, good till cancelled');
    const fields = await sent(proposed);
    expect(fields).toMatchObject({ orderType: 'TRAIL', tif: 'GTC' });
    expect([Number(fields['auxPrice']), Number(fields['trailStopPrice'])]).toEqual([1, 188.5]);
    await quote('193.00', '193.02', '193.01');
    await seen('193.02');
    await quote('192.10', '192.12', '192.11');
    await seen('192.12');
    expect(await view(product, proposed.intentId)).toMatchObject({ state: 'Working', filled: '0' });
    // Far above the start: only a stop that has followed the market is reached here.
    await quote('191.90', '191.92', '191.91');
    expect(await ended(product, proposed.intentId)).toMatchObject({
      state: 'Filled',
      averagePrice: '191.9',
    });
  });

  it('is another order once the market has passed its stop: the human is asked anew, nothing is sent', async () => {
    const proposed = await propose(product, { orderType: 'STP', stopPrice: '190.50' });
    await quote('190.58', '190.60', '190.59');
    await seen('190.60');
    expect((await grant(product, proposed)).status).toBe(200);
    const shown = await until('a second approval request', async () => {
      const now = await view(product, proposed.intentId);
      return now['round'] === 2 && now['state'] === 'AwaitingApproval' ? now : null;
    });
    expect(shown['breaches']).toContainEqual({
      term: 'stopPrice',
      signed: '190.5, not reached',
      now: 'reached: bid 190.58, ask 190.6, last 190.59',
    });
    expect(shown['simulation']).toMatchObject({ triggersAtOnce: true });
    expect(await framesOf(product, proposed.intentId)).toBe(0);
    await product.agent.post(`/requests/${proposed.intentId}/withdraw`);
  });
});

describe('an order that ends', () => {
  it('GTD: is cancelled by the broker at its end, and one whose end is over is denied', async () => {
    await setMarketTime(product, '2026-11-24T16:30:00Z', '2026-11-24 11:30');
    const terms = { quantity: '6', orderType: 'LMT', limitPrice: '187.00', tif: 'GTD' };
    const goodTillDate = '2026-11-24T12:00:00-05:00';
    const proposed = await propose(product, { ...terms, goodTillDate });
    expect(await working(proposed)).toMatchObject({
      terms: { tif: 'GTD', goodTillDate: '2026-11-24T17:00:00.000Z' },
    });
    expect(await sent(proposed)).toMatchObject({ tif: 'GTD', goodTillDate: '20261124-17:00:00' });
    await setMarketTime(product, '2026-11-24T17:00:01Z', '2026-11-24 12:00');
    expect(await ended(product, proposed.intentId)).toMatchObject({
      state: 'Cancelled',
      filled: '0',
    });

    const late = await request(product.agent, order({ ...terms, goodTillDate }), newKey());
    expect(late.body).toMatchObject({ state: 'Denied' });
    expect(JSON.stringify(late.body['verdict'])).toContain('good till 2026-11-24T17:00:00.000Z');
  });
});

describe('an order for an auction', () => {
  it('LOC: waits for the close and fills in its auction; after the cut-off none is taken', async () => {
    // A price that is held by hand has no auction: the market goes its own way here.
    await product.sim.resetQuotes();
    await setMarketTime(product, '2026-11-24T20:30:00Z', '2026-11-24 15:30');
    const { ask } = await product.sim.quote('AAPL');
    const limitPrice = (Number(ask) * 1.02).toFixed(2);
    const proposed = await propose(product, { quantity: '9', orderType: 'LOC', limitPrice });
    expect(await working(proposed)).toMatchObject({ terms: { orderType: 'LOC', tif: 'DAY' } });
    expect(await sent(proposed)).toMatchObject({ orderType: 'LOC', tif: 'DAY' });

    await setMarketTime(product, '2026-11-24T20:50:00Z', '2026-11-24 15:50');
    const late = await request(product.agent, order({ quantity: '8', orderType: 'MOC' }), newKey());
    expect(late.body).toMatchObject({ state: 'Denied' });
    expect(JSON.stringify(late.body['verdict'])).toContain('the cut-off of the closing auction');
    expect(await view(product, proposed.intentId)).toMatchObject({ state: 'Working', filled: '0' });

    await product.sim.setClock({ instant: '2026-11-24T21:00:05Z', running: true });
    const done = await ended(product, proposed.intentId);
    expect(done).toMatchObject({ state: 'Filled' });
    expect(Number(done['averagePrice'])).toBeLessThanOrEqual(Number(limitPrice));
  });
});
