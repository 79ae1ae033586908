import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import type { IntentId } from '../../src/domain/ids.ts';
import { createPgStore } from '../../src/store/pg/store.ts';
import type { Store } from '../../src/store/port.ts';
import type { SubmitInput } from '../../src/store/port/ledger.ts';
import { createDatabase, query, type TestDatabase } from '../support/database.ts';
import {
  gateInput,
  granted,
  human,
  limitedTo,
  newIntentId,
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

const typesOf = async (intentId: string): Promise<string[]> =>
  (await store.audit.query({ intentId, limit: 100 })).map(
    ({ body }) => (JSON.parse(body) as { type: string }).type,
  );
const stateOf = async (intentId: IntentId) => (await store.ledger.order(intentId))?.state;

describe('submit', () => {
  it('writes once for twenty parallel submits', async () => {
    const request = await granted(store);
    let writes = 0;
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () =>
        store.ledger.submit(
          submitInput(request, {
            write: () => {
              writes += 1;
            },
          }),
        ),
      ),
    );
    expect(writes).toBe(1);
    expect(outcomes.filter(({ kind }) => kind === 'sent')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'claimed-before')).toHaveLength(19);
    expect(await typesOf(request.intentId)).toEqual([
      'OrderProposed',
      'GateEvaluated',
      'ApprovalRequested',
      'ApprovalGranted',
      'GateEvaluated',
      'OrderClaimed',
      'OrderSent',
    ]);
    expect(await store.ledger.submission(request.intentId)).toMatchObject({
      approvalId: request.approvalId,
      clientId: 11,
      permId: null,
    });
    const { status } = (await store.ledger.approval(request.approvalId))!;
    expect(status).toBe('consumed');
  });

  it('takes order ids above both the session and the high-water mark', async () => {
    const first = await sent(store);
    const second = await sent(store);
    expect(second.orderId).toBeGreaterThan(first.orderId);
    const third = await granted(store);
    const nextValidId = second.orderId + 500;
    const outcome = await store.ledger.submit(submitInput(third, { nextValidId }));
    expect(outcome).toMatchObject({ kind: 'sent', orderId: nextValidId });
    const fourth = await granted(store);
    const after = await store.ledger.submit(submitInput(fourth, { nextValidId: 1 }));
    expect(after).toMatchObject({ kind: 'sent', orderId: nextValidId + 1 });
    const other = await granted(store);
    const elsewhere = await store.ledger.submit(submitInput(other, { clientId: 12 }));
    expect(elsewhere).toMatchObject({ kind: 'sent', orderId: 1 });
  });

  it('re-opens the question where a signed term has changed', async () => {
    const request = await granted(store);
    const breaches = [{ term: 'price', signed: '189.5', now: '250' }];
    const input = submitInput(request, { findBreaches: () => breaches });
    expect(await store.ledger.submit(input)).toEqual({ kind: 'stale', breaches });
    expect(await store.ledger.submit(input)).toEqual({ kind: 'stale', breaches });
    expect(await store.ledger.order(request.intentId)).toMatchObject({ state: 'Stale', breaches });
    const next = await store.ledger.recordGate(gateInput(request.intentId, { round: 2 }));
    expect(next.kind).toBe('awaiting');
  });

  it('never sends what the gate denies now', async () => {
    const request = await granted(store);
    const input = submitInput(request, { evaluate: limitedTo('1') });
    expect(await store.ledger.submit(input)).toMatchObject({ kind: 'stale' });
  });

  it.each([
    ['the lease is gone', { mayWrite: () => false }],
    [
      'the session refuses',
      {
        write: () => {
          throw new GatewayError('BROKER_UNAVAILABLE', 'no session');
        },
      },
    ],
    ['it took too long', { barrier: slowAfterClaim(1100) }],
  ] as [string, Partial<SubmitInput>][])(
    'marks an order as not sent when %s',
    async (_w, change) => {
      const request = await granted(store);
      let writes = 0;
      const write = (): void => {
        writes += 1;
      };
      const outcome = await store.ledger.submit(submitInput(request, { write, ...change }));
      expect(outcome.kind).toBe('not-sent');
      expect(writes).toBe(0);
      expect(await stateOf(request.intentId)).toBe('NotSent');
      expect((await typesOf(request.intentId)).at(-1)).toBe('OrderNotSent');
      expect(await store.ledger.submit(submitInput(request))).toEqual({ kind: 'claimed-before' });
    },
  );

  it('lets a bug in the write through and leaves the claim to reconciliation', async () => {
    const request = await granted(store);
    const write = (): void => {
      throw new TypeError('a bug');
    };
    await expect(store.ledger.submit(submitInput(request, { write }))).rejects.toThrow('a bug');
    expect(await stateOf(request.intentId)).toBe('Submitting');
    expect(await store.ledger.submit(submitInput(request))).toEqual({ kind: 'claimed-before' });
    await expect(
      store.ledger.markNotSent(request.intentId, 'absent', worker),
    ).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    await store.ledger.markUnconfirmed(request.intentId, 'doubt', worker);
    expect(await stateOf(request.intentId)).toBe('Unconfirmed');
    await new Promise((resolve) => setTimeout(resolve, 1050));
    await store.ledger.markNotSent(request.intentId, 'absent', worker);
    expect(await stateOf(request.intentId)).toBe('NotSent');
  });

  it('knows nothing of orders that are not there', async () => {
    const request = await granted(store);
    const input = submitInput({ ...request, intentId: newIntentId() });
    await expect(store.ledger.submit(input)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

function slowAfterClaim(ms: number): SubmitInput['barrier'] {
  return (point) =>
    new Promise((resolve) => setTimeout(resolve, point === 'submit.after-claim' ? ms : 0));
}

/** Ends the server's side of the connection that holds the send lock. */
const killSender = (): Promise<unknown> =>
  query(
    database.ownerUrl,
    `SELECT pg_terminate_backend(pid) FROM pg_locks
     WHERE locktype = 'advisory' AND classid = 4851 AND objid = 2 AND mode = 'ShareLock'
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );

describe('a connection that dies during submit', () => {
  it.each(['submit.before-claim', 'submit.after-claim', 'submit.after-write'] as const)(
    'at %s',
    async (at) => {
      for (let round = 0; round < 5; round += 1) {
        const request = await granted(store);
        let writes = 0;
        const write = (): void => {
          writes += 1;
        };
        const barrier: SubmitInput['barrier'] = async (point) => {
          if (point !== at) return;
          await killSender();
          await new Promise((resolve) => setTimeout(resolve, 20));
        };
        const attempt = store.ledger.submit(submitInput(request, { write, barrier }));
        if (at === 'submit.before-claim') {
          await expect(attempt).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
          expect(await stateOf(request.intentId)).toBe('Approved');
          const again = await store.ledger.submit(submitInput(request, { write }));
          expect(again.kind).toBe('sent');
          expect(writes).toBe(1);
          continue;
        }
        const outcome = await attempt;
        const isWritten = at === 'submit.after-write';
        expect(outcome.kind).toBe(isWritten ? 'sent' : 'not-sent');
        expect(writes).toBe(isWritten ? 1 : 0);
        expect(await stateOf(request.intentId)).toBe(isWritten ? 'Submitting' : 'NotSent');
        const again = await store.ledger.submit(submitInput(request, { write }));
        expect(again).toEqual({ kind: 'claimed-before' });
        expect(writes).toBe(isWritten ? 1 : 0);
      }
    },
  );

  it('inside the claim leaves nothing behind', async () => {
    const request = await granted(store);
    let writes = 0;
    const attempt = store.ledger.submit(
      submitInput(request, {
        write: () => {
          writes += 1;
        },
        evaluate: (terms, facts) => {
          void killSender();
          const until = performance.now() + 300;
          while (performance.now() < until); // the claim goes on as if nothing had happened
          return limitedTo('1000000')(terms, facts);
        },
      }),
    );
    // The killer's connection shares this thread, so the claim may still win; both ways must be consistent.
    const outcome = await attempt.catch((failure: unknown) => failure);
    const submission = await store.ledger.submission(request.intentId);
    if (outcome instanceof GatewayError) expect(writes).toBe(0);
    else expect(submission).not.toBeNull();
    expect(writes).toBeLessThanOrEqual(1);
  });

  it('at random moments writes at most once each', async () => {
    const requests = [];
    for (let index = 0; index < 40; index += 1) requests.push(await granted(store));
    const writes = new Map<string, number>();
    const killing = new AbortController();
    const killer = (async () => {
      while (!killing.signal.aborted) {
        await killSender();
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
    })();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await Promise.allSettled(
        requests.map((request) =>
          store.ledger.submit(
            submitInput(request, {
              write: ({ intentId }) => {
                writes.set(intentId, (writes.get(intentId) ?? 0) + 1);
              },
            }),
          ),
        ),
      );
    }
    killing.abort();
    await killer;
    for (const { intentId } of requests) {
      const count = writes.get(intentId) ?? 0;
      expect(count).toBeLessThanOrEqual(1);
      const submission = await store.ledger.submission(intentId);
      if (count === 1) expect(submission).not.toBeNull();
      const state = await stateOf(intentId);
      expect(state).toBe(
        submission === null ? 'Approved' : state === 'NotSent' ? 'NotSent' : 'Submitting',
      );
      if (state === 'NotSent') expect(count).toBe(0);
    }
  });
});

describe('the kill switch', () => {
  it('is linearizable: two hundred submits race one activation', async () => {
    for (let round = 0; round < 3; round += 1) {
      const requests = [];
      for (let index = 0; index < 200; index += 1) requests.push(await granted(store));
      let isHalted = false;
      const late: string[] = [];
      let writes = 0;
      const submits = requests.map((request) =>
        store.ledger.submit(
          submitInput(request, {
            write: ({ intentId }) => {
              writes += 1;
              if (isHalted) late.push(intentId);
            },
          }),
        ),
      );
      await new Promise((resolve) => setTimeout(resolve, 60));
      await store.killSwitch.activate('a drill', human);
      isHalted = true;
      const outcomes = await Promise.all(submits);
      expect(late).toEqual([]);
      expect(writes).toBe(outcomes.filter(({ kind }) => kind === 'sent').length);
      expect(writes).toBeGreaterThan(0);
      expect(outcomes.filter(({ kind }) => kind === 'halted').length).toBeGreaterThan(0);
      await store.killSwitch.release('the drill is over', human);
    }
  });

  it('waits for a sender between claim and write', async () => {
    const request = await granted(store);
    const events: string[] = [];
    let reached = (): void => undefined;
    const isThere = new Promise<void>((resolve) => (reached = resolve));
    const submit = store.ledger.submit(
      submitInput(request, {
        barrier: async (point) => {
          if (point !== 'submit.after-claim') return;
          reached();
          await new Promise((resolve) => setTimeout(resolve, 200));
        },
        write: () => {
          events.push('written');
        },
      }),
    );
    await isThere;
    await store.killSwitch.activate('now', human);
    events.push('halted');
    expect((await submit).kind).toBe('sent');
    expect(events).toEqual(['written', 'halted']);
    await store.killSwitch.release('over', human);
  });

  it.each([
    ['hangs with its lock', false],
    ['has lost its lock', true],
  ])('outlasts a sender that %s', async (_what, isKilled) => {
    const request = await granted(store);
    let writes = 0;
    let reached = (): void => undefined;
    let goOn = (): void => undefined;
    const isThere = new Promise<void>((resolve) => (reached = resolve));
    const isHalted = new Promise<void>((resolve) => (goOn = resolve));
    const submit = store.ledger.submit(
      submitInput(request, {
        barrier: async (point) => {
          if (point !== 'submit.after-claim') return;
          reached();
          await isHalted;
        },
        write: () => {
          writes += 1;
        },
      }),
    );
    await isThere;
    if (isKilled) await killSender();
    const before = performance.now();
    await store.killSwitch.activate('partition', human);
    expect(performance.now() - before).toBeGreaterThan(900);
    goOn();
    expect((await submit).kind).toBe('not-sent');
    expect(writes).toBe(0);
    await store.killSwitch.release('over', human);
  });

  it('halts proposals and grants, allows denials, and changes once', async () => {
    const request = await granted(store);
    const first = await store.killSwitch.activate('first', human);
    expect(first).toMatchObject({ state: 'active', reason: 'first', by: human.id });
    expect(await store.killSwitch.activate('second', human)).toEqual(first);
    expect(await store.killSwitch.status()).toEqual(first);
    expect(await store.ledger.submit(submitInput(request))).toEqual({ kind: 'halted' });
    expect(await stateOf(request.intentId)).toBe('Halted');
    await expect(granted(store)).rejects.toThrow('halted');
    await expect(store.killSwitch.release(' ', human)).rejects.toMatchObject({
      code: 'VALIDATION',
    });
    await store.killSwitch.release('over', human);
    expect(await store.killSwitch.status()).toMatchObject({ state: 'released' });
  });

  it('does not answer when the database does not', async () => {
    const away = await createPgStore({ databaseUrl: database.appUrl });
    await away.close();
    await expect(away.killSwitch.status()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    const nowhere = createPgStore({ databaseUrl: 'postgres://x:y@127.0.0.1:9/x' });
    await expect(nowhere).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});

describe('the lease', () => {
  it('has one holder at a time', async () => {
    expect(await store.lease.hold('a', 300)).toEqual({ validForMs: 300 });
    expect(await store.lease.hold('b', 300)).toBeNull();
    expect(await store.lease.hold('a', 300)).toEqual({ validForMs: 300 });
    await store.lease.release('b');
    expect(await store.lease.hold('b', 300)).toBeNull();
    await store.lease.release('a');
    expect(await store.lease.hold('b', 100)).toEqual({ validForMs: 100 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await store.lease.hold('a', 300)).not.toBeNull();
  });
});
