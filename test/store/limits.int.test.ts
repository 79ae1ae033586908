import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId, ConId, IntentId, PrincipalId } from '../../src/domain/ids.ts';
import type { DecimalText } from '../../src/domain/money/decimal.ts';
import type { Currency, Money } from '../../src/domain/money/money.ts';
import type { BrokerFacts, LedgerFacts } from '../../src/domain/risk/facts.ts';
import type { RuleVerdict } from '../../src/domain/risk/rule.ts';
import { instantFromEpochMs, type Instant } from '../../src/domain/time/instant.ts';
import { createPgStore } from '../../src/store/pg/store.ts';
import type { Store } from '../../src/store/port.ts';
import type { GateInput } from '../../src/store/port/ledger.ts';
import { createDatabase, query, type TestDatabase } from '../support/database.ts';
import {
  awaiting,
  decisionOn,
  gateInput,
  granted,
  human,
  limitedTo,
  newIntent,
  noFacts,
  sent,
  submitInput,
  worker,
} from '../support/ledger-fixtures.ts';

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createDatabase();
  store = await createPgStore({ databaseUrl: database.appUrl, poolSize: 20, claimLeaseMs: 1000 });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const aapl = 265598 as ConId;
let fresh = 0;
/** An account and an agent that no other test has. */
function alone(): { account: AccountId; proposer: PrincipalId } {
  fresh += 1;
  return { account: `DU77000${fresh}` as AccountId, proposer: `agt_${fresh}` as PrincipalId };
}
const peek = async (
  { account, proposer }: ReturnType<typeof alone>,
  brokerFacts?: BrokerFacts,
): Promise<LedgerFacts> => {
  const seen = { conId: aapl, principal: proposer, ...(brokerFacts && { brokerFacts }) };
  return (await store.ledger.peekLedgerFacts(account, seen)).value;
};
const typesOf = async (filter: { intentId?: string; correlationId?: string }): Promise<string[]> =>
  (await store.audit.query({ ...filter, limit: 100 })).map(
    ({ body }) => (JSON.parse(body) as { type: string }).type,
  );
const usd = (amount: string): Money => ({
  amount: amount as DecimalText,
  currency: 'USD' as Currency,
});

/** Denies with a latch, beside rules that deny without one or pass with one. */
function latching(rule: string, scope: string): GateInput['evaluate'] {
  return (terms, facts) => {
    const answer = (id: string, outcome: 'pass' | 'deny', latch?: string): RuleVerdict => ({
      ...{ rule: id, slug: id, title: id, unit: '', mayReview: false, facts: [], outcome },
      ...{ observed: '6000', limit: '5000', share: null, ...(latch && { latch }) },
    });
    const evaluation = limitedTo('1000000000')(terms, facts);
    const rules = [answer('R1', 'deny'), answer('R2', 'pass', 'account')];
    return {
      ...evaluation,
      verdict: {
        ...evaluation.verdict,
        outcome: 'deny',
        rules: [...rules, answer(rule, 'deny', scope)],
      },
    };
  };
}

async function denied(
  who: ReturnType<typeof alone>,
  evaluate: GateInput['evaluate'],
): Promise<IntentId> {
  const intent = newIntent(who);
  await store.ledger.recordIntent(intent);
  const outcome = await store.ledger.recordGate(gateInput(intent.intentId, { evaluate }));
  expect(outcome.kind).toBe('denied');
  return intent.intentId;
}

describe('a latch', () => {
  it('is set once by the verdict that asks for it, with its event', async () => {
    const who = alone();
    const first = await denied(who, latching('R8', 'account'));
    const second = await denied(who, latching('R8', 'account'));
    expect(await typesOf({ intentId: first })).toEqual([
      ...['OrderProposed', 'GateEvaluated', 'RiskLatched', 'OrderDenied'],
    ]);
    expect(await typesOf({ intentId: second })).not.toContain('RiskLatched');
    const { latches } = await peek(who);
    expect(latches).toMatchObject([
      { rule: 'R8', scope: 'account', observed: '6000', limit: '5000' },
    ]);
    expect(latches[0]?.latchId).toMatch(/^lch_[0-9a-z]{20}$/);
    expect(latches[0]?.since).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(await store.limits.latches(who.account)).toMatchObject([
      { ...latches[0], account: who.account, setBy: first, released: null },
    ]);
  });

  it('is one of its account, rule and scope', async () => {
    const who = alone();
    await denied(who, latching('R8', 'account'));
    await denied(who, latching('R16', '265598/BUY/-'));
    await denied(who, latching('R16', '265598/SELL/-'));
    const scopes = (await peek(who)).latches.map(({ rule, scope }) => `${rule} ${scope}`);
    expect(scopes).toEqual(['R8 account', 'R16 265598/BUY/-', 'R16 265598/SELL/-']);
    expect((await peek(alone())).latches).toEqual([]);
  });

  it('is set by a claim that is denied', async () => {
    const who = alone();
    const request = await granted(store, { intent: newIntent(who) });
    const input = submitInput(request, { evaluate: latching('R11', 'account') });
    expect(await store.ledger.submit(input)).toMatchObject({ kind: 'stale' });
    expect((await peek(who)).latches).toMatchObject([{ rule: 'R11' }]);
    const types = await typesOf({ intentId: request.intentId });
    expect(types.slice(-3)).toEqual(['GateEvaluated', 'RiskLatched', 'ApprovalStale']);
  });

  it('outlives the store, and is released once, with a reason', async () => {
    const who = alone();
    await denied(who, latching('R8', 'account'));
    const other = await createPgStore({ databaseUrl: database.appUrl, poolSize: 2 });
    const [latch] = await other.limits.latches(who.account);
    await other.close();
    const released = await store.limits.releaseLatch(latch!.latchId, 'looked at it', human);
    expect(released).toMatchObject({ released: { by: human.id, reason: 'looked at it' } });
    expect(await store.limits.releaseLatch(latch!.latchId, 'again', human)).toEqual(released);
    expect((await peek(who)).latches).toEqual([]);
    expect(await typesOf({ correlationId: latch!.latchId })).toEqual(['LatchReleased']);
    await denied(who, latching('R8', 'account'));
    expect((await peek(who)).latches[0]?.latchId).not.toBe(latch!.latchId);
    expect(await store.limits.releaseLatch('lch_none' as never, 'why', human)).toBeNull();
  });

  it('is set by twenty at once as by one, the monitor too', async () => {
    const { account } = alone();
    const breach = { rule: 'R8', scope: 'account', observed: '6000', limit: '5000' };
    const set = await Promise.all(
      Array.from({ length: 20 }, () => store.limits.setLatches(account, [breach], worker)),
    );
    expect(set.flat()).toHaveLength(1);
    expect(await typesOf({ correlationId: set.flat()[0]! })).toEqual(['RiskLatched']);
    expect(await store.limits.latches(account)).toMatchObject([{ setBy: 'monitor' }]);
  });

  it('cannot be edited or deleted by the application', async () => {
    const edit = query(database.appUrl, `UPDATE latches SET limit_text = '9'`);
    await expect(edit).rejects.toThrow('permission denied');
    await expect(query(database.appUrl, 'DELETE FROM latches')).rejects.toThrow('permission');
  });
});

describe('the marks of the equity', () => {
  const tuesday = '2026-11-24T15:00:00.000Z' as Instant;

  it('keep the highest and begin days and weeks with the last value before', async () => {
    const { account } = alone();
    const see = (amount: string, at: string) =>
      store.limits.observeEquity(account, usd(amount), at as Instant);
    expect(await see('100', tuesday)).toEqual({
      highest: '100',
      weekStart: '100',
      dayStart: '100',
    });
    expect(await see('120.5', tuesday)).toMatchObject({ highest: '120.5', dayStart: '100' });
    expect(await see('90', '2026-11-25T04:59:59.000Z')).toMatchObject({ dayStart: '100' });
    // Midnight in New York.
    expect(await see('80', '2026-11-25T05:00:00.000Z')).toMatchObject({ dayStart: '90' });
    const monday = await see('70', '2026-11-30T15:00:00.000Z');
    expect(monday).toEqual({ highest: '120.5', weekStart: '80', dayStart: '80' });
  });

  it('count what the broker shows now, in the day that it is', async () => {
    const who = alone();
    await store.limits.observeEquity(who.account, usd('100'), tuesday);
    const seen = (amount: string, at: string): BrokerFacts => ({
      ...noFacts,
      marketTime: { value: at as Instant, source: 'test', at: tuesday },
      portfolio: {
        value: { netLiquidation: usd(amount) } as never,
        ...{ source: 'test', at: tuesday },
      },
    });
    const equity = async (facts?: BrokerFacts) => (await peek(who, facts)).equity;
    expect(await equity()).toEqual({ highest: '100', weekStart: '100', dayStart: '100' });
    expect(await equity(seen('130', '2026-11-25T15:00:00.000Z'))).toEqual({
      ...{ highest: '130', weekStart: '100', dayStart: '100' },
    });
    const none = alone();
    expect((await peek(none)).equity).toEqual({ highest: null, weekStart: null, dayStart: null });
    const first = (await peek(none, seen('50', tuesday))).equity;
    expect(first).toEqual({ highest: '50', weekStart: '50', dayStart: '50' });
  });

  it('begin anew when the drawdown rule is released, and only then', async () => {
    const who = alone();
    await store.limits.observeEquity(who.account, usd('100'), tuesday);
    await store.limits.observeEquity(who.account, usd('80'), tuesday);
    const breach = { scope: 'account', observed: '0.2', limit: '0.1' };
    const release = async (rule: string): Promise<void> => {
      const [latchId] = await store.limits.setLatches(who.account, [{ ...breach, rule }], worker);
      await store.limits.releaseLatch(latchId!, 'a new start', human);
    };
    await release('R8');
    expect((await peek(who)).equity.highest).toBe('100');
    await release('R11');
    expect((await peek(who)).equity).toEqual({ highest: '80', weekStart: '80', dayStart: '80' });
  });
});

describe('what was sent', () => {
  it('counts by the minute and by the day of the market, without what never left', async () => {
    const who = alone();
    await sent(store, { intent: newIntent(who) });
    await sent(store, { intent: newIntent(who) });
    const unsent = await granted(store, { intent: newIntent(who) });
    await store.ledger.submit(submitInput(unsent, { mayWrite: () => false }));
    const { counters } = await peek(who);
    expect(counters).toEqual({ ordersToday: 2, ordersLastMinute: 2, messagesLastMinute: 2 });
    // A market whose day is no second old has sent nothing in it yet, and something in the last minute.
    await query(
      database.ownerUrl,
      `UPDATE submissions SET claimed_at = claimed_at - interval '5 seconds' WHERE account = $1`,
      [who.account],
    );
    const midnight = '2026-11-24T05:00:00.500Z' as Instant;
    const facts = await peek(who, {
      ...noFacts,
      marketTime: { value: midnight, source: 'test', at: midnight },
    });
    expect(facts.counters).toEqual({ ordersToday: 0, ordersLastMinute: 2, messagesLastMinute: 2 });
    expect(facts.agent).toMatchObject({ asksLastHour: 3 });
  });

  it('is told of recent proposals, with their strategy', async () => {
    const who = alone();
    await sent(store, { intent: newIntent({ ...who, strategyTag: 'dca' }) });
    await awaiting(store, { intent: newIntent(who) });
    expect((await peek(who)).recentIntents).toMatchObject([
      { strategyTag: null, wasSent: false },
      { strategyTag: 'dca', wasSent: true },
    ]);
  });
});

describe('what an agent has used', () => {
  it('is what its orders reserved, until they end without being sent', async () => {
    const who = alone();
    const usage = async () => (await peek(who)).agent;
    const nothing = { ordersToday: 0, notionalToday: '0', pendingApprovals: 0, asksLastHour: 0 };
    expect(await usage()).toEqual({ principal: who.proposer, strategyTag: null, ...nothing });
    const first = await awaiting(store, { intent: newIntent(who) });
    await sent(store, { intent: newIntent({ ...who, account: 'DU7799999' }) });
    await denied(who, limitedTo('1'));
    expect(await usage()).toMatchObject({
      ...{ ordersToday: 2, notionalToday: '3790', pendingApprovals: 1, asksLastHour: 3 },
    });
    await store.ledger.recordDecision(decisionOn(first, { decision: 'deny', reason: 'no' }));
    expect(await usage()).toMatchObject({
      ...{ ordersToday: 1, notionalToday: '1895', pendingApprovals: 0, asksLastHour: 3 },
    });
    const [mine] = (await store.limits.agentsToday(null)).filter(
      ({ principal }) => principal === who.proposer,
    );
    expect(mine).toBeUndefined(); // no principal of that name has a key
  });

  it('leaves out the order itself, and at the claim whatever came later', async () => {
    const who = alone();
    const intents = Array.from({ length: 3 }, () => newIntent(who));
    const facts: LedgerFacts[] = [];
    const noting: GateInput['evaluate'] = (terms, { ledger }) => {
      facts.push(ledger.value);
      return limitedTo('1000000')(terms, { ledger } as never);
    };
    const first = await granted(store, { intent: intents[0]!, evaluate: noting });
    await awaiting(store, { intent: intents[1]!, evaluate: noting });
    await awaiting(store, { intent: intents[2]!, evaluate: noting });
    await store.ledger.submit(submitInput(first, { evaluate: noting }));
    expect(facts.map(({ agent }) => [agent.pendingApprovals, agent.asksLastHour])).toEqual([
      ...[
        [0, 0],
        [0, 1],
        [1, 2],
        [0, 0],
      ],
    ]);
    // What was accepted later was accepted beside this one: the sums hold all of it.
    expect(facts.at(-1)?.agent).toMatchObject({ ordersToday: 2, notionalToday: '3790' });
  });

  it('is serialised over accounts: one of ten orders of 60 % of a budget passes', async () => {
    const { proposer } = alone();
    const evaluate: GateInput['evaluate'] = (terms, facts) => {
      const used = Number(facts.ledger.value.agent.notionalToday) + 1895;
      const evaluation = limitedTo('1000000000')(terms, facts);
      const outcome = used <= 3158.33 ? ('pass' as const) : ('deny' as const);
      return { ...evaluation, verdict: { ...evaluation.verdict, outcome } };
    };
    const kinds = await Promise.all(
      Array.from({ length: 10 }, async (_, n) => {
        const intent = newIntent({ proposer, account: `DU788000${n}` });
        await store.ledger.recordIntent(intent);
        return (await store.ledger.recordGate(gateInput(intent.intentId, { evaluate }))).kind;
      }),
    );
    expect(kinds.filter((kind) => kind === 'awaiting')).toHaveLength(1);
  });

  it('is listed for every agent that has proposed today', async () => {
    const actor = { kind: 'system', id: 'test', channel: 'system' } as const;
    const put = (name: string) =>
      store.identity.putAgentKey({ name, prefix: name, digest: '0'.repeat(64), actor });
    const [busy] = [await put('busy'), await put('idle')];
    await awaiting(store, { intent: newIntent({ proposer: busy.principalId }) });
    expect(await store.limits.agentsToday(instantFromEpochMs(Date.now()))).toEqual([
      {
        ...{ principal: busy.principalId, strategyTag: null, ordersToday: 1 },
        ...{ notionalToday: '1895', pendingApprovals: 1, asksLastHour: 1 },
      },
    ]);
  });
});

describe('a reservation', () => {
  it('keeps the sector that the broker named when it was made', async () => {
    const who = alone();
    const instruments = {
      value: [{ conId: aapl, sector: 'Technology' }] as never,
      ...{ source: 'test', at: '2026-11-24T15:00:00.000Z' as Instant },
    };
    await awaiting(store, { intent: newIntent(who), brokerFacts: { ...noFacts, instruments } });
    await awaiting(store, { intent: newIntent(who) });
    const sectors = (await peek(who)).reservations.map(({ sector }) => sector);
    expect(sectors.sort()).toEqual(['', 'Technology']);
  });
});
