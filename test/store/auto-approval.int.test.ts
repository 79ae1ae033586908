// The policy's grant as rows: written with the approval, counted together, judged again at the claim.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AutoInput } from '../../src/domain/approval/policy/category.ts';
import type { AutoJudgement } from '../../src/domain/approval/policy/judge-auto-approval.ts';
import type { ConId, PrincipalId } from '../../src/domain/ids.ts';
import { dec, decimalText } from '../../src/domain/money/decimal.ts';
import { createPgStore } from '../../src/store/pg/store.ts';
import type { Store } from '../../src/store/port.ts';
import type { AutoApproval } from '../../src/store/port/ledger.ts';
import { createDatabase, query, type TestDatabase } from '../support/database.ts';
import {
  awaiting,
  decisionOn,
  gateInput,
  human,
  limitedTo,
  newIntent,
  newIntentId,
  noFacts,
  sealWith,
  submitInput,
  newApprovalId,
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

/** Approves while the day's sum stays within the limit; every order here is worth 1895. */
function upTo(limit: string, more: { schedule?: string; policyHash?: string } = {}): AutoApproval {
  const { schedule = null, policyHash = 'sha256:auto' } = more;
  const judge = ({ usage, evaluation, round }: AutoInput): AutoJudgement => {
    const { reservedNotional: notional } = evaluation;
    const total = dec(usage.notionalToday).plus(dec(notional));
    const why = [
      ...(total.gt(dec(limit)) ? [{ check: 'cumulative', why: decimalText(total) }] : []),
      ...(round === 1 ? [] : [{ check: 'round', why: 'not the first' }]),
    ];
    const held = { category: 'cumulative', observed: decimalText(total), limit };
    return why.length > 0
      ? { approved: false, why, policyHash }
      : { approved: true, matched: [held], policyHash, notional, schedule };
  };
  return { dayStart: (now) => `${now.slice(0, 10)}T00:00:00.000Z` as typeof now, judge };
}

let lastConId = 900_000;
/** An instrument that no other test has an order in. */
function fresh(account?: string) {
  lastConId += 1;
  return instrument(lastConId, account);
}
function instrument(conId: number, account = 'DU1000001', proposer = 'agt_test') {
  const base = newIntent({ account });
  return {
    ...base,
    intentId: newIntentId(),
    proposer: proposer as PrincipalId,
    terms: { ...base.terms, conId: conId as ConId },
    contract: { ...base.contract, conId: conId as ConId },
  };
}
const generous = upTo('1000000');
const approvedBy = (autoApproval: AutoApproval, intent = fresh()) =>
  awaiting(store, { intent, autoApproval });

describe('a grant by policy', () => {
  it('is one with its approval: state, decision, basis and event', async () => {
    const request = await approvedBy(upTo('2000'));
    const matched = [{ category: 'cumulative', observed: '1895', limit: '2000' }];
    const autoApproved = { matched, policyHash: 'sha256:auto' };
    expect(request.autoApproved).toEqual(autoApproved);
    expect(await store.ledger.order(request.intentId)).toMatchObject({
      state: 'Approved',
      autoApproved,
    });
    expect(await store.ledger.approval(request.approvalId)).toMatchObject({
      status: 'granted',
      autoApproved,
      decisions: [{ principal: 'sys_auto', channel: 'policy', decision: 'grant' }],
    });
    expect(await store.ledger.pendingApprovals()).toEqual([]);
    const events = await store.audit.query({ intentId: request.intentId, limit: 10 });
    expect(events.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
      ...['OrderProposed', 'GateEvaluated', 'ApprovalRequested', 'AutoApprovalGranted'],
    ]);
    expect(await store.ledger.submit(submitInput(request, { autoApproval: generous }))).toEqual(
      expect.objectContaining({ kind: 'sent' }),
    );
  });

  it('is given once: the same round answers the same', async () => {
    const intent = fresh();
    const request = await approvedBy(generous, intent);
    const input = gateInput(intent.intentId, { autoApproval: generous });
    const again = await store.ledger.recordGate(input);
    expect({ ...again, intentId: intent.intentId }).toEqual(request);
  });

  it('leaves nothing for people to decide', async () => {
    const request = await approvedBy(generous);
    const late = await store.ledger.recordDecision(decisionOn(request, { decision: 'deny' }));
    expect(late).toMatchObject({
      ...{ kind: 'refused', code: 'APPROVAL_DECIDED' },
      winner: { principal: 'sys_auto', decision: 'grant' },
    });
  });

  it('is not given where the policy refuses, and the request says why', async () => {
    const request = await approvedBy(upTo('1894.99'));
    expect(request.autoApproved).toBeUndefined();
    expect(await store.ledger.order(request.intentId)).toMatchObject({
      state: 'AwaitingApproval',
      autoApproved: null,
    });
    const events = await store.audit.query({ intentId: request.intentId, limit: 10 });
    expect(events.at(-1)?.body).toContain('"notAutoApproved":[{"check":"cumulative"');
  });
});

describe('the limit of the day', () => {
  it('counts per agent and instrument', async () => {
    const { terms } = fresh();
    const twice = upTo('3790');
    const given = async (intent: ReturnType<typeof fresh>): Promise<boolean> =>
      (await approvedBy(twice, intent)).autoApproved !== undefined;
    expect(await given(instrument(terms.conId))).toBe(true);
    expect(await given(instrument(terms.conId))).toBe(true);
    expect(await given(instrument(terms.conId))).toBe(false);
    expect(await given(instrument(terms.conId, 'DU1000002'))).toBe(false);
    expect(await given(instrument(terms.conId, 'DU1000001', 'agt_other'))).toBe(true);
    expect(await given(fresh())).toBe(true);
  });

  it('holds for thirty at once, through two accounts', async () => {
    const { terms } = fresh();
    const requests = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        approvedBy(upTo('5685'), instrument(terms.conId, i % 2 === 0 ? 'DU1000001' : 'DU1000002')),
      ),
    );
    expect(requests.filter(({ autoApproved }) => autoApproved !== undefined)).toHaveLength(3);
  });
});

describe('at the claim', () => {
  const stale = async (autoApproval: AutoApproval | null) => {
    const request = await approvedBy(generous);
    const outcome = await store.ledger.submit(submitInput(request, { autoApproval }));
    expect(await store.ledger.order(request.intentId)).toMatchObject({ state: 'Stale' });
    return { request, outcome };
  };

  it('a policy that refuses now has a human asked, who alone decides then', async () => {
    const { request, outcome } = await stale(upTo('100'));
    const signed = '1895 (1000000)';
    const breaches = [{ term: 'autoApproval.cumulative', signed, now: '1895' }];
    expect(outcome).toEqual({ kind: 'stale', breaches });
    const second = gateInput(request.intentId, { round: 2, autoApproval: generous });
    const next = await store.ledger.recordGate(second);
    expect(next).toMatchObject({ kind: 'awaiting' });
    expect('autoApproved' in next).toBe(false);
    if (next.kind !== 'awaiting') throw new Error(next.kind);
    await store.ledger.recordDecision(decisionOn(next));
    const sending = submitInput({ ...request, approvalId: next.approvalId });
    expect(await store.ledger.submit(sending)).toMatchObject({ kind: 'sent' });
  });

  it('a policy that is off or another one by now as well', async () => {
    expect((await stale(null)).outcome).toMatchObject({
      breaches: [{ term: 'autoApproval', now: 'off' }],
    });
    const other = upTo('1000000', { policyHash: 'sha256:other' });
    expect((await stale(other)).outcome).toMatchObject({
      breaches: [{ term: 'autoApproval.policy', signed: 'sha256:auto', now: 'sha256:other' }],
    });
  });

  it('the order itself does not count twice, and the grants of people need no policy', async () => {
    const request = await approvedBy(upTo('1895'));
    const again = submitInput(request, { autoApproval: upTo('1895') });
    expect(await store.ledger.submit(again)).toMatchObject({ kind: 'sent' });
    const byPeople = await approvedBy(upTo('0'));
    await store.ledger.recordDecision(decisionOn(byPeople));
    const sending = submitInput(byPeople, { autoApproval: upTo('0') });
    expect(await store.ledger.submit(sending)).toMatchObject({ kind: 'sent' });
  });

  it('a gate that denies now keeps it from being sent', async () => {
    const request = await approvedBy(generous);
    const input = submitInput(request, { autoApproval: generous, evaluate: limitedTo('1') });
    expect(await store.ledger.submit(input)).toMatchObject({ kind: 'stale' });
  });

  it('is halted like any other', async () => {
    const request = await approvedBy(generous);
    await store.killSwitch.activate('a test of the policy', human);
    const input = submitInput(request, { autoApproval: generous });
    expect(await store.ledger.submit(input)).toEqual({ kind: 'halted' });
    const intent = fresh();
    await store.ledger.recordIntent(intent);
    const gate = gateInput(intent.intentId, { autoApproval: generous });
    expect(await store.ledger.recordGate(gate)).toEqual({ kind: 'halted' });
    await store.killSwitch.release('the test is over', human);
  });
});

describe('a row that pretends', () => {
  it.each([
    ['the policy through another channel', 'sys_auto', 'http'],
    ['somebody else through the policy', 'opr_mallory', 'policy'],
  ])('to be %s is refused by the table', async (_name, principal, channel) => {
    const request = await awaiting(store);
    const forged = query(
      database.ownerUrl,
      `INSERT INTO decisions (decision_id, approval_id, decision, principal, channel, envelope_hash, at)
       VALUES ('dcn_forged', $1, 'grant', $2, $3, $4, clock_timestamp())`,
      [request.approvalId, principal, channel, request.envelopeHash],
    );
    await expect(forged).rejects.toThrow(/decisions_policy_check/);
  });

  it('to be the policy’s without its basis is a breach', async () => {
    const request = await awaiting(store);
    await query(
      database.ownerUrl,
      `WITH forged AS (
         INSERT INTO decisions (decision_id, approval_id, decision, principal, channel, envelope_hash, at)
         VALUES ('dcn_forged', $1, 'grant', 'sys_auto', 'policy', $2, clock_timestamp())
       ), granted AS (UPDATE approvals SET status = 'granted' WHERE approval_id = $1)
       UPDATE orders SET state = 'Approved' WHERE approval_id = $1`,
      [request.approvalId, request.envelopeHash],
    );
    const outcome = await store.ledger.submit(submitInput(request, { autoApproval: generous }));
    expect(outcome).toMatchObject({ kind: 'stale', breaches: [{ now: 'nothing says why' }] });
  });

  it('to be half of a quorum does not count', async () => {
    const approvalId = newApprovalId();
    const request = await awaiting(store, { approvalId, seal: sealWith(2, approvalId) });
    await store.ledger.recordDecision(decisionOn(request));
    await query(
      database.ownerUrl,
      `WITH forged AS (
         INSERT INTO decisions (decision_id, approval_id, decision, principal, channel, envelope_hash, at)
         VALUES ('dcn_forged_too', $1, 'grant', 'sys_auto', 'policy', $2, clock_timestamp())
       ), granted AS (UPDATE approvals SET status = 'granted' WHERE approval_id = $1)
       UPDATE orders SET state = 'Approved' WHERE approval_id = $1`,
      [request.approvalId, request.envelopeHash],
    );
    const outcome = await store.ledger.submit(submitInput(request, { autoApproval: generous }));
    expect(outcome).toEqual({ kind: 'not-granted', status: 'granted' });
  });

  it('to be a decision of sys_auto is refused at the door', async () => {
    const request = await awaiting(store);
    const decision = decisionOn(request, { principal: 'sys_auto' as PrincipalId });
    expect(await store.ledger.recordDecision(decision)).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('a DCA schedule', () => {
  it('is told when its last order was, by the market’s clock', async () => {
    const { terms } = fresh();
    const told: AutoInput['usage'][] = [];
    const weekly = upTo('1000000', { schedule: 'weekly' });
    const listening: AutoApproval = {
      ...weekly,
      judge: (input) => {
        told.push(input.usage);
        return weekly.judge(input);
      },
    };
    const at = '2026-11-24T15:00:00.000Z' as AutoInput['facts']['ledger']['at'];
    const marketTime = { value: at, source: 'test', at };
    const brokerFacts = { ...noFacts, marketTime };
    for (let i = 0; i < 2; i += 1) {
      const intent = instrument(terms.conId);
      await awaiting(store, { intent, autoApproval: listening, brokerFacts });
    }
    expect(told).toEqual([
      { notionalToday: '0', lastBySchedule: {} },
      { notionalToday: '1895', lastBySchedule: { weekly: at } },
    ]);
  });
});
