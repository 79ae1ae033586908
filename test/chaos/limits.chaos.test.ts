import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policyFile } from '../support/policy-file.ts';
import { lastingViolations, startRig, until, type Proposed, type Rig } from './rig.ts';

/** 5,890 of a budget of 20,000: three fit, whoever is killed meanwhile. */
const price = '190.00';
const quantity = 31;
const limit = 20_000;
const orders = 50;

const policy = policyFile([
  [['rules', 'duplicate', 'enabled'], false],
  [['rules', 'repeated_execution', 'enabled'], false],
  [['rules', 'max_slippage', 'enabled'], false],
  [['budgets', 'default', 'notional_per_day'], String(limit)],
]);

type Held = { readonly held: string; readonly wrong: number };

/** One look at the ledger: what is reserved, and how many orders it does not fit. */
async function look(databaseUrl: string): Promise<Held> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Held>(`
      SELECT coalesce(sum(r.notional) FILTER (WHERE r.released_at IS NULL), 0)::text AS held,
        count(*) FILTER (WHERE (r.intent_id IS NOT NULL AND r.released_at IS NULL)
          <> (o.state IN ('AwaitingApproval', 'Approved', 'Stale', 'Submitting', 'Working',
            'PartiallyFilled', 'Inactive', 'Unconfirmed')))::int AS wrong
      FROM orders o LEFT JOIN reservations r USING (intent_id)`);
    return rows[0] as Held;
  } finally {
    await client.end();
  }
}

describe('one limit, fifty orders at once, and crashes in between', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ RISK_POLICY_FILE: policy.file });
    await rig.product.sim.setQuote('AAPL', { bid: '189.98', ask: price, last: '189.99' });
  });
  afterAll(async () => {
    await rig.stop();
    policy.remove();
  });

  it('holds what live orders need, at every moment, and lets no more through', async () => {
    const { product } = rig;
    const looks: Held[] = [];
    const over = new AbortController();
    const watching = (async () => {
      while (!over.signal.aborted) {
        looks.push(await look(product.info.databaseUrl));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    const settled = Array.from({ length: orders }, (_, n) => propose(n));
    await until('the first order is reserved', () => looks.some(({ held }) => held !== '0'));
    await Promise.all([rig.kill('worker'), rig.kill('api')]);
    const states = await Promise.all(settled);
    const waiting = states.filter(({ state }) => state === 'AwaitingApproval');
    expect(states.filter(({ state }) => state === 'Denied')).toHaveLength(orders - 3);
    expect(waiting).toHaveLength(3);
    expect(await look(product.info.databaseUrl)).toEqual({ held: '17670', wrong: 0 });

    const [declined, withdrawn, granted] = waiting.map(({ shown }) => shown);
    await rig.grant(granted!);
    await product.operator.post(`/approval/${declined!.approvalId}/deny`, {
      ...{ envelopeHash: declined!.envelopeHash, reason: 'not this one' },
    });
    await product.agent.post(`/requests/${withdrawn!.intentId}/withdraw`);
    await rig.kill('worker');
    expect(await rig.ended(granted!.intentId)).toBe('Filled');
    expect(await rig.ended(declined!.intentId)).toBe('Declined');
    expect(await rig.ended(withdrawn!.intentId)).toBe('Withdrawn');
    over.abort();
    await watching;
    expect(await look(product.info.databaseUrl)).toEqual({ held: '0', wrong: 0 });
    expect(looks.filter(({ wrong }) => wrong > 0)).toEqual([]);
    expect(looks.filter(({ held }) => Number(held) > limit)).toEqual([]);
    await until('every workflow has ended', async () =>
      (await rig.evidence()).workflows.every(({ status }) => status === 'COMPLETED'),
    );
    expect(await lastingViolations(rig)).toEqual([]);
  });

  /** Proposes until somebody answers, under one key, and gives the state that the gate left the order in. */
  async function propose(n: number): Promise<{ state: string; shown: Proposed }> {
    const body = {
      ...{ instrument: { symbol: 'AAPL' }, side: 'BUY', quantity: String(quantity) },
      ...{ orderType: 'LMT', limitPrice: price, reason: 'an order of a kill test' },
    };
    let shown: Record<string, unknown> = {};
    await until(
      () => `order ${n} is judged: ${JSON.stringify(shown)}`,
      async () => {
        const headers = { 'idempotency-key': `limits-${process.pid}-${n}` };
        shown = (await rig.product.agent.post('/approval/request', body, headers)).body;
        return ['AwaitingApproval', 'Denied'].includes(String(shown['state']));
      },
    );
    return { state: String(shown['state']), shown: shown as unknown as Proposed };
  }
});
