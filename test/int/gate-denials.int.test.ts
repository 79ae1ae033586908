// The gate, through the door: each first-cut rule refuses once, and says what it saw and what it allows.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  allFrames,
  calmMarket,
  ended,
  grant,
  order,
  propose,
  refusing,
  request,
  rules,
  setMarketTime,
  trail,
  until,
  type Body,
} from '../support/orders.ts';
import { startProduct, type Product } from '../support/product.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.stop());
beforeEach(() => calmMarket(product));
afterEach(async () => {
  await product.sim.setMarketDataAccess('live');
  await product.sim.setQuote('AAPL', { frozen: false, halted: false });
});

/** Proposes and expects a denial, by exactly these rules; nothing was sent and nobody is asked. */
async function denied(changes: Body, by: readonly string[]): Promise<Body> {
  const { status, body } = await request(product.agent, order(changes));
  expect(status).toBe(202);
  expect(body).toMatchObject({ state: 'Denied', approvalId: null });
  expect(refusing(body)).toEqual(by);
  const told = (await trail(product, String(body['intentId']))).map(({ type }) => type);
  expect(told).toEqual(['OrderProposed', 'GateEvaluated', 'OrderDenied']);
  expect(await allFrames(product)).toBe(0);
  return body;
}

function said(body: Body, rule: string) {
  return rules(body).find((one) => one.rule === rule);
}

describe('the gate denies', () => {
  it('R0: selling what the account does not hold', async () => {
    await denied({ side: 'SELL', quantity: '41' }, ['R0']);
  });

  it('R1: names the rule, what it observed and its limit, for machines and for people', async () => {
    const body = await denied({ quantity: '300', orderType: 'LMT', limitPrice: '190.00' }, [
      'R1',
      'R9',
      'R20',
    ]);
    expect(said(body, 'R1')).toMatchObject({
      outcome: 'deny',
      observed: '57000',
      limit: '50000',
      unit: 'base currency',
    });
    expect(body['next']).toMatch(/R1 .*57000.*limit 50000/);
    expect(body['next']).toMatch(/idempotencyKey/);
  });

  it('R2: a position too large for the account', async () => {
    // Many shares of a cheap instrument would meet R13 first; 600 shares of AAPL meet R1 as well.
    const body = await denied({ quantity: '600', orderType: 'LMT', limitPrice: '190.00' }, [
      'R1',
      'R2',
      'R9',
      'R20',
    ]);
    expect(said(body, 'R2')).toMatchObject({ outcome: 'deny', limit: '0.1' });
  });

  it('R5: outside regular hours where the policy does not allow it', async () => {
    await denied({ outsideRth: true, orderType: 'LMT', limitPrice: '190.00' }, ['R5']);
  });

  it('R13: too many units, however cheap', async () => {
    const body = await denied({ quantity: '99999999', orderType: 'LMT', limitPrice: '190.00' }, [
      'R0',
      'R1',
      'R2',
      'R3',
      'R4',
      'R6',
      'R9',
      'R10',
      'R13',
      'R20',
    ]);
    expect(said(body, 'R13')).toMatchObject({ observed: '99999999', limit: '5000' });
  });

  it('R14: a limit far from the market', async () => {
    const body = await denied({ orderType: 'LMT', limitPrice: '200.00' }, ['R4', 'R14']);
    expect(said(body, 'R14')).toMatchObject({ outcome: 'deny', limit: '300' });
  });

  it('R14: a spread too wide for a market order', async () => {
    await product.sim.setQuote('AAPL', { bid: '188.00', ask: '190.00' });
    const body = await denied({}, ['R4', 'R14']);
    expect(said(body, 'R14')).toMatchObject({ outcome: 'deny', limit: '50' });
  });

  it('R14: a halted instrument', async () => {
    await product.sim.setQuote('AAPL', { halted: true });
    const body = await denied({}, ['R14']);
    expect(said(body, 'R14')).toMatchObject({ observed: 'halted', limit: 'trading' });
  });

  it('R14: delayed quotes', async () => {
    await product.sim.setMarketDataAccess('delayed');
    const body = await denied({ instrument: { symbol: 'MSFT' } }, ['R14']);
    expect(said(body, 'R14')).toMatchObject({ observed: 'delayed quote', limit: 'live' });
  });

  it('R14: a crossed quote cannot be judged', async () => {
    await product.sim.setQuote('AAPL', { bid: '190.20', ask: '190.00' });
    const { body } = await request(product.agent, order());
    expect(body).toMatchObject({ state: 'Denied' });
    expect(said(body, 'R14')).toMatchObject({ outcome: 'cannot-evaluate' });
    expect(said(body, 'R14')?.missing).toMatch(/crossed/);
  });

  it('R15: the same order again within a minute, under another key', async () => {
    const again = order();
    const first = await request(product.agent, again);
    expect(first.body).toMatchObject({ state: 'AwaitingApproval' });
    const second = await request(product.agent, again);
    expect(second.body).toMatchObject({ state: 'Denied' });
    expect(second.body['intentId']).not.toBe(first.body['intentId']);
    expect(refusing(second.body)).toEqual(['R15']);
    expect(said(second.body, 'R15')).toMatchObject({ observed: '1', limit: '0' });
  });

  it('what cannot be evaluated: without market data nothing passes', async () => {
    await product.sim.setMarketDataAccess('none');
    const { body } = await request(product.agent, order({ instrument: { symbol: 'NVDA' } }));
    expect(body).toMatchObject({ state: 'Denied' });
    expect(rules(body).filter(({ outcome }) => outcome === 'cannot-evaluate')).not.toHaveLength(0);
    expect(said(body, 'R14')).toMatchObject({ outcome: 'cannot-evaluate' });
    expect(said(body, 'R14')?.missing).toMatch(/^quote: .*no market data/);
    expect(body['next']).toMatch(/cannot be judged/);
  });

  it('R14: a quote that never comes cannot be judged either', async () => {
    await product.sim.armFault({ kind: 'missing-message', message: 'tickPrice', times: 1000 });
    const { body } = await request(product.agent, order({ instrument: { symbol: 'IBM' } }));
    await product.sim.clearFaults();
    expect(body).toMatchObject({ state: 'Denied' });
    expect(said(body, 'R14')).toMatchObject({ outcome: 'cannot-evaluate' });
  });

  it('and tells the same by evaluate_risk without recording anything', async () => {
    const { body } = await product.agent.post('/risk/evaluate', {
      ...order({ quantity: '300', orderType: 'LMT', limitPrice: '190.00' }),
    });
    expect(body['verdict']).toMatchObject({ outcome: 'deny' });
    expect(body['next']).toMatch(/R1 .*57000.*limit 50000/);
    expect(await allFrames(product)).toBe(0);
  });
});

describe('R8', () => {
  it('denies new risk after a bad day, and lets exits through', async () => {
    await product.sim.setQuote('SPY', { bid: '200.00', ask: '200.02', last: '200.01' });
    // The broker tells the day's profit with the next change of what is held.
    const proposed = await propose(product);
    await grant(product, proposed);
    await ended(product, proposed.intentId);
    await until('the daily loss is seen', async () => {
      const { body } = await product.agent.post('/risk/evaluate', order());
      return refusing(body).includes('R8') ? true : null;
    });
    const { body } = await request(product.agent, order());
    expect(body).toMatchObject({ state: 'Denied' });
    expect(refusing(body)).toEqual(['R8']);
    expect(said(body, 'R8')).toMatchObject({ outcome: 'deny', limit: '5000' });
    const later = await request(product.agent, order({ quantity: '4' }));
    expect(refusing(later.body)).toEqual(['R8']);
    expect(said(later.body, 'R8')?.observed).toMatch(/^latched since 2026-.*Z: \d+/);
    const exit = await request(product.agent, order({ side: 'SELL' }));
    expect(exit.body).toMatchObject({ state: 'AwaitingApproval' });
  });
});

describe('R5 denies at the wrong time', () => {
  it.each([
    ['after hours', '2026-11-24T21:30:00Z', '2026-11-24 16:3'],
    ['Thanksgiving', '2026-11-26T16:00:00Z', '2026-11-26 11:0'],
    ['the afternoon of a half day', '2026-11-27T19:00:00Z', '2026-11-27 14:0'],
    ['a Sunday', '2026-11-29T16:00:00Z', '2026-11-29 11:0'],
  ])('%s', async (_what, instant, local) => {
    const before = await allFrames(product);
    await setMarketTime(product, instant, local);
    const { body } = await request(product.agent, order());
    expect(body).toMatchObject({ state: 'Denied' });
    expect(refusing(body)).toContain('R5');
    expect(said(body, 'R5')).toMatchObject({ outcome: 'deny' });
    expect(said(body, 'R5')?.observed).toContain(local);
    expect(said(body, 'R5')?.limit).toMatch(/^regular hours/);
    expect(await allFrames(product)).toBe(before);
  });
});
