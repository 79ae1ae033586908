import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimGateway } from '../../src/simgateway/sim-gateway.ts';
import type { SimGateway } from '../../src/simgateway/sim-gateway.ts';
import { simControl } from '../support/sim-control.ts';
import type { SimControl } from '../support/sim-control.ts';
import { AAPL, IbClient, OPEN_INSTANT, order } from './ib-client.ts';

let gateway: SimGateway;
let control: SimControl;
let client: IbClient;
let nextId: number;

beforeEach(async () => {
  gateway = await startSimGateway({ clockStart: OPEN_INSTANT });
  control = simControl(gateway.controlPort);
  client = new IbClient(gateway.port, 1);
  nextId = await client.connect();
});
afterEach(async () => {
  client.disconnect();
  await gateway.close();
});

const place = (fields: Record<string, unknown> = {}) =>
  client.api.placeOrder(nextId, AAPL, order({ orderRef: 'ref', ...fields }));
const frames = async () => (await control.frames('ref'))[0]?.total ?? 0;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const aliveAfter = async () => {
  client.api.reqCurrentTime();
  await client.wait('currentTime');
};

async function faultFired(kind: string): Promise<void> {
  const { entries } = await control.journal({ direction: 'fault', message: kind });
  expect(entries).toHaveLength(1);
}

describe('a placement that loses its connection', () => {
  it.each([
    { kind: 'drop-before-read', received: 0, orders: 0, acks: 0 },
    { kind: 'drop-unaccepted', received: 1, orders: 0, acks: 0 },
    { kind: 'drop-after-read', received: 1, orders: 1, acks: 0 },
    { kind: 'drop-after-ack', received: 1, orders: 1, acks: 2 },
  ])('$kind: $received received, $orders orders', async ({ kind, received, orders, acks }) => {
    await control.armFault({ kind });
    place({ orderType: 'LMT', lmtPrice: 100 });
    await client.wait('disconnected');
    expect(await frames()).toBe(received);
    expect(await control.orders({ orderRef: 'ref' })).toHaveLength(orders);
    expect(client.count('orderStatus')).toBe(acks);
    await faultFired(kind);
    const again = new IbClient(gateway.port, 1);
    expect(await again.connect()).toBe(nextId + orders);
    again.api.reqOpenOrders();
    await again.wait('openOrderEnd');
    expect(again.count('openOrder')).toBe(orders);
    again.disconnect();
  });

  it('can end with a reset', async () => {
    await control.armFault({ kind: 'drop-after-read', reset: true });
    place();
    await client.wait('disconnected');
    expect(await control.orders({ orderRef: 'ref' })).toHaveLength(1);
  });
});

describe('a placement that keeps its connection', () => {
  it('swallow: received, never an order', async () => {
    await control.armFault({ kind: 'swallow' });
    place();
    await aliveAfter();
    expect(await frames()).toBe(1);
    expect(await control.orders()).toEqual([]);
    expect(client.count('orderStatus')).toBe(0);
  });

  it('lost-acks: works silently, queries show it', async () => {
    await control.armFault({ kind: 'lost-acks' });
    place();
    await aliveAfter();
    expect(client.count('orderStatus')).toBe(0);
    expect((await control.orders())[0]).toMatchObject({ status: 'Filled', filled: 10 });
    client.api.reqExecutions(9001, {});
    await client.wait('execDetails', (a) => a[0] === 9001);
  });

  it('reject: the given code and text', async () => {
    await control.armFault({ kind: 'reject', code: 201, text: 'Order rejected - reason:No.' });
    place();
    const refused = await client.waitError(nextId, 201);
    expect(String(refused.args[0])).toContain('No.');
    expect((await control.orders())[0]).toMatchObject({ status: 'Inactive' });
  });

  it('strikes only the order it names, as often as it says, and never a what-if', async () => {
    await control.armFault({ kind: 'swallow', orderRef: 'other' });
    await control.armFault({ kind: 'swallow', orderRef: 'ref', times: 1 });
    place({ whatIf: true });
    await client.wait('openOrder');
    nextId += 1; // a what-if uses up its id
    place();
    await aliveAfter();
    expect(await control.orders()).toEqual([]);
    place();
    await client.waitStatus(nextId, 'Filled');
  });

  it('delay: acknowledgements come late', async () => {
    await control.armFault({ kind: 'delay', delayMs: 150 });
    place();
    await pause(60);
    expect(client.count('orderStatus')).toBe(0);
    expect(await control.orders()).toHaveLength(1);
    await client.waitStatus(nextId, 'Filled');
  });

  it('hold-cancel: pending until settled, and fills may still come', async () => {
    await control.armFault({ kind: 'hold-cancel' });
    place({ orderType: 'LMT', lmtPrice: 100 });
    await client.waitStatus(nextId, 'Submitted');
    client.api.cancelOrder(nextId);
    await client.waitStatus(nextId, 'PendingCancel');
    const permId = (await control.orders())[0]?.permId ?? 0;
    await control.fill(permId, { shares: 4 });
    await client.wait('execDetails');
    await control.cancel(permId);
    await client.waitError(nextId, 202);
    await control.fill(permId, { shares: 2 });
    await client.wait('execDetails', (a) => (a[2] as { cumQty: number }).cumQty === 6);
    expect((await control.orders())[0]).toMatchObject({ status: 'Cancelled', filled: 6 });
  });
});

describe('barriers', () => {
  it('hold-before: read and counted, but not acted on until released', async () => {
    await control.armFault({ kind: 'hold-before' });
    place();
    client.api.reqCurrentTime();
    await expect.poll(async () => (await control.holds()).length).toBe(1);
    expect(await frames()).toBe(1);
    expect(await control.orders()).toEqual([]);
    expect(client.count('currentTime')).toBe(0);
    const [hold] = await control.holds();
    expect(hold?.fields).toMatchObject({ orderRef: 'ref', totalQuantity: '10' });
    await control.releaseHold(hold?.id ?? 0);
    await client.waitStatus(nextId, 'Filled');
    await client.wait('currentTime');
  });

  it('hold-before: acts on release although the client died meanwhile', async () => {
    await control.armFault({ kind: 'hold-before' });
    place();
    await expect.poll(async () => (await control.holds()).length).toBe(1);
    client.disconnect();
    await expect.poll(async () => (await control.connections()).length).toBe(0);
    await control.releaseHold((await control.holds())[0]?.id ?? 0);
    expect((await control.orders())[0]).toMatchObject({ status: 'Filled' });
  });

  it('hold-after: accepted, acknowledged on release', async () => {
    await control.armFault({ kind: 'hold-after' });
    place();
    await expect.poll(async () => (await control.holds()).length).toBe(1);
    expect((await control.orders())[0]).toMatchObject({ status: 'Filled' });
    expect(client.count('orderStatus')).toBe(0);
    await control.releaseHold((await control.holds())[0]?.id ?? 0);
    await client.waitStatus(nextId, 'Filled');
  });

  it('can be dropped', async () => {
    await control.armFault({ kind: 'hold-before' });
    place();
    await expect.poll(async () => (await control.holds()).length).toBe(1);
    await control.releaseHold((await control.holds())[0]?.id ?? 0, 'drop');
    await client.wait('disconnected');
    expect(await control.orders()).toEqual([]);
  });
});

describe('messages and connections', () => {
  it('leaves out an end marker once', async () => {
    await control.armFault({ kind: 'missing-end', message: 'openOrderEnd' });
    client.api.reqOpenOrders();
    await aliveAfter();
    expect(client.count('openOrderEnd')).toBe(0);
    client.api.reqOpenOrders();
    await client.wait('openOrderEnd');
  });

  it('repeats a status', async () => {
    await control.armFault({ kind: 'duplicate', times: 2 });
    place();
    await client.waitStatus(nextId, 'Filled');
    expect(client.count('orderStatus')).toBe(4);
  });

  it('pauses both ways (half-open) and resumes', async () => {
    await control.connection(1, 'pause');
    place();
    await pause(60);
    expect(await frames()).toBe(0);
    await control.connection(1, 'resume');
    await client.waitStatus(nextId, 'Filled');
  });

  it('resets, splits and delays connections', async () => {
    await control.connection(1, 'split');
    await control.connection(1, 'delay', 20);
    place();
    await client.waitStatus(nextId, 'Filled');
    expect(client.decodeErrors()).toEqual([]);
    await control.connection('all', 'reset');
    await client.wait('disconnected');
    await expect(control.connection(1, 'drop')).rejects.toThrow('404');
  });
});

describe('the link and restarts', () => {
  it('loses the link (1100), keeps orders back, and comes back (1102)', async () => {
    await control.setLink('down');
    await client.wait('info', (a) => a[1] === 1100);
    place();
    await client.waitStatus(nextId, 'PendingSubmit');
    await control.setLink('up-data-kept');
    await client.wait('info', (a) => a[1] === 1102);
    await client.waitStatus(nextId, 'Filled');
  });

  it('drops market data with 1101', async () => {
    client.api.reqMktData(9001, AAPL, '', false, false);
    await client.wait('tickPrice');
    await control.setLink('down');
    await control.setLink('up-data-lost');
    await client.wait('info', (a) => a[1] === 1101);
    client.api.cancelMktData(9001);
    await client.waitError(9001, 300);
  });

  it('restarts with ids rolled back, so that a used id makes a second order', async () => {
    place();
    await client.waitStatus(nextId, 'Filled');
    await control.restart({ rollBackIds: 1 });
    await client.wait('disconnected');
    const again = new IbClient(gateway.port, 1);
    expect(await again.connect()).toBe(nextId);
    again.api.placeOrder(nextId, AAPL, order({ orderRef: 'ref' }));
    await again.waitStatus(nextId, 'Filled');
    const orders = await control.orders({ orderRef: 'ref' });
    expect(new Set(orders.map((o) => o.permId)).size).toBe(2);
    again.disconnect();
  });

  it('refuses connections while it restarts', async () => {
    await control.restart({ downMs: 80 });
    expect((await control.health()).ready).toBe(false);
    await expect.poll(async () => (await control.health()).ready).toBe(true);
    const again = new IbClient(gateway.port, 1);
    await again.connect();
    again.disconnect();
  });
});

describe('the control port', () => {
  it('refuses unknown routes, methods, fields, kinds and bad values by name', async () => {
    await expect(control.call('GET', '/nothing')).rejects.toThrow('404');
    await expect(control.call('DELETE', '/clock')).rejects.toThrow('405 /clock takes GET, PUT');
    await expect(control.call('POST', '/faults', { knid: 'swallow' })).rejects.toThrow("'knid'");
    await expect(control.armFault({ kind: 'swalow' })).rejects.toThrow("unknown fault 'swalow'");
    await expect(control.setQuote('SHOP', { bid: 1 })).rejects.toThrow('195014116 USD');
    await expect(control.setQuote('NOSUCH', { bid: 1 })).rejects.toThrow('404');
    await expect(control.setQuote('AAPL', { bid: '-1' })).rejects.toThrow("'bid'");
    await expect(control.setClock({ instant: 'noon' })).rejects.toThrow("'instant'");
    await expect(control.fill(1, { shares: 1 })).rejects.toThrow('404');
    await expect(control.setFillPolicy({ mode: 'partial', slices: [] })).rejects.toThrow('slices');
  });

  it('journals a placement with every decoded field, and counts it for ever', async () => {
    const { lastSeq } = await control.journal();
    place({ orderType: 'LMT', lmtPrice: 100.25 });
    await client.waitStatus(nextId, 'Submitted');
    const { entries } = await control.journal({ message: 'placeOrder', since: lastSeq });
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ direction: 'in', clientId: 1 });
    expect(entries[0]?.fields).toMatchObject({
      orderId: nextId,
      conId: 265598,
      action: 'BUY',
      totalQuantity: '10',
      lmtPrice: '100.25',
      tif: 'DAY',
      orderRef: 'ref',
      transmit: true,
    });
    const out = await control.journal({ direction: 'out', since: lastSeq });
    expect(out.entries.map((e) => e.message)).toEqual([
      'openOrder',
      'orderStatus',
      'openOrder',
      'orderStatus',
    ]);
  });
});
