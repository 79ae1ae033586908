// What was signed no longer holds when it is to be sent: nobody is surprised, somebody is asked again.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  calmMarket,
  ended,
  framesOf,
  grant,
  propose,
  refusing,
  shownApproval,
  trail,
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

/** Waits for the second approval request of an order. */
function secondRound({ intentId, approvalId }: Proposed): Promise<Body> {
  return until('a second approval request', async () => {
    const shown = await view(product, intentId);
    const isNew = shown['approvalId'] !== approvalId && shown['state'] === 'AwaitingApproval';
    return isNew ? shown : null;
  });
}

function breachOf(shown: Body, term: string) {
  const breaches = shown['breaches'] as { term: string; signed: string; now: string }[];
  return breaches.find((breach) => breach.term === term);
}

describe('a grant after the market has left the band', () => {
  it('asks again with the difference; the old request is void, the new one fills', async () => {
    const first = await propose(product);
    await product.sim.setQuote('AAPL', { bid: '195.00', ask: '195.02', last: '195.01' });
    await until('the new price is seen', async () => {
      const { body } = await product.agent.get('/market/snapshot?symbol=AAPL');
      return body['ask'] === '195.02' ? true : null;
    });
    expect((await grant(product, first)).status).toBe(200);

    const shown = await secondRound(first);
    expect(shown).toMatchObject({ round: 2, state: 'AwaitingApproval' });
    expect(breachOf(shown, 'price.ask')).toMatchObject({ now: '195.02' });
    expect(breachOf(shown, 'price.ask')?.signed).toMatch(/^188\.1.* to 191\.9/);
    expect(await framesOf(product, first.intentId)).toBe(0);

    const second = shownApproval(shown);
    const approval = (await product.operator.get(`/approval/${second.approvalId}`)).body;
    expect(approval['envelope']).toMatchObject({ round: 2, quote: { ask: '195.02' } });
    expect(second.envelopeHash).not.toBe(first.envelopeHash);

    const old = await grant(product, first);
    expect(old.status).toBe(409);
    expect(old.body).toMatchObject({ code: 'APPROVAL_SUPERSEDED', details: { status: 'stale' } });
    const mixed = await grant(product, { ...second, envelopeHash: first.envelopeHash });
    expect(mixed.status).toBe(412);

    expect((await grant(product, second)).status).toBe(200);
    expect(await ended(product, first.intentId)).toMatchObject({
      state: 'Filled',
      averagePrice: '195.02',
      round: 2,
    });
    expect(await framesOf(product, first.intentId)).toBe(1);
    const told = (await trail(product, first.intentId)).map(({ type }) => type);
    expect(told.slice(0, 7)).toEqual([
      'OrderProposed',
      'GateEvaluated',
      'ApprovalRequested',
      'ApprovalGranted',
      'GateEvaluated',
      'ApprovalStale',
      'GateEvaluated',
    ]);
    expect(told.filter((type) => type === 'ApprovalRequested')).toHaveLength(2);
    expect(told.filter((type) => type === 'OrderSent')).toHaveLength(1);
  });
});

describe('a grant after the position has changed', () => {
  it('asks again and shows the position that was signed and the one that is', async () => {
    const first = await propose(product);
    const other = await propose(product);
    await grant(product, other);
    await ended(product, other.intentId);
    const filled = Number((await view(product, other.intentId))['filled']);
    const signed = (first.body['simulation'] as { positionBefore: string }).positionBefore;
    await until('the position has moved', async () => {
      const { body } = await product.agent.get('/positions');
      const aapl = (body['positions'] as { symbol: string; quantity: string }[]).find(
        ({ symbol }) => symbol === 'AAPL',
      );
      return Number(aapl?.quantity) === Number(signed) + filled ? true : null;
    });
    await grant(product, first);
    const shown = await secondRound(first);
    expect(shown).toMatchObject({ round: 2 });
    expect(breachOf(shown, 'position')).toEqual({
      term: 'position',
      signed,
      now: String(Number(signed) + filled),
    });
    await grant(product, shownApproval(shown));
    expect(await ended(product, first.intentId)).toMatchObject({ state: 'Filled', round: 2 });
    expect(await framesOf(product, first.intentId)).toBe(1);
  });
});

describe('a grant after the market has gone where the gate does not follow', () => {
  it('ends in Denied, with the rule that refused', async () => {
    const first = await propose(product, { orderType: 'LMT', limitPrice: '190.00' });
    await product.sim.setQuote('AAPL', { bid: '220.00', ask: '220.02', last: '220.01' });
    await until('the new price is seen', async () => {
      const { body } = await product.agent.get('/market/snapshot?symbol=AAPL');
      return body['ask'] === '220.02' ? true : null;
    });
    await grant(product, first);
    const done = await ended(product, first.intentId);
    expect(done).toMatchObject({ state: 'Denied', round: 2 });
    expect(refusing(done)).toContain('R14');
    expect(await framesOf(product, first.intentId)).toBe(0);
    const late = await grant(product, first);
    expect(late.status).toBe(409);
  });
});

describe('a second round that nobody decides', () => {
  it('is withdrawn like a first one', async () => {
    const first = await propose(product);
    await product.sim.setQuote('AAPL', { bid: '195.00', ask: '195.02', last: '195.01' });
    await until('the new price is seen', async () => {
      const { body } = await product.agent.get('/market/snapshot?symbol=AAPL');
      return body['ask'] === '195.02' ? true : null;
    });
    await grant(product, first);
    await secondRound(first);
    await product.agent.post(`/requests/${first.intentId}/withdraw`);
    expect(await ended(product, first.intentId)).toMatchObject({ state: 'Withdrawn' });
    expect(await framesOf(product, first.intentId)).toBe(0);
  });
});
