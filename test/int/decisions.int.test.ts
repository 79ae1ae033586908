// A human's word: declined, late, withdrawn, said twice, said two hundred times at once.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  allFrames,
  calmMarket,
  countIntents,
  deny,
  ended,
  framesOf,
  grant,
  newKey,
  order,
  propose,
  request,
  trail,
  view,
} from '../support/orders.ts';
import { startProduct, type Product } from '../support/product.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.stop());
beforeEach(() => calmMarket(product));

describe('a request that is not granted', () => {
  it('is declined with a reason that the agent reads', async () => {
    const proposed = await propose(product);
    const answer = await deny(product, proposed, 'not before the earnings call');
    expect(answer.status).toBe(200);
    expect(await ended(product, proposed.intentId)).toMatchObject({
      state: 'Declined',
      declineReason: 'not before the earnings call',
    });
    expect(await framesOf(product, proposed.intentId)).toBe(0);
    const late = await grant(product, proposed);
    expect(late.status).toBe(409);
    expect(late.body).toMatchObject({
      code: 'APPROVAL_DECIDED',
      details: { status: 'declined', winner: { decision: 'deny' } },
    });
    const told = (await trail(product, proposed.intentId)).map(({ type }) => type);
    expect(told).toEqual([
      'OrderProposed',
      'GateEvaluated',
      'ApprovalRequested',
      'ApprovalDeclined',
      'DecisionRefused',
    ]);
  });

  it('must be declined with a reason', async () => {
    const proposed = await propose(product);
    const answer = await deny(product, proposed, '');
    expect(answer.status).toBe(422);
    expect(await view(product, proposed.intentId)).toMatchObject({ state: 'AwaitingApproval' });
  });

  it('expires: nothing is sent, and a grant afterwards is refused', async () => {
    const proposed = await propose(product, { validForSeconds: 5 });
    const done = await ended(product, proposed.intentId);
    expect(done).toMatchObject({ state: 'Expired' });
    expect(done['next']).toMatch(/propose again/);
    const late = await grant(product, proposed);
    expect(late.status).toBe(409);
    expect(late.body).toMatchObject({ code: 'APPROVAL_EXPIRED' });
    expect(await framesOf(product, proposed.intentId)).toBe(0);
    expect((await trail(product, proposed.intentId)).map(({ type }) => type)).toContain(
      'ApprovalExpired',
    );
  });

  it('is withdrawn by its proposer, once and again', async () => {
    const proposed = await propose(product);
    const path = `/requests/${proposed.intentId}/withdraw`;
    expect((await product.agent.post(path)).body).toMatchObject({ state: 'Withdrawn' });
    expect((await product.agent.post(path)).body).toMatchObject({ state: 'Withdrawn' });
    expect(await ended(product, proposed.intentId)).toMatchObject({ state: 'Withdrawn' });
    const late = await grant(product, proposed);
    expect(late.status).toBe(409);
    expect(late.body).toMatchObject({ code: 'APPROVAL_WITHDRAWN' });
    expect(await framesOf(product, proposed.intentId)).toBe(0);
  });

  it('cannot be withdrawn once it is filled', async () => {
    const proposed = await propose(product);
    await grant(product, proposed);
    await ended(product, proposed.intentId);
    const answer = await product.agent.post(`/requests/${proposed.intentId}/withdraw`);
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'NOT_WITHDRAWABLE', details: { state: 'Filled' } });
  });

  it('withdrawal against grant: one of them wins, and both are told the same', async () => {
    for (let round = 0; round < 8; round += 1) {
      const proposed = await propose(product);
      const [granted, withdrawn] = await Promise.all([
        grant(product, proposed),
        product.agent.post(`/requests/${proposed.intentId}/withdraw`),
      ]);
      const done = await ended(product, proposed.intentId);
      expect([granted.status, withdrawn.status].sort()).toEqual([200, 409]);
      if (granted.status === 200) {
        expect(withdrawn.body).toMatchObject({ code: 'NOT_WITHDRAWABLE' });
        expect(done).toMatchObject({ state: 'Filled' });
        expect(await framesOf(product, proposed.intentId)).toBe(1);
      } else {
        expect(granted.body).toMatchObject({ code: 'APPROVAL_WITHDRAWN' });
        expect(done).toMatchObject({ state: 'Withdrawn' });
        expect(await framesOf(product, proposed.intentId)).toBe(0);
      }
    }
  });
});

describe('the same proposal again', () => {
  it('twenty at once with one key: one intent, one answer, one order', async () => {
    const before = await countIntents(product);
    const frames = await allFrames(product);
    const key = newKey('twenty');
    const body = order();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => request(product.agent, body, key)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(await countIntents(product)).toBe(before + 1);
    const intentId = String(answers[0]?.body['intentId']);
    await grant(product, {
      approvalId: String(answers[0]?.body['approvalId']),
      envelopeHash: String(answers[0]?.body['envelopeHash']),
    });
    expect(await ended(product, intentId)).toMatchObject({ state: 'Filled' });
    expect(await framesOf(product, intentId)).toBe(1);
    expect(await allFrames(product)).toBe(frames + 1);

    // After the end too: the same answer, and no second order.
    const again = await request(product.agent, body, key);
    expect(again.status).toBe(202);
    expect(again.body['intentId']).toBe(intentId);
    expect(await countIntents(product)).toBe(before + 1);
    expect(await allFrames(product)).toBe(frames + 1);
  });

  it('the same key with another body is refused and changes nothing', async () => {
    const key = newKey('reused');
    const proposed = await propose(product, {}, key);
    const before = await countIntents(product);
    const answer = await request(product.agent, order(), key);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      errors: [{ pointer: '/idempotencyKey' }],
    });
    expect(answer.body['hint']).toMatch(/new idempotencyKey/);
    expect(await countIntents(product)).toBe(before);
    expect(await view(product, proposed.intentId)).toMatchObject({ state: 'AwaitingApproval' });
  });
});

describe('two hundred grants at once', () => {
  it('one wins, the others are told what won, and one order leaves', async () => {
    const proposed = await propose(product);
    const answers = await Promise.all(Array.from({ length: 200 }, () => grant(product, proposed)));
    const won = answers.filter(({ status }) => status === 200);
    const lost = answers.filter(({ status }) => status !== 200);
    expect(won).toHaveLength(1);
    expect(lost).toHaveLength(199);
    for (const { status, body } of lost) {
      expect(status).toBe(409);
      expect(body).toMatchObject({
        code: 'APPROVAL_DECIDED',
        details: { winner: { decision: 'grant' } },
      });
    }
    expect(await ended(product, proposed.intentId)).toMatchObject({ state: 'Filled' });
    expect(await framesOf(product, proposed.intentId)).toBe(1);
    const events = await trail(product, proposed.intentId);
    expect(events.filter(({ type }) => type === 'ApprovalGranted')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'OrderSent')).toHaveLength(1);
  });

  it('a grant after the fill is told that it was consumed', async () => {
    const proposed = await propose(product);
    await grant(product, proposed);
    await ended(product, proposed.intentId);
    const answer = await grant(product, proposed);
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      code: 'APPROVAL_DECIDED',
      details: { status: 'consumed', winner: { decision: 'grant' } },
    });
    expect(await framesOf(product, proposed.intentId)).toBe(1);
  });

  it('a grant of another envelope is refused', async () => {
    const proposed = await propose(product);
    const answer = await grant(product, {
      ...proposed,
      envelopeHash: `sha256:${'0'.repeat(64)}`,
    });
    expect(answer.status).toBe(412);
    expect(answer.body).toMatchObject({
      code: 'ENVELOPE_MISMATCH',
      errors: [{ pointer: '/envelopeHash' }],
    });
    expect(await view(product, proposed.intentId)).toMatchObject({ state: 'AwaitingApproval' });
    expect(await framesOf(product, proposed.intentId)).toBe(0);
  });
});
