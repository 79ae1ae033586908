import { describe, expect, it } from 'vitest';
import { createBrokerActivities } from '../../src/activities/broker-activities.ts';
import type { Evidence } from '../../src/broker/port.ts';
import type { SubmitInput } from '../../src/store/port/ledger.ts';
import { newApprovalId, newIntent, noFacts } from '../support/ledger-fixtures.ts';

type Ports = Parameters<typeof createBrokerActivities>[0];

const intent = newIntent();
const { intentId } = intent;
const request = { intentId, approvalId: newApprovalId() };
const ready = {
  value: { state: 'ready', reason: 'connected', since: '2026-11-24T16:00:00.000Z', detail: '' },
  source: 'test',
  at: '2026-11-24T16:00:00.000Z',
};

/** The activities over parties that only answer; each test says what they answer. */
function activities(change: {
  link?: object;
  holdsLease?: () => boolean;
  monotonicMs?: () => number;
  submit?: (input: SubmitInput) => Promise<unknown>;
  submission?: object | null;
  evidence?: Evidence;
}) {
  const recorded: unknown[] = [];
  const turns = { open: 1 };
  const ports = {
    ledger: {
      intent: () => Promise.resolve(intent),
      submit: change.submit ?? (() => Promise.reject(new Error('nothing is claimed here'))),
      submission: () => Promise.resolve(change.submission ?? null),
      recordBrokerEvents: (events: unknown) => Promise.resolve(void recorded.push(events)),
    },
    broker: {
      clientId: 11,
      nextValidId: () => 7,
      turn: () => Promise.resolve(() => void (turns.open -= 1)),
      facts: () => Promise.resolve({ ...noFacts, link: change.link ?? ready }),
      findOrder: () =>
        change.evidence === undefined
          ? Promise.reject(new Error('the broker is not asked'))
          : Promise.resolve(change.evidence),
    },
    evaluate: () => undefined,
    autoApproval: null,
    findBreaches: () => [],
    holdsLease: change.holdsLease ?? (() => true),
    monotonicMs: change.monotonicMs ?? (() => 0),
    sendWithinMs: 10_000,
    barrier: () => Promise.resolve(),
  } as unknown as Ports;
  return { ...createBrokerActivities(ports), recorded, turns };
}

describe('the right to write', () => {
  it('the place in the pacing is given back whatever became of the order', async () => {
    const failing = activities({ submit: () => Promise.reject(new Error('a bug')) });
    await expect(failing.submitOrder(request)).rejects.toThrow('a bug');
    expect(failing.turns.open).toBe(0);
  });

  it('in the restart window nothing is claimed, and the reason is said', async () => {
    const value = {
      ...ready.value,
      state: 'degraded',
      reason: 'restart-window',
      detail: 'until 5',
    };
    const { submitOrder } = activities({ link: { ...ready, value } });
    await expect(submitOrder(request)).rejects.toThrow('until 5');
  });

  it('ends with the lease, also after the claim', async () => {
    let holds = true;
    const answers: boolean[] = [];
    const { submitOrder } = activities({
      holdsLease: () => holds,
      submit: ({ mayWrite }) => {
        answers.push(mayWrite());
        holds = false;
        answers.push(mayWrite());
        return Promise.resolve({ kind: 'not-sent', why: 'no lease' });
      },
    });
    await submitOrder(request);
    expect(answers).toEqual([true, false]);
  });

  it('ends ten seconds after the attempt began', async () => {
    let now = 500;
    const answers: boolean[] = [];
    const { submitOrder } = activities({
      monotonicMs: () => now,
      submit: ({ mayWrite }) => {
        now += 9999;
        answers.push(mayWrite());
        now += 1;
        answers.push(mayWrite());
        return Promise.resolve({ kind: 'not-sent', why: 'too late' });
      },
    });
    await submitOrder(request);
    expect(answers).toEqual([true, false]);
  });

  it('is asked for before anything is claimed', async () => {
    const { submitOrder } = activities({ holdsLease: () => false });
    await expect(submitOrder(request)).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
  });
});

describe('after a doubt', () => {
  const claimed = { submission: { orderId: 7 } };

  it('an order without a claim is unclaimed, and the broker is not asked', async () => {
    expect(await activities({}).reconcileOrder(intentId)).toEqual({ kind: 'unclaimed' });
  });

  it('what the broker knows is recorded before it counts as found', async () => {
    const events = [{ dedupKey: 'exec:1' }] as never[];
    const { reconcileOrder, recorded } = activities({
      ...claimed,
      evidence: { found: true, events },
    });
    expect(await reconcileOrder(intentId)).toEqual({ kind: 'found' });
    expect(recorded).toEqual([events]);
  });

  it.each([
    [true, 'absent'],
    [false, 'unclear'],
  ])('a claimed order that is not found, completely asked %s, is %s', async (complete, kind) => {
    const evidence: Evidence = { found: false, complete, nextValidId: 7 };
    const { reconcileOrder } = activities({ ...claimed, evidence });
    expect(await reconcileOrder(intentId)).toEqual({ kind });
  });
});
