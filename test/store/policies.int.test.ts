import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor, AuditEventType } from '../../src/domain/audit/event.ts';
import { createPgStore } from '../../src/store/pg/store.ts';
import type { Store } from '../../src/store/port.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import {
  awaiting,
  gateInput,
  granted,
  human,
  limitedTo,
  newIntent,
  submitInput,
  worker,
} from '../support/ledger-fixtures.ts';

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createDatabase();
  store = await createPgStore({ databaseUrl: database.appUrl, poolSize: 20 });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const bob: Actor = { kind: 'human', id: 'opr_bob', channel: 'cli' };
const named = (hash: string) => ({ hash, version: hash.slice(7), source: `# ${hash}` });
const fixture = 'sha256:policy';

/** Puts the policy that the fixtures judge by in force again. */
const restore = () => store.policies.begin({ ...named(fixture), source: '' }, true, worker);

const changeTo = async (hash: string, needsTwo = false, actor = human) =>
  store.policies.reload({
    policy: named(hash),
    previousHash: (await store.policies.activeHash())!,
    changes: [{ key: 'rules.max_notional.limit', from: '"1"', to: '"2"' }],
    needsTwo,
    actor,
  });

const payloadsOf = async (type: AuditEventType): Promise<Record<string, unknown>[]> =>
  (await store.audit.query({ type, limit: 100 })).map(
    ({ body }) => (JSON.parse(body) as { payload: Record<string, unknown> }).payload,
  );

describe('the policy in force', () => {
  it('is what the first start brings; a later start replaces it only where it may', async () => {
    await restore();
    await store.policies.begin(named('sha256:later'), false, worker);
    expect(await store.policies.activeHash()).toBe(fixture);
    await store.policies.begin(named('sha256:later'), true, worker);
    expect(await store.policies.active()).toEqual(named('sha256:later'));
    expect((await payloadsOf('PolicyLoaded')).at(-1)).toMatchObject({
      hash: 'sha256:later',
      previousHash: fixture,
    });
    await restore();
  });

  it('is changed by a reload, with both hashes and the changed keys in the trail', async () => {
    expect(await changeTo('sha256:one')).toEqual({ kind: 'active' });
    expect(await store.policies.activeHash()).toBe('sha256:one');
    expect((await payloadsOf('PolicyReloaded')).at(-1)).toEqual({
      version: 'one',
      hash: 'sha256:one',
      previousHash: fixture,
      changes: [{ key: 'rules.max_notional.limit', from: '"1"', to: '"2"' }],
    });
    await restore();
  });

  it('is changed by two people where it takes two, never by one who says it twice', async () => {
    expect(await changeTo('sha256:two', true)).toMatchObject({ kind: 'proposed' });
    expect(await changeTo('sha256:two', true)).toMatchObject({ kind: 'proposed' });
    expect(await store.policies.activeHash()).toBe(fixture);
    expect(await changeTo('sha256:other', true, bob)).toMatchObject({ kind: 'proposed' });
    expect(await store.policies.activeHash()).toBe(fixture);
    expect(await changeTo('sha256:two', true, bob)).toEqual({ kind: 'active' });
    expect((await payloadsOf('PolicyReloaded')).at(-1)).toMatchObject({ proposedBy: human.id });
    await restore();
  });

  it('is not changed by an old proposal: what was activated since makes it void', async () => {
    expect(await changeTo('sha256:three', true)).toMatchObject({ kind: 'proposed' });
    await changeTo('sha256:between');
    await restore();
    expect(await changeTo('sha256:three', true, bob)).toMatchObject({ kind: 'proposed' });
    expect(await store.policies.activeHash()).toBe(fixture);
  });

  it('is not changed by somebody who has compared with another one', async () => {
    const stale = { policy: named('sha256:x'), previousHash: 'sha256:gone', changes: [] };
    const outcome = await store.policies.reload({ ...stale, needsTwo: false, actor: human });
    expect(outcome).toEqual({ kind: 'superseded', activeHash: fixture });
    expect(await store.policies.activeHash()).toBe(fixture);
  });

  it('is the only one that a gate or a claim may judge by', async () => {
    const request = await granted(store);
    const intent = newIntent();
    await store.ledger.recordIntent(intent);
    await changeTo('sha256:strict');
    await expect(store.ledger.recordGate(gateInput(intent.intentId))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    const written: string[] = [];
    const claim = submitInput(request, { write: () => written.push('bytes') });
    await expect(store.ledger.submit(claim)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(written).toEqual([]);
    expect((await store.ledger.order(request.intentId))?.state).toBe('Approved');
    await restore();
    // Nothing was lost: both go on once the process judges by what is in force.
    expect((await store.ledger.recordGate(gateInput(intent.intentId))).kind).toBe('awaiting');
    expect((await store.ledger.submit(claim)).kind).toBe('sent');
  });

  it('does not change while a gate is under way, and binds every gate after the reload returned', async () => {
    for (let round = 0; round < 5; round += 1) {
      let isReloaded = false;
      const judge = limitedTo('1000000000');
      const gates = Array.from({ length: 8 }, async () => {
        let isLate = false;
        const evaluate: typeof judge = (terms, facts) => {
          isLate = isReloaded;
          return judge(terms, facts);
        };
        const hasPassed = await awaiting(store, { evaluate }).then(
          () => true,
          () => false,
        );
        return hasPassed && isLate;
      });
      await changeTo(`sha256:race-${round}`);
      isReloaded = true;
      expect(await Promise.all(gates)).not.toContain(true);
      await expect(awaiting(store)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await restore();
    }
  });
});
