// What connections may do and what becomes of them: ownership of orders, client 0, pacing, limits.
import { afterEach, describe, expect, it } from 'vitest';
import { startSimGateway } from '../../src/simgateway/sim-gateway.ts';
import type { SimGateway, SimGatewayOptions } from '../../src/simgateway/sim-gateway.ts';
import { OPEN_INSTANT } from './ib-client.ts';
import { frame, greeting, placeOrderFields, RawClient } from './raw-client.ts';

const V = 193;
let gateway: SimGateway;
const clients: RawClient[] = [];

async function start(options: SimGatewayOptions = {}): Promise<void> {
  gateway = await startSimGateway({ clockStart: OPEN_INSTANT, ...options });
}
function connection(): RawClient {
  const client = new RawClient(gateway.port);
  clients.push(client);
  return client;
}
async function connected(clientId: number): Promise<RawClient> {
  const client = connection();
  await client.start(V, clientId);
  return client;
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await gateway.close();
});

const limit = (orderId: number, more: Record<number, string | number> = {}) =>
  frame(
    ...placeOrderFields(V, {
      1: orderId,
      2: 265598,
      4: 'STK',
      9: 'SMART',
      11: 'USD',
      16: 'BUY',
      17: 7,
      18: 'LMT',
      19: '100',
      21: 'DAY',
      27: 1,
      84: 0,
      89: 0,
      ...more,
    }),
  );
const cancel = (orderId: number) => frame(4, orderId, '', '', 2147483647);
const errorOf = (client: RawClient, id: number, code: number) =>
  client.message(4, (f) => f[2] === String(id) && f[3] === String(code));
const count = (client: RawClient, id: number) =>
  client.frames.slice(1).filter((f) => f[0] === String(id)).length;
/** Waits for everything the gateway had to say before the answer to this. */
async function settled(client: RawClient): Promise<void> {
  const before = count(client, 49);
  client.socket.write(frame(49, 1));
  await client.until(() => count(client, 49) > before);
}

describe('ownership', () => {
  it('lets nobody but the owner cancel or change an order', async () => {
    await start();
    const owner = await connected(1);
    const other = await connected(2);
    owner.socket.write(limit(1));
    await owner.message(3, (f) => f[2] === 'Submitted');
    other.socket.write(cancel(1));
    expect((await errorOf(other, 1, 10147))[4]).toContain('is not found');
    // The same number is an order of its own for the other client.
    other.socket.write(limit(1, { 19: '90' }));
    const theirs = await other.message(3, (f) => f[2] === 'Submitted');
    const [ours] = [...gateway.sim.store.orders.values()];
    expect(theirs[6]).not.toBe(String(ours?.permId));
    expect(ours?.fields.lmtPrice).toBe('100');
    await settled(owner);
    expect(owner.frames.some((f) => f[0] === '3' && f[2] === 'Cancelled')).toBe(false);
  });

  it('counts order ids per client, and a reconnect goes on where the client was', async () => {
    await start();
    const client = await connected(1);
    client.socket.write(limit(17));
    await client.message(3, (f) => f[2] === 'Submitted');
    client.close();
    await expect.poll(() => gateway.sim.sessions.size).toBe(0);
    expect(await connection().start(V, 1)).toBe(18);
    expect(await connection().start(V, 2)).toBe(1);
  });

  it('shows every order to client 0 and to the master client, and to no other', async () => {
    await start({ masterClientId: 9 });
    const [owner, zero, master, other] = [
      await connected(1),
      await connected(0),
      await connected(9),
      await connected(2),
    ];
    owner.socket.write(limit(1, { 18: 'MKT', 19: '' }));
    for (const client of [owner, zero, master]) {
      await client.message(5);
      await client.message(3, (f) => f[2] === 'Filled');
      await client.message(11);
      await client.message(59);
    }
    await settled(other);
    expect([5, 3, 11, 59].map((id) => count(other, id))).toEqual([0, 0, 0, 0]);
  });

  it('refuses a client id that is in use and ends that connection', async () => {
    await start();
    await connected(1);
    const second = connection();
    second.socket.write(greeting(`v100..${V}`));
    second.socket.write(frame(71, 2, 1, ''));
    await errorOf(second, -1, 326);
    await second.until(() => second.isClosed);
  });
});

describe('orders entered by hand', () => {
  /** An order entered in TWS, as the control port makes one. */
  function enter() {
    const fields = {
      orderId: 0,
      conId: 265598,
      secType: 'STK',
      exchange: 'SMART',
      currency: 'USD',
      action: 'BUY',
      totalQuantity: '7',
      orderType: 'LMT',
      lmtPrice: '100',
      tif: 'DAY',
      transmit: true,
    };
    const { store, desk } = gateway.sim;
    const before = new Set(store.orders.keys());
    store.nextIds.set(0, 0);
    desk.place(0, fields);
    store.nextIds.set(0, 1);
    const added = [...store.orders.values()].find((o) => !before.has(o.permId));
    if (added === undefined) throw new Error('no order was entered');
    return added;
  }

  it('have order id 0 for everybody until client 0 asks for its open orders', async () => {
    await start();
    const order = enter();
    const other = await connected(1);
    other.socket.write(frame(16, 1));
    expect((await other.message(5))[1]).toBe('0');
    const zero = await connected(0);
    zero.socket.write(cancel(0));
    await errorOf(zero, 0, 10147);
    zero.socket.write(frame(5, 1));
    expect(await zero.message(100)).toEqual(['100', String(order.permId), '0', '-1']);
    expect((await zero.message(5))[1]).toBe('-1');
    zero.socket.write(cancel(-1));
    await zero.message(3, (f) => f[1] === '-1' && f[2] === 'Cancelled');
    await errorOf(zero, -1, 202);
  });

  it('are bound as they appear when client 0 asked for that, each with an id of its own', async () => {
    await start();
    const zero = await connected(0);
    zero.socket.write(frame(15, 1, 1));
    await zero.message(53);
    enter();
    enter();
    await zero.message(100, (f) => f[3] === '-1');
    await zero.message(100, (f) => f[3] === '-2');
    await settled(zero);
    expect(count(zero, 100)).toBe(2);
  });

  it('are not bound by any other client', async () => {
    await start();
    const order = enter();
    const other = await connected(1);
    other.socket.write(frame(15, 1, 1));
    await errorOf(other, -1, 321);
    other.socket.write(frame(5, 1));
    await other.message(53);
    expect(order.orderId).toBe(0);
    expect(count(other, 100)).toBe(0);
  });
});

describe('pacing', () => {
  const burst = (n: number) => Buffer.concat(Array.from({ length: n }, () => frame(8, 1, 1)));

  it('answers 51 messages at once with error 100, and still handles them', async () => {
    await start();
    const client = await connected(1);
    client.socket.write(burst(51));
    expect((await errorOf(client, -1, 100))[4]).toContain('max=50');
    await client.until(() => count(client, 9) === 52);
    expect(client.isClosed).toBe(false);
  });

  it('does not count a client that asked to be paced, nor any client when it is off', async () => {
    await start();
    const polite = connection();
    polite.socket.write(greeting(`v100..${V} +PACEAPI`));
    polite.socket.write(frame(71, 2, 1, ''));
    polite.socket.write(burst(200));
    await polite.until(() => count(polite, 9) === 201);
    await gateway.close();
    await start({ pacing: false });
    const client = await connected(1);
    client.socket.write(burst(200));
    await client.until(() => count(client, 9) === 201);
    for (const c of [polite, client]) expect(c.frames.some((f) => f[3] === '100')).toBe(false);
  });

  const bars = (reqId: number, whatToShow = 'TRADES', conId = 265598) =>
    frame(
      ...[20, reqId, conId, '', 'STK', '', '', '', '', 'SMART', '', 'USD', '', '', 0, ''],
      ...['1 hour', '1 D', 1, whatToShow, 1, 0, ''],
    );

  it('refuses an identical historical request within 15 seconds when asked to', async () => {
    await start({ historicalPacing: true });
    const client = await connected(1);
    client.socket.write(bars(1));
    await client.message(17);
    client.socket.write(bars(2));
    expect((await errorOf(client, 2, 162))[4]).toContain('pacing violation');
    gateway.sim.clock.advance(15_001);
    client.socket.write(bars(3));
    await client.message(17, (f) => f[1] === '3');
  });
});

describe('read-only mode', () => {
  it('refuses orders, cancels and the global cancel, and answers everything else', async () => {
    await start({ readOnly: true });
    const client = await connected(1);
    client.socket.write(limit(1));
    expect((await errorOf(client, 1, 321))[4]).toContain('Read-Only mode');
    client.socket.write(cancel(4));
    await errorOf(client, 4, 321);
    client.socket.write(frame(58, '', 2147483647));
    await errorOf(client, -1, 321);
    client.socket.write(frame(5, 1));
    await client.message(53);
    expect(gateway.sim.store.orders.size).toBe(0);
  });
});

describe('limits', () => {
  it('ends a connection that does not start the API in time', async () => {
    await start({ handshakeMs: 30 });
    const silent = connection();
    const greeted = connection();
    greeted.socket.write(greeting(`v100..${V}`));
    const started = await connected(1);
    await silent.until(() => silent.isClosed);
    await greeted.until(() => greeted.isClosed);
    await settled(started);
  });

  it('refuses connections above the maximum, and takes one when another has gone', async () => {
    await start({ maxConnections: 2 });
    const first = await connected(1);
    const second = await connected(2);
    const third = connection();
    await third.until(() => third.isClosed);
    first.close();
    await expect.poll(() => gateway.sim.sessions.size).toBe(1);
    await connected(3);
    await settled(second);
  });

  it('ends a connection that sends a larger frame than allowed', async () => {
    await start({ maxFrameBytes: 1000 });
    const client = await connected(1);
    client.socket.write(frame(62, 1, 9, 'All', 'x'.repeat(990)));
    await client.until(() => client.isClosed);
    await connected(2);
  });

  it('drops a client that never reads what it subscribed to, and no other', async () => {
    await start({ maxBacklogBytes: 200_000, pacing: false });
    const deaf = await connected(1);
    const honest = await connected(2);
    deaf.socket.pause();
    const everything = Buffer.concat([
      frame(6, 2, 1, ''),
      frame(62, 1, 9, 'All', 'All'),
      frame(76, 1, 10, '', '', 0),
      frame(92, 11, 'DU1234567', ''),
      frame(61, 1),
    ]);
    const ask = () => {
      if (!deaf.socket.destroyed) deaf.socket.write(everything);
    };
    const timer = setInterval(() => {
      for (let i = 0; i < 100; i += 1) ask();
    }, 5);
    await expect
      .poll(() => gateway.sim.journal.query({ message: 'backlog' }).length, { timeout: 20_000 })
      .toBe(1);
    clearInterval(timer);
    expect(gateway.sim.sessions.size).toBe(1);
    await settled(honest);
  });
});

describe('a handler that throws', () => {
  it('ends its own connection with 507 and disturbs no other', async () => {
    await start();
    const victim = await connected(1);
    const honest = await connected(2);
    const { desk } = gateway.sim;
    desk.cancelAll = () => {
      throw new Error('broken on purpose');
    };
    victim.socket.write(frame(58, '', 2147483647));
    await errorOf(victim, -1, 507);
    await victim.until(() => victim.isClosed);
    const [failed] = gateway.sim.journal.query({ message: 'failed' });
    expect(failed?.fields.text).toContain('broken on purpose');
    await settled(honest);
  });
});
