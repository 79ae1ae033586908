import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BreachAction } from '../../src/domain/risk/policy.ts';
import { createPgStore } from '../../src/store/pg/store.ts';
import type { Store } from '../../src/store/port.ts';
import { createDatabase, query, type TestDatabase } from '../support/database.ts';
import { awaiting, gateInput, granted, human, submitInput } from '../support/ledger-fixtures.ts';

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createDatabase();
  store = await createPgStore({ databaseUrl: database.appUrl, claimLeaseMs: 200 });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const breaches = [{ term: 'position', signed: '0', now: '40' }];

function broken(request: Parameters<typeof submitInput>[0], action: BreachAction) {
  const written: string[] = [];
  const input = submitInput(request, {
    findBreaches: () => breaches,
    actionOn: (found) => (found[0] === breaches[0] ? action : 'ask'),
    write: () => written.push('bytes'),
  });
  return { input, written };
}

const eventsOf = async (intentId: string) =>
  (await store.audit.query({ intentId, limit: 100 })).map(
    ({ body }) => JSON.parse(body) as { type: string; payload: Record<string, unknown> },
  );

/** `released` again after a case that halted. */
const release = () => store.killSwitch.release('the test goes on', human);

describe('an approval whose signed terms no longer hold', () => {
  it('asks a human anew where the policy says ask', async () => {
    const request = await granted(store);
    const { input, written } = broken(request, 'ask');
    expect(await store.ledger.submit(input)).toEqual({ kind: 'stale', breaches });
    expect((await store.ledger.order(request.intentId))?.state).toBe('Stale');
    const next = await store.ledger.recordGate(gateInput(request.intentId, { round: 2 }));
    expect(next.kind).toBe('awaiting');
    expect(written).toEqual([]);
  });

  it('ends the order where it says deny, with the breaches in the order and in the trail', async () => {
    const request = await granted(store);
    const { input, written } = broken(request, 'deny');
    expect(await store.ledger.submit(input)).toEqual({ kind: 'denied', breaches });
    // Asked again, the answer is the same and nothing happens.
    expect(await store.ledger.submit(input)).toEqual({ kind: 'denied', breaches });
    expect(await store.ledger.order(request.intentId)).toMatchObject({ state: 'Denied', breaches });
    const [stale, denied] = (await eventsOf(request.intentId)).slice(-2);
    expect(stale).toMatchObject({ type: 'ApprovalStale', payload: { breaches, action: 'deny' } });
    expect(denied).toMatchObject({
      type: 'OrderDenied',
      payload: { at: 'claim', approvalId: request.approvalId },
    });
    const held = 'SELECT 1 FROM reservations WHERE intent_id = $1 AND released_at IS NULL';
    expect(await query(database.ownerUrl, held, [request.intentId])).toEqual([]);
    expect((await store.killSwitch.status()).state).toBe('released');
    expect(written).toEqual([]);
  });

  it('halts all trading where it says halt: no other order leaves, people can release', async () => {
    const [request, other] = [await granted(store), await granted(store)];
    const { input, written } = broken(request, 'halt');
    expect(await store.ledger.submit(input)).toEqual({ kind: 'halted' });
    expect(await store.killSwitch.status()).toMatchObject({
      state: 'active',
      by: 'gateway',
      reason: `${request.intentId} was not as signed: position (signed 0, now 40)`,
    });
    expect(await store.ledger.order(request.intentId)).toMatchObject({ state: 'Halted', breaches });
    expect((await eventsOf(request.intentId)).slice(-2).map(({ type }) => type)).toEqual([
      'ApprovalStale',
      'OrderHalted',
    ]);
    const switched = (await store.audit.query({ limit: 500 })).filter(({ body }) =>
      body.includes('"KillSwitchActivated"'),
    );
    expect(switched).toHaveLength(1);
    expect(await store.ledger.submit(submitInput(other))).toEqual({ kind: 'halted' });
    expect(written).toEqual([]);
    await release();
    await expect(awaiting(store)).resolves.toMatchObject({ kind: 'awaiting' });
  });

  it('halts once where two orders find it at the same time', async () => {
    const requests = [await granted(store), await granted(store)];
    const outcomes = await Promise.all(
      requests.map((request) => store.ledger.submit(broken(request, 'halt').input)),
    );
    expect(outcomes).toEqual([{ kind: 'halted' }, { kind: 'halted' }]);
    expect((await store.killSwitch.status()).state).toBe('active');
    await release();
  });
});
