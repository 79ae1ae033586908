// Hostile connections on a real port, and two honest clients beside them that must not notice.
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSimGateway } from '../../src/simgateway/sim-gateway.ts';
import type { SimGateway } from '../../src/simgateway/sim-gateway.ts';
import { anyBytes, anyFrame } from './fuzz-frames.ts';
import { OPEN_INSTANT } from './ib-client.ts';
import { frame, greeting, placeOrderFields, RawClient } from './raw-client.ts';
import { chanceFrom } from './wire-values.ts';
import type { Chance } from './wire-values.ts';

const FRAMES = Number(process.env.FUZZ_FRAMES ?? 1500);
const SYMBOLS = { first: 265598, second: 272093 };
let gateway: SimGateway;
const honest: RawClient[] = [];

beforeEach(async () => {
  gateway = await startSimGateway({
    clockStart: OPEN_INSTANT,
    accounts: ['DU1234567', 'DU1'],
    pacing: false,
    maxBacklogBytes: 4 * 1024 * 1024,
  });
});
afterEach(async () => {
  for (const client of honest.splice(0)) client.close();
  await gateway.close();
});

/** A connection that says what it likes and seldom listens. */
async function hostile(chance: Chance, frames: number): Promise<void> {
  let socket: Socket | undefined;
  const next = { orderId: 0 };
  for (let i = 0; i < frames; i += 1) {
    if (socket === undefined || socket.destroyed) {
      socket = connect(gateway.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.on('data', () => undefined);
      if (chance(4) === 0) socket.pause();
      if (chance(10) > 0) {
        socket.write(greeting('v100..193'));
        socket.write(frame(71, 2, 1 + chance(3), ''));
      }
    }
    socket.write(chance(300) === 0 ? anyBytes(chance) : anyFrame(chance, 193, next));
    if (chance(200) === 0) socket.resetAndDestroy();
    if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  socket?.destroy();
}

async function honestClient(clientId: number): Promise<RawClient> {
  const client = new RawClient(gateway.port);
  honest.push(client);
  await client.start(193, clientId);
  return client;
}

/** Places an order that fills; resolves when the client has been told everything about it. */
async function trade(client: RawClient, orderId: number, conId: number): Promise<void> {
  const order = { 1: orderId, 2: conId, 4: 'STK', 9: 'SMART', 11: 'USD', 16: 'BUY', 17: 1 };
  const rest = { 18: 'MKT', 21: 'DAY', 23: 'DU1234567', 27: 1, 84: 0, 89: 0 };
  client.socket.write(frame(...placeOrderFields(193, { ...order, ...rest })));
  const is = (f: string[], at: number) => f[at] === String(orderId);
  const execution = await client.message(11, (f) => is(f, 2));
  await client.message(3, (f) => is(f, 1) && f[2] === 'Filled');
  await client.message(59, (f) => f[2] === execution[14]);
}

it(`honest clients are served as if alone while ${FRAMES} hostile frames come in`, async () => {
  const first = await honestClient(101);
  const second = await honestClient(102);
  const attacked = { isOver: false };
  const attack = Promise.all([1, 2, 3].map((seed) => hostile(chanceFrom(seed), FRAMES / 3))).then(
    () => {
      attacked.isOver = true;
    },
  );
  let trades = 0;
  while (!attacked.isOver || trades < 5) {
    trades += 1;
    await Promise.all([trade(first, trades, SYMBOLS.first), trade(second, trades, SYMBOLS.second)]);
  }
  await attack;
  for (const client of [first, second]) {
    expect(client.isClosed).toBe(false);
    const about = (id: number) => client.frames.slice(1).filter((f) => f[0] === String(id));
    // Nothing of anybody else: one execution a trade, no error but the farm notices.
    expect(about(11)).toHaveLength(trades);
    expect(new Set(about(4).map((f) => f[3]))).toEqual(new Set(['2104', '2106', '2158']));
    expect(about(9)).toHaveLength(1);
  }
  const failed = gateway.sim.journal.query({ message: 'failed' });
  expect(failed.map((e) => e.fields.text)).toEqual([]);
}, 60_000);
