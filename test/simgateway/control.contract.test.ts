import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { controlRoutes } from '../../src/simgateway/control/control.ts';
import { startSimGateway } from '../../src/simgateway/sim-gateway.ts';
import type { SimGateway } from '../../src/simgateway/sim-gateway.ts';
import { simControl } from '../support/sim-control.ts';
import { AAPL, IbClient, OPEN_INSTANT, order } from './ib-client.ts';

let gateway: SimGateway;

beforeEach(async () => {
  gateway = await startSimGateway({ clockStart: OPEN_INSTANT });
});
afterEach(() => gateway.close());

/** The status of a GET with these headers, which `fetch` would not send. */
const statusWith = (headers: Record<string, string>) =>
  new Promise<number | undefined>((resolve, reject) => {
    const options = { port: gateway.controlPort, host: '127.0.0.1', path: '/health', headers };
    request(options, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

describe('the HTTP side', () => {
  it('serves this machine by its own names only, so that no rebound name reaches it', async () => {
    expect(await statusWith({ host: `localhost:${gateway.controlPort}` })).toBe(200);
    expect(await statusWith({ host: '[::1]' })).toBe(200);
    expect(await statusWith({ host: 'evil.example' })).toBe(403);
    expect(await statusWith({ host: 'localhost.evil.example' })).toBe(403);
    expect(await statusWith({ origin: 'http://localhost' })).toBe(403);
  });

  it('refuses a body that is too large, not JSON or not an object', async () => {
    const send = async (body: string) => {
      const url = `http://127.0.0.1:${gateway.controlPort}/faults`;
      return (await fetch(url, { method: 'POST', body })).status;
    };
    expect(await send('x'.repeat(65 * 1024))).toBe(413);
    expect(await send('{')).toBe(400);
    expect(await send('[]')).toBe(400);
  });

  it('describes every route in OpenAPI 3.1, with the meaning of every field', async () => {
    const control = simControl(gateway.controlPort);
    type Operation = {
      operationId: string;
      parameters: { name: string; in: string }[];
      requestBody?: {
        content: { 'application/json': { schema: { properties: Record<string, unknown> } } };
      };
    };
    type Document = { openapi: string; paths: Record<string, Record<string, Operation>> };
    const { openapi, paths } = await control.call<Document>('GET', '/openapi.json');
    expect(openapi).toBe('3.1.0');
    const described = Object.values(paths).flatMap((methods) => Object.values(methods));
    expect(new Set(described.map((o) => o.operationId))).toEqual(
      new Set(Object.keys(controlRoutes)),
    );
    for (const [name, r] of Object.entries(controlRoutes)) {
      const operation = described.find((o) => o.operationId === name);
      const inPath = r.path.split('/').filter((part) => part.startsWith(':'));
      expect(operation?.parameters.filter((p) => p.in === 'path')).toHaveLength(inPath.length);
      const inBody = operation?.requestBody?.content['application/json'].schema.properties ?? {};
      const inQuery = operation?.parameters.filter((p) => p.in === 'query') ?? [];
      const named = [...Object.keys(inBody), ...inQuery.map((p) => p.name)];
      expect(named).toEqual(Object.keys(r.fields));
    }
    const fault = paths['/faults']?.post?.requestBody?.content['application/json'].schema;
    expect(fault?.properties.times).toEqual({
      type: 'integer',
      minimum: 1,
      description: 'how often it strikes (1)',
    });
  });
});

describe('the TypeScript side', () => {
  it('does what the HTTP side does, with the same checks', async () => {
    const { control } = gateway;
    const overHttp = await simControl(gateway.controlPort).call('GET', '/fault-kinds');
    expect(control.faultKinds()).toEqual(overHttp);
    expect(control.setQuote({ instrument: 'AAPL', bid: '10.5', ask: '10.6' }).bid).toBe('10.50');
    expect(control.setFillPolicy({ mode: 'manual' })).toEqual({ mode: 'manual' });
    expect(() => control.armFault({ kind: 'swalow' })).toThrow("unknown fault 'swalow'");
    expect(() => control.order({ permId: 1 })).toThrow('no order with permId 1');
    // @ts-expect-error a field that does not exist does not compile either
    expect(() => control.setClock({ runing: false })).toThrow("unknown field 'runing'");
    // @ts-expect-error nor does a required field left out
    expect(() => control.setLink({})).toThrow("field 'state' is required");
  });

  it('fills by hand and sees it, in one process', async () => {
    const { control } = gateway;
    control.setFillPolicy({ mode: 'manual' });
    const client = new IbClient(gateway.port, 1);
    const id = await client.connect();
    client.api.placeOrder(id, AAPL, order({}));
    await client.waitStatus(id, 'Submitted');
    const [placed] = control.orders({ live: true });
    control.fill({ permId: placed?.permId ?? 0, shares: 10, price: '100' });
    await client.waitStatus(id, 'Filled');
    expect(control.executions()[0]?.shares).toBe(10);
    client.disconnect();
  });
});

describe('accounts', () => {
  it('start as they are told, get money and positions, and tell who watches them', async () => {
    const sim = await startSimGateway({
      clockStart: OPEN_INSTANT,
      accounts: ['DU1234567', { id: 'DU7654321', cash: 250_000_000_000, currency: 'EUR' }],
    });
    const [first, second] = sim.control.accounts();
    expect(first).toMatchObject({ cash: '1000000.00', cashBalances: { USD: '1000000.00' } });
    expect(second).toMatchObject({ cashBalances: { EUR: '250000.00' }, positions: [] });
    const client = new IbClient(sim.port, 1);
    await client.connect();
    client.api.reqAccountUpdates(true, 'DU7654321');
    await client.wait('accountDownloadEnd');
    sim.control.moveCash({ account: 'DU7654321', amount: '-50000', currency: 'EUR' });
    await client.wait('updateAccountValue', (a) => a[0] === 'CashBalance' && a[1] === '200000.00');
    sim.control.setPosition({
      account: 'DU7654321',
      instrument: 'AAPL',
      quantity: '25',
      averagePrice: '150.5',
    });
    await client.wait('updatePortfolio', (a) => a[1] === 25);
    expect(sim.control.accounts()[1]?.positions).toMatchObject([
      { symbol: 'AAPL', quantity: 25, averageCost: '150.5' },
    ]);
    expect(() => sim.control.moveCash({ account: 'DU1', amount: 1 as never })).toThrow("'DU1'");
    expect(() =>
      sim.control.moveCash({ account: 'DU1234567', amount: '1', currency: 'QQQ' }),
    ).toThrow("no rate for currency 'QQQ'");
    client.disconnect();
    await sim.close();
  });
});

describe('the journal', () => {
  it('is searched by order, counted, and knows sizes', async () => {
    const { control } = gateway;
    control.setFillPolicy({ mode: 'immediate' });
    const client = new IbClient(gateway.port, 1);
    const id = await client.connect();
    client.api.placeOrder(id, AAPL, order({}));
    client.api.placeOrder(id + 1, AAPL, order({}));
    await client.waitStatus(id + 1, 'Filled');
    const permId = control.orders()[0]?.permId ?? 0;
    const { entries, lastSeq } = control.journal({ orderId: id });
    expect(new Set(entries.map((e) => e.message))).toEqual(
      new Set(['nextValidId', 'placeOrder', 'openOrder', 'orderStatus', 'execution']),
    );
    const statuses = control.journal({ permId, message: 'orderStatus' }).entries;
    expect(statuses.every((e) => e.fields.orderId === id)).toBe(true);
    expect(control.journal({ until: 2 }).entries).toHaveLength(2);
    expect(control.journal({ since: lastSeq }).entries).toEqual([]);
    const out = control.journal({ message: 'orderStatus', limit: 100_000 }).entries;
    const total = out.reduce((sum, e) => sum + (e.bytes ?? 0), 0);
    expect(control.counts()).toContainEqual({
      direction: 'out',
      message: 'orderStatus',
      count: out.length,
      bytes: total,
    });
    expect(total).toBeGreaterThan(0);
    client.disconnect();
  });
});

describe('reset', () => {
  it('goes back to the start and keeps the ports', async () => {
    const { control, port } = gateway;
    const accounts = control.accounts();
    const client = new IbClient(port, 1);
    const id = await client.connect();
    client.api.placeOrder(id, AAPL, order({}));
    await client.waitStatus(id, 'Filled');
    control.armFault({ kind: 'swallow' });
    control.setQuote({ instrument: 'AAPL', bid: '1', ask: '2' });
    control.advanceClock({ ms: 60_000 });
    control.setClock({ running: false });
    control.reset();
    await client.wait('disconnected');
    expect(control.orders()).toEqual([]);
    expect(control.executions()).toEqual([]);
    expect(control.faults()).toEqual([]);
    expect(control.accounts()).toEqual(accounts);
    expect(Date.parse(control.clock().now) - OPEN_INSTANT).toBeLessThan(5_000);
    const again = new IbClient(port, 1);
    expect(await again.connect()).toBe(id);
    again.disconnect();
  });
});
