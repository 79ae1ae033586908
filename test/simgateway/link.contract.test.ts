// The broker's link, restarts and repeatability, seen by a client that reads frames by hand.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimGateway } from '../../src/simgateway/sim-gateway.ts';
import type { SimGateway } from '../../src/simgateway/sim-gateway.ts';
import { OPEN_INSTANT } from './ib-client.ts';
import { frame, placeOrderFields, RawClient } from './raw-client.ts';

const VERSION = 193;

let gateway: SimGateway;
let client: RawClient;
let id: number;

beforeEach(async () => {
  gateway = await startSimGateway({ clock: 'virtual', clockStart: OPEN_INSTANT });
  client = new RawClient(gateway.port);
  id = await client.start(VERSION, 1);
});
afterEach(async () => {
  client.close();
  await gateway.close();
});

async function ping(of = client): Promise<void> {
  const seen = of.frames.filter((f) => f[0] === '49').length;
  of.socket.write(frame(49, 1));
  await of.until(() => of.frames.filter((f) => f[0] === '49').length > seen);
}
const place = (orderId: number, limit: string, to = client) =>
  to.socket.write(
    frame(
      ...placeOrderFields(VERSION, {
        ...{ 1: orderId, 2: 265598, 9: 'SMART', 11: 'USD', 16: 'BUY', 17: 10, 18: 'LMT' },
        ...{ 19: limit, 21: 'DAY', 26: `ref-${orderId}`, 27: 1 },
      }),
    ),
  );
const count = (message: string) => client.frames.filter((f) => f[0] === message).length;
const codes = () => client.frames.filter((f) => f[0] === '4').map((f) => Number(f[3]));
const lastStatus = () => client.frames.filter((f) => f[0] === '3').at(-1)?.[2];

describe('the link', () => {
  it.each([
    { up: 'up-data-kept', loseEvents: undefined, code: 1102, fills: 1 },
    { up: 'up-data-kept', loseEvents: true, code: 1102, fills: 0 },
    { up: 'up-data-lost', loseEvents: undefined, code: 1101, fills: 0 },
    { up: 'up-data-lost', loseEvents: false, code: 1101, fills: 1 },
  ] as const)(
    'fills unseen while down; $up with loseEvents $loseEvents: $fills of them told',
    async ({ up, loseEvents, code, fills }) => {
      const { control } = gateway;
      control.setQuote({ instrument: 'AAPL', bid: '199', ask: '200', last: '199.5' });
      place(id, '190');
      await ping();
      expect(lastStatus()).toBe('Submitted');
      control.setLink({ state: 'down', unseenTrading: true });
      control.setQuote({ instrument: 'AAPL', bid: '188', ask: '189', last: '188.5' });
      await ping();
      expect(control.orders()[0]?.status).toBe('Filled');
      expect(count('11')).toBe(0);
      control.setLink({ state: up, ...(loseEvents === undefined ? {} : { loseEvents }) });
      await ping();
      expect(codes()).toContain(code);
      expect(count('11')).toBe(fills);
      expect(lastStatus()).toBe(fills === 1 ? 'Filled' : 'Submitted');
      // However the events went, whoever asks is told.
      client.socket.write(frame(7, 3, 77, '', '', '', '', '', '', ''));
      await client.message(55);
      expect(count('11')).toBe(fills + 1);
    },
  );

  it('2110 keeps orders back like 1100 does', async () => {
    const { control } = gateway;
    control.setLink({ state: 'broken' });
    place(id, '1000');
    await ping();
    expect(codes()).toContain(2110);
    expect(lastStatus()).toBe('PendingSubmit');
    control.setLink({ state: 'up-data-kept', silent: true });
    await ping();
    expect(lastStatus()).toBe('Filled');
    expect(codes()).not.toContain(1102);
  });

  it('a client that comes while it is cut is told so, and of no farm that is well', async () => {
    gateway.control.setLink({ state: 'down' });
    const late = new RawClient(gateway.port);
    await late.start(VERSION, 2);
    await ping(late);
    const told = late.frames.filter((f) => f[0] === '4').map((f) => Number(f[3]));
    expect(told).toEqual([2110, 2103, 2105, 2157]);
    late.close();
  });

  it('a change while the link is down can make a second live order', async () => {
    const { control } = gateway;
    place(id, '100');
    await ping();
    control.setLink({ state: 'down', forkModifies: true });
    place(id, '101');
    await ping();
    control.setLink({ state: 'up-data-kept' });
    await ping();
    const live = control.orders({ live: true });
    expect(live.map((o) => o.limitPrice)).toEqual(['100.00', '101.00']);
    expect(new Set(live.map((o) => o.permId)).size).toBe(2);
    expect(new Set(live.map((o) => o.orderId))).toEqual(new Set([id]));
  });

  it('a restart loses what the cut link kept', async () => {
    const { control } = gateway;
    control.setLink({ state: 'down', unseenTrading: true });
    control.restart({ downMs: 1_000 });
    await client.until(() => client.isClosed);
    expect(control.health().ready).toBe(false);
    control.advanceClock({ ms: 1_000 });
    expect(control.health().ready).toBe(true);
  });
});

describe('a script', () => {
  it('arms faults and acts at its times and messages, and again after a reset', async () => {
    const sim = await startSimGateway({
      clock: 'virtual',
      clockStart: OPEN_INSTANT,
      script: [
        { kind: 'swallow', orderRef: 'ref-1' },
        { on: { message: 'placeOrder', nth: 2 }, do: 'setQuote', instrument: 'AAPL', ask: '90' },
        { at: 5_000, do: 'setLink', state: 'down' },
        { at: '2026-04-14T16:00:06Z', do: 'fill', permId: 1, shares: 1 },
      ],
    });
    for (let round = 0; round < 2; round += 1) {
      const player = new RawClient(sim.port);
      const first = await player.start(VERSION, 1);
      place(first, '100', player);
      place(first + 1, '100', player);
      await ping(player);
      expect(sim.control.orders().map((o) => [o.orderRef, o.status])).toEqual([
        ['ref-2', 'Filled'],
      ]);
      sim.control.advanceClock({ ms: 5_000 });
      await ping(player);
      expect(player.frames.some((f) => f[3] === '1100')).toBe(true);
      sim.control.advanceClock({ ms: 1_000 });
      const failed = sim.control.journal({ message: 'script-failed' }).entries;
      expect(failed[0]?.fields).toMatchObject({ text: 'no order with permId 1' });
      sim.control.reset();
      await player.until(() => player.isClosed);
    }
    await sim.close();
  });

  it('that can never work keeps the gateway from starting', async () => {
    const script = [{ kind: 'swalow' }];
    await expect(startSimGateway({ script })).rejects.toThrow("step 1: unknown fault 'swalow'");
  });
});

/** Plays one script of commands against a fresh gateway; every byte the client was sent. */
async function play(seed: number): Promise<string> {
  const sim = await startSimGateway({ seed, clock: 'virtual', clockStart: OPEN_INSTANT });
  const player = new RawClient(sim.port);
  const bytes: Buffer[] = [];
  player.socket.on('data', (chunk: Buffer) => bytes.push(chunk));
  const first = await player.start(VERSION, 1);
  for (const kind of ['duplicate', 'late-message', 'garbage-frame']) {
    sim.control.armFault({ kind, times: 20, chancePercent: 40, delayMs: 10, jitterMs: 3_000 });
  }
  const contract = [265598, 'AAPL', 'STK', '', '0', '', '', 'SMART', '', 'USD', '', ''];
  player.socket.write(frame(1, 11, 9001, ...contract, 0, '', 0, 0, ''));
  for (let i = 0; i < 12; i += 1) {
    place(first + i, i % 2 === 0 ? '1000' : '100', player);
    await ping(player);
    sim.control.advanceClock({ ms: 700 });
    await ping(player);
  }
  player.close();
  await sim.close();
  return Buffer.concat(bytes).toString('latin1');
}

describe('repeatability', () => {
  it('same seed, same inputs, same clock: the same bytes', async () => {
    const once = await play(7);
    expect(once.length).toBeGreaterThan(5_000);
    expect(await play(7)).toBe(once);
    expect(await play(8)).not.toBe(once);
  });
});
