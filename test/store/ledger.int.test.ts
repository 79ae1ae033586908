import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PrincipalId } from '../../src/domain/ids.ts';
import type { DecimalText } from '../../src/domain/money/decimal.ts';
import type { EnvelopeHash } from '../../src/domain/order/envelope.ts';
import { createPgStore } from '../../src/store/pg/store.ts';
import type { Store } from '../../src/store/port.ts';
import { administer, createDatabase, query, type TestDatabase } from '../support/database.ts';
import {
  awaiting,
  decisionOn,
  gateInput,
  granted,
  limitedTo,
  newApprovalId,
  newIntent,
  newIntentId,
  noFacts,
  sealWith,
  sent,
  submitInput,
  worker,
} from '../support/ledger-fixtures.ts';

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createDatabase();
  store = await createPgStore({ databaseUrl: database.appUrl });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const typesOf = async (intentId: string): Promise<string[]> =>
  (await store.audit.query({ intentId, limit: 100 })).map(
    ({ body }) => (JSON.parse(body) as { type: string }).type,
  );

describe('proposals', () => {
  it('makes one row of fifty parallel duplicates', async () => {
    const intent = newIntent();
    const receipts = await Promise.all(
      Array.from({ length: 50 }, () =>
        store.ledger.recordIntent({ ...intent, intentId: newIntentId() }),
      ),
    );
    expect(receipts.filter(({ kind }) => kind === 'recorded')).toHaveLength(1);
    expect(receipts.filter(({ kind }) => kind === 'same')).toHaveLength(49);
    const ids = new Set(receipts.map((receipt) => 'intentId' in receipt && receipt.intentId));
    expect(ids.size).toBe(1);
    const rows = await query(
      database.ownerUrl,
      'SELECT 1 FROM intents WHERE idempotency_key = $1',
      [intent.idempotencyKey],
    );
    expect(rows).toHaveLength(1);
  });

  it('refuses the same key for another body', async () => {
    const intent = newIntent();
    await store.ledger.recordIntent(intent);
    const other = { ...intent, intentId: newIntentId(), bodyHash: 'sha256:other' };
    expect(await store.ledger.recordIntent(other)).toEqual({ kind: 'conflict' });
  });

  it('shows a recent proposal with every price that it carried, for the look-alike rule', async () => {
    const account = 'DU1000077';
    const { terms, ...rest } = newIntent({ account });
    const prices = {
      ...{ limitPrice: null, stopPrice: '180.5', trailingAmount: null },
      ...{ trailingPercent: '2', limitOffset: '0.15' },
    } as Partial<typeof terms>;
    await store.ledger.recordIntent({
      ...rest,
      terms: { ...terms, orderType: 'TRAIL LIMIT', ...prices },
    });
    const { conId } = terms;
    const { value } = await store.ledger.peekLedgerFacts(account as never, { conId });
    expect(value.recentIntents).toMatchObject([{ intentId: rest.intentId, ...prices }]);
  });

  it('gives back what was stored', async () => {
    const { actor, ...intent } = newIntent();
    await store.ledger.recordIntent({ ...intent, actor });
    const stored = await store.ledger.intent(intent.intentId);
    expect(stored).toMatchObject(intent);
    expect(stored?.proposedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const { proposer, idempotencyKey } = intent;
    expect(await store.ledger.intentByKey(proposer, idempotencyKey)).toEqual(stored);
    expect(await store.ledger.intentByKey('agt_other' as never, idempotencyKey)).toBeNull();
    expect(await store.ledger.intentByKey(proposer, `${idempotencyKey}x`)).toBeNull();
  });
});

describe('the gate', () => {
  it('lets one of ten parallel orders of 60 % of the limit pass', async () => {
    const intents = Array.from({ length: 10 }, () => newIntent({ account: 'DU2000001' }));
    await Promise.all(intents.map((intent) => store.ledger.recordIntent(intent)));
    const evaluate = limitedTo('3158.33'); // one order is 1,895, that is 60 %
    const outcomes = await Promise.all(
      intents.map(({ intentId }) => store.ledger.recordGate(gateInput(intentId, { evaluate }))),
    );
    expect(outcomes.filter(({ kind }) => kind === 'awaiting')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'denied')).toHaveLength(9);
  });

  it('answers the same round the same way without evaluating again', async () => {
    const { intentId, ...first } = await awaiting(store);
    const again = await store.ledger.recordGate(
      gateInput(intentId, {
        evaluate: () => {
          throw new Error('evaluated again');
        },
      }),
    );
    expect(again).toEqual(first);
    expect(await typesOf(intentId)).toEqual([
      'OrderProposed',
      'GateEvaluated',
      'ApprovalRequested',
    ]);
  });

  it('puts the facts into the audit whole', async () => {
    const { intentId } = await awaiting(store);
    const events = await store.audit.query({ intentId, type: 'GateEvaluated', limit: 1 });
    const { payload } = JSON.parse(events[0]!.body) as { payload: Record<string, unknown> };
    expect(payload['facts']).toMatchObject({ ...noFacts, account: 'DU1000001' });
    expect(Object.keys(payload).sort()).toEqual(
      [
        'approvalId',
        'at',
        'facts',
        'priceBand',
        'reservedNotional',
        'simulation',
        'verdict',
      ].sort(),
    );
  });

  it('releases a reservation when the order ends, and not before', async () => {
    const account = 'DU2000002';
    const evaluate = limitedTo('3158.33');
    const first = await awaiting(store, { intent: newIntent({ account }), evaluate });
    const held = async (): Promise<number> =>
      (await store.ledger.peekLedgerFacts(account as never)).value.reservations.length;
    expect(await held()).toBe(1);
    await store.ledger.recordDecision(decisionOn(first));
    expect(await held()).toBe(1);
    await store.ledger.submit(submitInput(first, { findBreaches: () => breach }));
    expect(await held()).toBe(1); // stale: it will be asked again
    await store.ledger.recordGate(
      gateInput(first.intentId, { round: 2, evaluate: limitedTo('1') }),
    );
    expect(await held()).toBe(0); // denied in its second round
  });

  it('counts an order once, whatever the snapshot of the broker shows', async () => {
    const account = 'DU2000003';
    const { intentId } = await sent(store, { intent: newIntent({ account }) });
    const seen = (orders: string[], at: string): { brokerFacts: typeof noFacts } => ({
      brokerFacts: {
        ...noFacts,
        portfolio: { value: {}, source: 'test', at } as never,
        workingOrders: {
          value: orders.map((orderRef) => ({ orderRef })),
          source: 'test',
          at,
        } as never,
      },
    });
    const reserved = async (orders: string[], at: string): Promise<number> =>
      (await store.ledger.peekLedgerFacts(account as never, seen(orders, at))).value.reservations
        .length;
    expect(await reserved([], '2026-11-24T14:29:00.000Z')).toBe(1);
    expect(await reserved([intentId], '2026-11-24T14:29:00.000Z')).toBe(0);
    const { fillEvent } = await import('../support/ledger-fixtures.ts');
    const fill = fillEvent(intentId, `count.${intentId}.01`, '10');
    await store.ledger.recordBrokerEvents([fill]);
    await store.ledger.applyBrokerEvents(intentId);
    // A snapshot from before the fill shows neither the order nor the position.
    expect(await reserved([], '2026-11-24T14:29:00.000Z')).toBe(1);
    expect(await reserved([], '2026-11-24T23:00:00.000Z')).toBe(0);
  });
});

describe('doubt', () => {
  it('shows an unconfirmed order to every other one in its instrument until it is settled', async () => {
    const account = 'DU2000009';
    const { intentId } = await sent(store, { intent: newIntent({ account }) });
    const unconfirmed = async (conId: number): Promise<readonly string[]> =>
      (await store.ledger.peekLedgerFacts(account as never, { conId: conId as never })).value
        .unconfirmed;
    expect(await unconfirmed(265598)).toEqual([]);
    await store.ledger.markUnconfirmed(intentId, 'no answer', worker);
    expect(await unconfirmed(265598)).toEqual([intentId]);
    expect(await unconfirmed(272093)).toEqual([]);
    await store.ledger.markNotSent(intentId, 'proven absent', worker);
    expect(await unconfirmed(265598)).toEqual([]);
  });
});

const breach = [{ term: 'price', signed: '189.5', now: '250' }];

describe('decisions', () => {
  it('lets one of two hundred parallel grants win and tells the others who did', async () => {
    const request = await awaiting(store);
    const receipts = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        store.ledger.recordDecision(
          decisionOn(request, { principal: `opr_${index}` as PrincipalId }),
        ),
      ),
    );
    const won = receipts.filter((receipt) => receipt.kind === 'recorded');
    const told = receipts.filter((receipt) => receipt.kind === 'refused');
    expect(won).toHaveLength(1);
    expect(won[0]).toMatchObject({ status: 'granted', state: 'Approved' });
    expect(told).toHaveLength(199);
    const view = await store.ledger.approval(request.approvalId);
    const { principal, at } = view!.decisions[0]!;
    const winner = { decision: 'grant', principal, at };
    for (const receipt of told) expect(receipt).toMatchObject({ code: 'APPROVAL_DECIDED', winner });
    const types = await typesOf(request.intentId);
    expect(types).toContain('ApprovalGranted');
    const refused = await store.audit.query({
      intentId: request.intentId,
      type: 'DecisionRefused',
      limit: 500,
    });
    expect(refused).toHaveLength(199);
  });

  it('gives the same receipt for the same decision id', async () => {
    const request = await awaiting(store);
    const decision = decisionOn(request);
    const first = await store.ledger.recordDecision(decision);
    expect(await store.ledger.recordDecision(decision)).toEqual(first);
  });

  it.each([
    ['the proposer', { principal: 'agt_test' as PrincipalId }, 'APPROVER_IS_PROPOSER'],
    ['another agent', { principal: 'agt_other' as PrincipalId }, 'FORBIDDEN'],
    ['another envelope', { envelopeHash: 'sha256:0' as EnvelopeHash }, 'ENVELOPE_MISMATCH'],
    ['no envelope', { envelopeHash: null }, 'ENVELOPE_MISMATCH'],
    ['an unknown request', { approvalId: newApprovalId() }, 'NOT_FOUND'],
  ] as const)('refuses %s', async (_what, change, code) => {
    const request = await awaiting(store);
    const receipt = await store.ledger.recordDecision(decisionOn(request, change));
    expect(receipt).toMatchObject({ kind: 'refused', code });
    expect((await store.ledger.order(request.intentId))?.state).toBe('AwaitingApproval');
  });

  it('takes a decision of the Temporal channel without an envelope', async () => {
    const request = await awaiting(store);
    const receipt = await store.ledger.recordDecision(
      decisionOn(request, { channel: 'temporal', envelopeHash: null }),
    );
    expect(receipt).toMatchObject({ kind: 'recorded', status: 'granted' });
    expect((await store.ledger.submit(submitInput(request))).kind).toBe('sent');
  });

  it('counts a quorum by people, and a denial ends it', async () => {
    const approvalId = newApprovalId();
    const request = await awaiting(store, { approvalId, seal: sealWith(2, approvalId) });
    const grant = (name: string) =>
      store.ledger.recordDecision(decisionOn(request, { principal: name as PrincipalId }));
    expect(await grant('opr_a')).toMatchObject({ status: 'open', state: 'AwaitingApproval' });
    expect(await grant('opr_a')).toMatchObject({ kind: 'refused', code: 'APPROVAL_DECIDED' });
    const early = await store.ledger.submit(submitInput(request));
    expect(early).toEqual({ kind: 'not-granted', status: 'open' });
    const denied = await store.ledger.recordDecision(
      decisionOn(request, {
        principal: 'opr_a' as PrincipalId,
        decision: 'deny',
        reason: 'changed my mind',
      }),
    );
    expect(denied).toMatchObject({ status: 'declined', state: 'Declined' });
    expect((await store.ledger.order(request.intentId))?.declineReason).toBe('changed my mind');
    expect(await grant('opr_b')).toMatchObject({
      code: 'APPROVAL_DECIDED',
      winner: { decision: 'deny', principal: 'opr_a' },
    });
  });

  it('sends with a quorum of two', async () => {
    const approvalId = newApprovalId();
    const request = await awaiting(store, { approvalId, seal: sealWith(2, approvalId) });
    for (const name of ['opr_a', 'opr_b'])
      await store.ledger.recordDecision(decisionOn(request, { principal: name as PrincipalId }));
    let decisions = 0;
    const outcome = await store.ledger.submit(
      submitInput(request, {
        write: (order) => {
          decisions = order.decisionIds.length;
        },
      }),
    );
    expect(outcome.kind).toBe('sent');
    expect(decisions).toBe(2);
  });
});

describe('time', () => {
  const setExpiry = (approvalId: string, offset: string): Promise<void> =>
    administer(
      database.ownerUrl,
      `UPDATE approvals SET expires_at = clock_timestamp() + $2::interval,
        execute_by = greatest(execute_by, clock_timestamp() + $2::interval) WHERE approval_id = $1`,
      [approvalId, offset],
    );

  it('counts a grant until the last instant and not after', async () => {
    const request = await awaiting(store, { ttlMs: 400 });
    const { expiresAt } = request;
    expect(await store.ledger.expire(request.approvalId, worker)).toMatchObject({
      kind: 'not-yet',
    });
    let looks = 0;
    for (;;) {
      const { now } = await store.ping();
      const { kind } = await store.ledger.expire(request.approvalId, worker);
      if (kind === 'expired') break;
      looks += 1;
      expect(kind).toBe('not-yet');
      expect(now <= expiresAt).toBe(true);
    }
    expect(looks).toBeGreaterThan(1);
    expect((await store.ping()).now > expiresAt).toBe(true);
    expect(await store.ledger.expire(request.approvalId, worker)).toEqual({ kind: 'expired' });
  });

  it('refuses a grant after the end although nobody has expired it yet', async () => {
    const request = await awaiting(store);
    await setExpiry(request.approvalId, '-1 millisecond');
    const receipt = await store.ledger.recordDecision(decisionOn(request));
    expect(receipt).toMatchObject({ code: 'APPROVAL_EXPIRED', status: 'open' });
    expect(await store.ledger.expire(request.approvalId, worker)).toEqual({ kind: 'expired' });
    expect((await store.ledger.order(request.intentId))?.state).toBe('Expired');
  });

  it('settles a race of grant and expiry one way', async () => {
    for (let round = 0; round < 25; round += 1) {
      const request = await awaiting(store, { ttlMs: 6 });
      const [receipt, ...expiries] = await Promise.all([
        store.ledger.recordDecision(decisionOn(request)),
        ...Array.from({ length: 4 }, () => store.ledger.expire(request.approvalId, worker)),
      ]);
      const isExpired = expiries.some(({ kind }) => kind === 'expired');
      if (receipt.kind === 'recorded') expect(isExpired).toBe(false);
      const last = await store.ledger.order(request.intentId);
      expect(last?.state).toBe(
        receipt.kind === 'recorded' ? 'Approved' : isExpired ? 'Expired' : 'AwaitingApproval',
      );
    }
  });

  it('settles a race of withdrawal and grant one way', async () => {
    for (let round = 0; round < 25; round += 1) {
      const request = await awaiting(store);
      const [withdrawal, receipt] = await Promise.all([
        store.ledger.withdraw(request.intentId, worker),
        store.ledger.recordDecision(decisionOn(request)),
      ]);
      expect(withdrawal?.withdrawn).toBe(receipt.kind === 'refused');
      const state = (await store.ledger.order(request.intentId))?.state;
      expect(state).toBe(receipt.kind === 'refused' ? 'Withdrawn' : 'Approved');
      if (receipt.kind === 'refused') expect(receipt.code).toBe('APPROVAL_WITHDRAWN');
    }
  });

  it('withdraws nothing that is not there', async () => {
    expect(await store.ledger.withdraw(newIntentId(), worker)).toBeNull();
  });

  it('expires a granted order that is claimed too late', async () => {
    const request = await granted(store);
    await administer(
      database.ownerUrl,
      `UPDATE approvals SET requested_at = now(), expires_at = now() - interval '2 ms',
        execute_by = now() - interval '1 ms' WHERE approval_id = $1`,
      [request.approvalId],
    );
    const outcome = await store.ledger.submit(submitInput(request));
    expect(outcome).toEqual({ kind: 'expired' });
    expect((await store.ledger.order(request.intentId))?.state).toBe('Expired');
    expect(await store.ledger.submit(submitInput(request))).toEqual({ kind: 'expired' });
  });
});

describe('views', () => {
  it('pages through orders, newest first', async () => {
    const proposer = 'agt_pages' as PrincipalId;
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      const intent = newIntent({ proposer });
      await store.ledger.recordIntent(intent);
      ids.unshift(intent.intentId);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.ledger.orders({
        proposer,
        limit: 2,
        ...(cursor === undefined ? {} : { cursor }),
      });
      seen.push(...page.items.map(({ intentId }) => intentId));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(ids);
    await expect(store.ledger.orders({ limit: 2, cursor: 'x' })).rejects.toMatchObject({
      code: 'VALIDATION',
    });
  });

  it('shows an order and its open approval', async () => {
    const request = await awaiting(store);
    expect(await store.ledger.order(request.intentId)).toMatchObject({
      state: 'AwaitingApproval',
      round: 1,
      approvalId: request.approvalId,
      envelopeHash: request.envelopeHash,
      expiresAt: request.expiresAt,
      filled: '0' as DecimalText,
      remaining: '10' as DecimalText,
      breaches: [],
    });
    const pending = await store.ledger.pendingApprovals();
    const mine = pending.find(({ approvalId }) => approvalId === request.approvalId);
    expect(mine?.remainingMs).toBeGreaterThan(50_000);
    expect(mine?.envelope.intentId).toBe(request.intentId);
    const expiries = pending.map(({ expiresAt }) => expiresAt);
    expect(expiries).toEqual([...expiries].sort());
    expect(await store.ledger.order(newIntentId())).toBeNull();
    expect(await store.ledger.approval(newApprovalId())).toBeNull();
  });

  it('names what nobody has followed', async () => {
    const intent = newIntent();
    await store.ledger.recordIntent(intent);
    const { approvalId, intentId } = await granted(store);
    const mine = async (): Promise<unknown[]> =>
      (await store.ledger.overdue(0)).filter((item) =>
        [intent.intentId, intentId].includes(item.intentId),
      );
    expect(await mine()).toEqual([
      { kind: 'not-started', intentId: intent.intentId, approvalId: null },
      { kind: 'decided', intentId, approvalId },
    ]);
    expect((await store.ledger.overdue(60_000)).some((item) => item.intentId === intentId)).toBe(
      false,
    );
    expect(await store.ledger.follow(approvalId)).toBe('granted');
    await store.ledger.recordGate(gateInput(intent.intentId));
    expect(await mine()).toEqual([]);
  });
});
