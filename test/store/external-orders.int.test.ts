import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrokerEvent, SeenOrder } from '../../src/broker/port.ts';
import type { DecimalText } from '../../src/domain/money/decimal.ts';
import { createPgStore } from '../../src/store/pg/store.ts';
import type { Store } from '../../src/store/port.ts';
import { createDatabase, query, type TestDatabase } from '../support/database.ts';
import {
  brokerEvent,
  fillEvent,
  newIntentId,
  sent,
  statusEvent,
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

const order: SeenOrder = {
  ...{ account: 'DU1234567', conId: 265598, symbol: 'AAPL', side: 'SELL' },
  ...{
    orderType: 'LMT',
    tif: 'GTC',
    quantity: '7' as DecimalText,
    limitPrice: '190' as DecimalText,
  },
};
const open = (permId: string | null, change: Partial<BrokerEvent> = {}): BrokerEvent =>
  brokerEvent({
    kind: 'open-order',
    dedupKey: `open:${permId ?? 'none'}:Submitted`,
    ...{ permId, clientId: 0, orderId: 0, status: 'Submitted', order, ...change },
  });
const rows = (where = 'true') =>
  query(database.ownerUrl, `SELECT * FROM external_orders WHERE ${where} ORDER BY order_key`);
const seen = async () =>
  (await store.audit.query({ type: 'ExternalOrderSeen', limit: 100 })).map(
    ({ body }) => (JSON.parse(body) as { payload: Record<string, unknown> }).payload,
  );

describe('orders that are not ours', () => {
  it('are adopted once, followed to their end, and never revived by late news', async () => {
    const repeat = [open('501'), open('501')];
    expect(await store.ledger.recordBrokerEvents(repeat)).toEqual([]);
    await store.ledger.recordBrokerEvents([open('501')]);
    // The same status with another price: no new event, but the row has it.
    const dearer = { ...order, limitPrice: '191' as DecimalText };
    await store.ledger.recordBrokerEvents([open('501', { order: dearer })]);
    expect(await rows(`perm_id = '501'`)).toMatchObject([
      {
        account: 'DU1234567',
        symbol: 'AAPL',
        side: 'SELL',
        limit_price: '191',
        status: 'Submitted',
      },
    ]);
    const filled = '7' as DecimalText;
    const over = brokerEvent({ permId: '501', clientId: 0, orderId: 0, status: 'Filled', filled });
    await store.ledger.recordBrokerEvents([over, open('501')]);
    expect(await rows(`perm_id = '501'`)).toMatchObject([{ status: 'Filled', filled: '7' }]);
    const events = (await seen()).filter(({ permId }) => permId === '501');
    expect(events).toMatchObject([{ symbol: 'AAPL', quantity: '7', limitPrice: '190' }]);
  });

  it('keep their executions; a correction replaces the one before it', async () => {
    const of = { orderRef: null, permId: '502', clientId: 0, orderId: 0, order };
    const fills = [fillEvent('x', '502.a.01', '3'), fillEvent('x', '502.a.02', '2')];
    await store.ledger.recordBrokerEvents(fills.map((event) => ({ ...event, ...of })));
    const found = await query(
      database.ownerUrl,
      `SELECT exec_id, quantity FROM external_executions WHERE order_key = '502'`,
    );
    expect(found).toEqual([{ exec_id: '502.a.02', quantity: '2' }]);
  });

  it('are one row when the permId comes later, also for another client id', async () => {
    await store.ledger.recordBrokerEvents([open(null, { clientId: 4, orderId: 9 })]);
    await store.ledger.recordBrokerEvents([open('503', { clientId: 4, orderId: 9 })]);
    expect(await rows('client_id = 4')).toMatchObject([{ order_key: '503', perm_id: '503' }]);
  });

  it('also carry our form of orderRef where the ledger does not know it', async () => {
    const orderRef = newIntentId();
    await store.ledger.recordBrokerEvents([open('504', { orderRef })]);
    expect(await rows(`perm_id = '504'`)).toMatchObject([{ order_ref: orderRef }]);
  });

  it('are told from ours by orderRef and permId where TWS gives an order id out anew', async () => {
    const { intentId, orderId } = await sent(store);
    await store.ledger.recordBrokerEvents([statusEvent(intentId, 'Submitted')]);
    await store.ledger.applyBrokerEvents(intentId);
    const same = { clientId: 11, orderId };
    const strangers = [
      open('505', { ...same, orderRef: 'theirs' }),
      brokerEvent({ ...same, permId: '506', status: 'Cancelled' }),
    ];
    expect(await store.ledger.recordBrokerEvents(strangers)).toEqual([]);
    expect((await store.ledger.order(intentId))?.state).toBe('Working');
    expect(await rows(`perm_id IN ('505', '506')`)).toHaveLength(2);
    // Without a permId of its own the order id is all there is, and it is ours.
    expect(await store.ledger.recordBrokerEvents([brokerEvent({ ...same, status: 'X' })])).toEqual([
      intentId,
    ]);
  });

  it('our own never become one', async () => {
    const { intentId, orderId } = await sent(store);
    const mine = { orderRef: intentId, clientId: 11, orderId };
    await store.ledger.recordBrokerEvents([
      open('507', mine),
      brokerEvent({ clientId: 11, orderId, permId: '507', status: 'Submitted' }),
    ]);
    expect(await rows(`perm_id = '507'`)).toEqual([]);
  });
});
