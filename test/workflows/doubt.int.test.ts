import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Worker,
  type WorkflowBundle,
} from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type {
  BrokerActivities,
  OrderActivities,
  SubmitResult,
} from '../../src/activities/types.ts';
import { ensureSearchAttributes } from '../../src/temporal/connection.ts';
import { installRuntime } from '../../src/temporal/worker.ts';
import type { ExpiryOutcome } from '../../src/store/port/ledger.ts';
import type { PlaceOrderInput } from '../../src/workflows/names.ts';

/** The order workflow on a real Temporal server, with activities that only answer: what it does after a doubt. */
const workflowsPath = new URL('../../src/workflows/index.ts', import.meta.url).pathname;
let bundle: WorkflowBundle;
let client: Client;
let connection: NativeConnection;

beforeAll(async () => {
  installRuntime();
  const address = inject('temporalAddress');
  bundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  client = new Client({ connection: await Connection.connect({ address }) });
  connection = await NativeConnection.connect({ address });
  await ensureSearchAttributes(client, 'default');
});
afterAll(async () => {
  await connection.close();
  await client.connection.close();
});

type Found = Awaited<ReturnType<BrokerActivities['reconcileOrder']>>['kind'];

/** Runs one granted order whose every attempt to send ends in a doubt, or as told; each look at the broker says the next word. */
async function runDoubtful(
  words: readonly Found[],
  expiry: ExpiryOutcome = { kind: 'settled', status: 'granted' },
  attempt?: SubmitResult,
) {
  const taskQueue = `doubt-${randomUUID()}`;
  const calls: string[] = [];
  const expiresAt = new Date(Date.now() + 60_000).toISOString();
  const left = [...words];
  // What the ledger says of the order once it has been asked to fold the news in.
  let state = 'Filled';
  const activities = {
    gate: () => Promise.resolve({ kind: 'awaiting', approvalId: 'apr_1', expiresAt }),
    recordSignalDecision: () => Promise.resolve({ recorded: true, status: 'granted' }),
    follow: () => Promise.resolve('granted'),
    expire: () => Promise.resolve(expiry),
    submitOrder: () => {
      calls.push('submit');
      if (attempt !== undefined) return Promise.resolve(attempt);
      return Promise.reject(new Error('the gateway was killed'));
    },
    reconcileOrder: () => {
      const kind = left.length > 1 ? left.shift() : left[0];
      calls.push(`look: ${kind ?? ''}`);
      return Promise.resolve({ kind });
    },
    applyNews: () => Promise.resolve({ state, terminal: true, acknowledged: true }),
    markUnconfirmed: () => Promise.resolve(void calls.push('unconfirmed')),
    markNotSent: () => {
      calls.push('not sent');
      state = 'NotSent';
      return Promise.resolve();
    },
  } as unknown as OrderActivities & BrokerActivities;
  const worker = await Worker.create({ connection, taskQueue, workflowBundle: bundle, activities });
  const input = {
    intentId: `int_${randomUUID()}`,
    summary: 'a doubtful order',
    brokerQueue: taskQueue,
    quarantineMs: 300,
    acknowledgeWithinMs: 1000,
  } as PlaceOrderInput;
  const result = await worker.runUntil(async () => {
    const handle = await client.workflow.start('placeOrder', {
      args: [input],
      taskQueue,
      workflowId: input.intentId,
    });
    await handle.signal('approve', { approvalId: 'apr_1' });
    return (await handle.result()) as { state: string };
  });
  return { state: result.state, calls };
}

describe('after an attempt to send that nobody can vouch for', () => {
  it('looks at the broker, adopts what is there, and never sends again', async () => {
    const { state, calls } = await runDoubtful(['found']);
    expect(calls).toEqual(['submit', 'look: found']);
    expect(state).toBe('Filled');
  });

  it('gives up an order that is absent twice, and never sends it again', async () => {
    const { state, calls } = await runDoubtful(['absent']);
    expect(calls.filter((call) => call === 'submit')).toHaveLength(1);
    expect(calls.filter((call) => call === 'look: absent').length).toBeGreaterThanOrEqual(2);
    expect(calls.at(-1)).toBe('not sent');
    expect(state).toBe('NotSent');
  });

  it('begins the quarantine anew where an answer was not clear', async () => {
    const { state, calls } = await runDoubtful(['absent', 'unclear', 'found']);
    expect(calls).toEqual([
      'submit',
      'look: absent',
      'unconfirmed',
      'look: unclear',
      'look: found',
    ]);
    expect(state).toBe('Filled');
  });

  it('tries again only where nothing was ever claimed', async () => {
    const { state, calls } = await runDoubtful(['unclaimed', 'found']);
    expect(calls).toEqual(['submit', 'look: unclaimed', 'submit', 'look: found']);
    expect(state).toBe('Filled');
  });

  it('expires where nothing was ever claimed and the time to execute is over', async () => {
    const { state, calls } = await runDoubtful(['unclaimed'], { kind: 'expired' });
    expect(calls).toEqual(['submit', 'look: unclaimed']);
    expect(state).toBe('Expired');
  });
});

describe('after a claim that found a breach', () => {
  const breaches = [{ term: 'position', signed: '0', now: '40' }];
  it.each([
    [{ kind: 'denied', breaches }, 'Denied'],
    [{ kind: 'halted' }, 'Halted'],
  ] as const)('ends as the policy says: %j', async (attempt, state) => {
    const ended = await runDoubtful(['found'], undefined, attempt);
    expect(ended).toEqual({ state, calls: ['submit'] });
  });
});
