import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrokerEvent } from '../../src/broker/port.ts';
import type { IntentId } from '../../src/domain/ids.ts';
import type { DecimalText } from '../../src/domain/money/decimal.ts';
import { createPgStore } from '../../src/store/pg/store.ts';
import type { Store } from '../../src/store/port.ts';
import { createDatabase, query, type TestDatabase } from '../support/database.ts';
import {
  awaiting,
  brokerEvent,
  commissionEvent,
  decisionOn,
  fillEvent,
  granted,
  newIntentId,
  sent,
  statusEvent,
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

const hear = async (intentId: IntentId, ...events: BrokerEvent[]): Promise<string> => {
  await store.ledger.recordBrokerEvents(events);
  return (await store.ledger.applyBrokerEvents(intentId)).state;
};
const auditTypes = async (intentId: string): Promise<string[]> =>
  (await store.audit.query({ intentId, limit: 200 }))
    .map(({ body }) => (JSON.parse(body) as { type: string }).type)
    .filter((type) => !/^(?:OrderProposed|Gate|Approval|OrderClaimed|OrderSent)/.test(type));

describe('recording', () => {
  it('stores each event once and names each intent once', async () => {
    const { intentId } = await sent(store);
    const events = [
      statusEvent(intentId, 'PreSubmitted'),
      statusEvent(intentId, 'Submitted'),
      statusEvent(intentId, 'Submitted'),
    ];
    expect(await store.ledger.recordBrokerEvents(events)).toEqual([intentId]);
    expect(await store.ledger.recordBrokerEvents(events)).toEqual([]);
    const rows = await query(
      database.ownerUrl,
      'SELECT 1 FROM broker_events WHERE intent_id = $1',
      [intentId],
    );
    expect(rows).toHaveLength(2);
  });

  it('finds the intent by client and order id, by permId, and by nothing', async () => {
    const { intentId, orderId } = await sent(store);
    const rejected = { code: 201, text: 'no', treatment: 'rejected' as const };
    const byOrder = brokerEvent({ kind: 'order-error', orderId, error: rejected });
    expect(await store.ledger.recordBrokerEvents([byOrder])).toEqual([intentId]);
    expect(await hear(intentId, { ...statusEvent(intentId, 'x'), dedupKey: `p:${intentId}` })).toBe(
      'Rejected',
    );
    const byPerm = brokerEvent({ permId: `9${intentId}`, clientId: null, status: 'Cancelled' });
    expect(await store.ledger.recordBrokerEvents([byPerm])).toEqual([intentId]);
    const foreign = brokerEvent({ orderRef: 'somebody else', clientId: 99, orderId: 1 });
    expect(await store.ledger.recordBrokerEvents([foreign])).toEqual([]);
  });

  it('hears of an order before its claim is committed', async () => {
    const request = await granted(store);
    const { intentId } = request;
    const outcome = await store.ledger.submit(
      submitInput(request, {
        barrier: async (point) => {
          if (point !== 'submit.after-write') return;
          const early = [
            statusEvent(intentId, 'Submitted'),
            fillEvent(intentId, `e1.${intentId}.01`, '10'),
          ];
          expect(await store.ledger.recordBrokerEvents(early)).toEqual([intentId]);
          expect((await store.ledger.applyBrokerEvents(intentId)).state).toBe('Filled');
        },
      }),
    );
    expect(outcome.kind).toBe('sent');
    expect((await store.ledger.order(intentId))?.state).toBe('Filled');
  });

  it('ties a commission to its execution in either order', async () => {
    for (const isEarly of [true, false]) {
      const { intentId } = await sent(store);
      const execId = `c${isEarly}.${intentId}.01`;
      const events = [commissionEvent(execId, '1.25'), fillEvent(intentId, execId, '10')];
      for (const event of isEarly ? events : events.reverse())
        await store.ledger.recordBrokerEvents([event]);
      await store.ledger.applyBrokerEvents(intentId);
      expect(await store.ledger.order(intentId)).toMatchObject({
        state: 'Filled',
        commission: '1.25',
      });
      expect(await auditTypes(intentId)).toEqual(['OrderFilled', 'CommissionReported']);
    }
  });
});

describe('folding', () => {
  it('follows an order to its end', async () => {
    const { intentId } = await sent(store);
    expect(await hear(intentId, statusEvent(intentId, 'PreSubmitted'))).toBe('Working');
    expect(await hear(intentId, fillEvent(intentId, `a.${intentId}.01`, '4', '188'))).toBe(
      'PartiallyFilled',
    );
    expect(await hear(intentId, statusEvent(intentId, 'Submitted', '4'))).toBe('PartiallyFilled');
    expect(await store.ledger.order(intentId)).toMatchObject({
      filled: '4',
      remaining: '6',
      averagePrice: '188',
      permId: `9${intentId}`,
    });
    expect(
      await hear(
        intentId,
        fillEvent(intentId, `b.${intentId}.01`, '6', '190'),
        statusEvent(intentId, 'Filled', '10'),
      ),
    ).toBe('Filled');
    expect(await store.ledger.order(intentId)).toMatchObject({
      filled: '10',
      remaining: '0',
      averagePrice: '189.2',
    });
    expect(await auditTypes(intentId)).toEqual([
      'OrderAcknowledged',
      'OrderPartiallyFilled',
      'OrderFilled',
    ]);
    expect(await hear(intentId, statusEvent(intentId, 'Submitted', '10'))).toBe('Filled');
    expect(await auditTypes(intentId)).toHaveLength(3);
  });

  it('comes to the same end in every order of arrival', async () => {
    const orders: number[][] = [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 0, 3, 1],
      [1, 3, 0, 2],
    ];
    for (const [run, order] of orders.entries()) {
      for (const isOneByOne of [true, false]) {
        const { intentId } = await sent(store);
        const tag = `${run}${isOneByOne}.${intentId}`;
        const events = [
          statusEvent(intentId, 'Submitted'),
          fillEvent(intentId, `x${tag}.01`, '4'),
          fillEvent(intentId, `y${tag}.01`, '6'),
          statusEvent(intentId, 'Filled', '10'),
        ];
        const arriving = order.map((index) => events[index]!);
        if (isOneByOne) for (const event of arriving) await hear(intentId, event, event);
        else await hear(intentId, ...arriving);
        expect(await store.ledger.order(intentId)).toMatchObject({
          state: 'Filled',
          filled: '10',
          averagePrice: '189',
        });
      }
    }
  });

  it('takes a fill that crossed the cancel', async () => {
    const { intentId } = await sent(store);
    await hear(intentId, statusEvent(intentId, 'Submitted'));
    expect(await hear(intentId, statusEvent(intentId, 'Cancelled'))).toBe('Cancelled');
    expect(await hear(intentId, fillEvent(intentId, `k.${intentId}.01`, '3'))).toBe('Cancelled');
    expect(await store.ledger.order(intentId)).toMatchObject({ filled: '3', remaining: '7' });
    expect(await hear(intentId, fillEvent(intentId, `l.${intentId}.01`, '7'))).toBe('Filled');
    expect(await auditTypes(intentId)).toEqual([
      'OrderAcknowledged',
      'OrderCancelled',
      'OrderPartiallyFilled',
      'OrderFilled',
    ]);
  });

  it('replaces an execution by its correction, whichever comes first', async () => {
    for (const isReversed of [false, true]) {
      const { intentId } = await sent(store);
      const root = `z${isReversed}.${intentId}`;
      const events = [
        fillEvent(intentId, `${root}.01`, '6', '188'),
        fillEvent(intentId, `${root}.02`, '5', '187'),
      ];
      for (const event of isReversed ? events.reverse() : events) await hear(intentId, event);
      expect(await store.ledger.order(intentId)).toMatchObject({
        state: 'PartiallyFilled',
        filled: '5',
        averagePrice: '187',
      });
    }
  });

  it('a correction takes back what was named before it, statuses included', async () => {
    for (const isReversed of [false, true]) {
      const { intentId } = await sent(store);
      const root = `c${isReversed}.${intentId}`;
      const named = (execId: string, quantity: string): BrokerEvent => ({
        ...fillEvent(intentId, `${root}.${execId}`, quantity),
        filled: quantity as DecimalText,
      });
      const [wrong, right] = [named('01', '6'), named('02', '4')];
      if (!isReversed) await hear(intentId, wrong, statusEvent(intentId, 'Submitted', '6'));
      await hear(intentId, ...(isReversed ? [right, wrong] : [right]));
      const corrected = await store.ledger.order(intentId);
      expect(corrected).toMatchObject({ state: 'PartiallyFilled', filled: '4' });
      await hear(intentId, statusEvent(intentId, 'Submitted', '5'));
      expect((await store.ledger.order(intentId))?.filled).toBe('5');
    }
  });

  it('two live orders of one intent are an incident', async () => {
    const { intentId } = await sent(store);
    const incident = brokerEvent({
      kind: 'incident',
      dedupKey: `incident:two-live-orders:${intentId}:1+2`,
      orderRef: intentId,
      incident: 'two-live-orders',
    });
    await hear(intentId, statusEvent(intentId, 'Submitted'), incident, incident);
    expect(await auditTypes(intentId)).toEqual(['OrderAcknowledged', 'IncidentOpened']);
  });

  it('lets an inactive order revive, and reads words and error treatments', async () => {
    const revived = await sent(store);
    expect(await hear(revived.intentId, statusEvent(revived.intentId, 'Inactive'))).toBe(
      'Inactive',
    );
    expect(await hear(revived.intentId, statusEvent(revived.intentId, 'Submitted'))).toBe(
      'Working',
    );
    const warned = await sent(store);
    const error = (treatment: 'warning' | 'rejected' | 'cancelled'): BrokerEvent =>
      brokerEvent({
        kind: 'order-error',
        orderId: warned.orderId,
        error: { code: 399, text: 'text', treatment },
      });
    expect(await hear(warned.intentId, error('warning'))).toBe('Submitting');
    expect(await hear(warned.intentId, error('cancelled'))).toBe('Cancelled');
  });

  it('opens an incident where the broker knows an order that never left', async () => {
    const { intentId } = await awaiting(store);
    expect(await hear(intentId, statusEvent(intentId, 'Submitted'))).toBe('AwaitingApproval');
    expect(await auditTypes(intentId)).toEqual(['IncidentOpened']);
  });

  it('believes stored news more than a conclusion', async () => {
    const { intentId } = await sent(store);
    await store.ledger.recordBrokerEvents([statusEvent(intentId, 'Submitted')]);
    await store.ledger.markNotSent(intentId, 'not found', worker);
    expect((await store.ledger.order(intentId))?.state).toBe('Working');
    await store.ledger.markUnconfirmed(intentId, 'doubt', worker);
    expect((await store.ledger.order(intentId))?.state).toBe('Working');
  });

  it('names unapplied news as overdue', async () => {
    const { intentId } = await sent(store);
    await store.ledger.recordBrokerEvents([statusEvent(intentId, 'Submitted')]);
    const news = async () =>
      (await store.ledger.overdue(0)).filter(
        (item) => item.kind === 'broker-news' && item.intentId === intentId,
      );
    expect(await news()).toHaveLength(1);
    await store.ledger.applyBrokerEvents(intentId);
    expect(await news()).toHaveLength(0);
  });
});

describe('waiting for an order', () => {
  it('wakes at once, and for every one of many', async () => {
    const requests = [];
    for (let index = 0; index < 30; index += 1) requests.push(await awaiting(store));
    const started = performance.now();
    const waits = requests.map(({ intentId }) =>
      store.ledger.waitForOrder(intentId, ({ state }) => state === 'Approved', 10_000),
    );
    await Promise.all(requests.map((request) => store.ledger.recordDecision(decisionOn(request))));
    const views = await Promise.all(waits);
    for (const view of views) expect(view?.state).toBe('Approved');
    expect(performance.now() - started).toBeLessThan(1900); // not by the poll
  });

  it('gives the last view at the deadline, null for nothing, and throws when aborted', async () => {
    const { intentId } = await awaiting(store);
    const never = () => false;
    const view = await store.ledger.waitForOrder(intentId, never, 50);
    expect(view?.state).toBe('AwaitingApproval');
    expect(await store.ledger.waitForOrder(newIntentId(), never, 50)).toBeNull();
    const abort = new AbortController();
    const wait = store.ledger.waitForOrder(intentId, never, 10_000, abort.signal);
    abort.abort(new Error('gone'));
    await expect(wait).rejects.toThrow('gone');
  });

  it('survives the loss of the listening connection', async () => {
    const request = await awaiting(store);
    const wait = store.ledger.waitForOrder(
      request.intentId,
      ({ state }) => state === 'Approved',
      10_000,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    await query(
      database.ownerUrl,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
    );
    await store.ledger.recordDecision(decisionOn(request));
    expect((await wait)?.state).toBe('Approved');
  });
});
