import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simControl } from '../support/sim-control.ts';
import type { SimControl } from '../support/sim-control.ts';
import { AAPL, IbClient, order } from './ib-client.ts';
import { frame, placeOrderFields, RawClient } from './raw-client.ts';

type Running = { process: ChildProcess; port: number; control: SimControl };

let folder: string;
let running: Running;
/** Every process of a test, so that a test that fails leaves none behind. */
let children: ChildProcess[] = [];

async function start(stateFile = join(folder, 'state.jsonl')): Promise<Running> {
  const child = spawn(
    process.execPath,
    [
      'src/main/simgateway.ts',
      ...['--port', '0', '--control-port', '0', '--clock', '2026-04-14T16:00:00Z'],
      ...['--state', stateFile],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const ready = JSON.parse(line.toString()) as { port: number; controlPort: number };
  return { process: child, port: ready.port, control: simControl(ready.controlPort) };
}

async function kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const ended = once(running.process, 'exit');
  running.process.kill(signal);
  await ended;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'simgateway-'));
  running = await start();
});
afterEach(async () => {
  await Promise.all(
    children.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }),
  );
  children = [];
  rmSync(folder, { recursive: true });
});

describe('the process', () => {
  it('ends on SIGTERM', async () => {
    const second = await start(join(folder, 'second.jsonl'));
    second.process.kill('SIGTERM');
    const [code] = (await once(second.process, 'exit')) as [number];
    expect(code).toBe(0);
  });

  it.each([
    {
      what: 'a taken state file',
      args: () => ['--port', '0', '--control-port', '0', '--state', join(folder, 'state.jsonl')],
      code: 1,
      says: 'is in use by the gateway with process id',
    },
    {
      what: 'a taken port',
      args: () => ['--port', String(running.port), '--control-port', '0'],
      code: 1,
      says: 'is taken',
    },
    { what: 'an option that is none', args: () => ['--bogus'], code: 2, says: 'See --help' },
  ])('ends with $code and a sentence for $what', async ({ args, code, says }) => {
    const child = spawn(process.execPath, ['src/main/simgateway.ts', ...args()]);
    children.push(child);
    const [text] = (await once(child.stderr, 'data')) as [Buffer];
    const [exitCode] = (await once(child, 'exit')) as [number];
    expect(exitCode).toBe(code);
    expect(text.toString()).toMatch(/^simgateway: [^\n]*\n$/);
    expect(text.toString()).toContain(says);
  });

  it('keeps everything it acknowledged through kill -9', async () => {
    const client = new IbClient(running.port, 1);
    const id = await client.connect();
    client.api.placeOrder(id, AAPL, order({ orderRef: 'filled' }));
    await client.wait('commissionReport');
    const resting = { orderType: 'LMT', lmtPrice: 100, tif: 'GTC', orderRef: 'resting' };
    client.api.placeOrder(id + 1, AAPL, order(resting));
    await client.waitStatus(id + 1, 'Submitted');
    client.api.placeOrder(id + 9, AAPL, order({ whatIf: true }));
    await client.wait('openOrder', ([orderId]) => orderId === id + 9);
    const before = await snapshot(running.control);
    await kill('SIGKILL');
    client.disconnect();
    appendFileSync(join(folder, 'state.jsonl'), '{"t":"order","order":{"torn');
    running = await start();
    expect(await snapshot(running.control)).toEqual(before);
    const again = new IbClient(running.port, 1);
    expect(await again.connect()).toBe(id + 10);
    again.api.reqOpenOrders();
    await again.wait('openOrderEnd');
    const open = await again.wait('openOrder');
    expect(open.args[0]).toBe(id + 1);
    expect(open.args[2]).toMatchObject({ orderRef: 'resting', lmtPrice: 100 });
    again.api.cancelOrder(id + 1);
    await again.waitError(id + 1, 202);
    again.disconnect();
    await kill('SIGTERM');
    running = await start();
    expect((await running.control.orders()).map((o) => o.status)).toEqual(['Filled', 'Cancelled']);
  });

  it('has every order it acknowledged when killed in the middle of a flood', async () => {
    const client = new RawClient(running.port);
    const first = await client.start(193, 1);
    const flood = Array.from({ length: 3000 }, (_, i) =>
      frame(...placeOrderFields(193, limitOrder(first + i, `flood-${i}`))),
    );
    client.socket.write(Buffer.concat(flood));
    const acknowledged = () => client.frames.filter((f) => f[0] === '5' && f[23] !== undefined);
    await client.until(() => acknowledged().length > 50);
    await kill('SIGKILL');
    await client.until(() => client.isClosed);
    const acked = new Map(acknowledged().map((f) => [f[23] ?? '', Number(f[25])]));
    running = await start();
    const kept = new Map((await running.control.orders()).map((o) => [o.orderRef, o.permId]));
    for (const [orderRef, permId] of acked) expect(kept.get(orderRef)).toBe(permId);
    const again = new RawClient(running.port);
    expect(await again.start(193, 1)).toBe(first + kept.size);
    again.close();
  });
});

const limitOrder = (orderId: number, orderRef: string) => ({
  1: orderId,
  2: 265598,
  9: 'SMART',
  16: 'BUY',
  17: 1,
  18: 'LMT',
  19: '100',
  21: 'GTC',
  26: orderRef,
  27: 1,
});

async function snapshot(control: SimControl) {
  const [orders, executions, accounts, frames] = await Promise.all([
    control.orders(),
    control.executions(),
    control.accounts(),
    control.frames(),
  ]);
  const holdings = accounts.map(({ cash, positions, realized }) => ({ cash, positions, realized }));
  return { orders, executions, holdings, frames };
}
