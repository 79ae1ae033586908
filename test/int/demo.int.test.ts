import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chapters } from '../../demo/chapters/index.ts';
import { startProduct, type Product } from '../support/product.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.stop());

type Played = { readonly exitCode: number | null; readonly out: string; readonly err: string };

function play(home: string, ...args: string[]): Promise<Played> {
  const script = new URL('../../demo/run.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, COUNTERSIGN_HOME: home },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve) => {
    child.once('close', (exitCode) => {
      resolve({ exitCode, out, err });
    });
  });
}

test('plays every chapter, and again right afterwards', { timeout: 300_000 }, async () => {
  for (const run of ['first', 'second']) {
    const { exitCode, out, err } = await play(product.info.stateDir);
    expect({ run, exitCode, err }, out).toEqual({ run, exitCode: 0, err: '' });
    expect(out).toContain(`${chapters.length} of ${chapters.length} chapters as told`);
    expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect(out).not.toContain('\u001b');
  }
});

test('opens a closed exchange by its clock, and says so', { timeout: 120_000 }, async () => {
  await product.sim.setClock({ instant: '2026-11-28T16:00:00Z', running: true });
  const { exitCode, out } = await play(product.info.stateDir, 'deny');
  expect(exitCode, out).toBe(0);
  expect(out).toMatch(/The market was closed\..*2026-11-30T15:30:00\.000Z/s);
  expect((await product.sim.clock()).phase).toBe('regular');
});

test('does not call an order filled that the broker lost', { timeout: 120_000 }, async () => {
  await product.sim.armFault({ kind: 'swallow', times: 1 });
  const { exitCode, out } = await play(product.info.stateDir, 'fill');
  await product.sim.clearFaults();
  expect(exitCode).toBe(1);
  expect(out).toMatch(/✗ +state of the order over MCP: expected \["Filled","5"\], saw/);
});

test('does not start without a link to the broker', { timeout: 120_000 }, async () => {
  await product.sim.setLink('down');
  const { exitCode, err } = await play(product.info.stateDir, 'deny');
  await product.sim.setLink('up-data-kept');
  expect(exitCode).toBe(1);
  expect(err).toContain('connection_status over MCP: expected ok, saw degraded');
});

test('says in one sentence what to do where nothing runs', async () => {
  const home = mkdtempSync(join(tmpdir(), 'countersign-nothing-'));
  const { exitCode, out, err } = await play(home);
  rmSync(home, { recursive: true });
  expect({ exitCode, out, err }).toEqual({
    exitCode: 69,
    out: '',
    err: 'countersign demo: Countersign is not running here: run npm start in another terminal first.\n',
  });
});

test('lists its chapters, and knows no other', async () => {
  const listed = await play('/nonexistent', '--list');
  expect(listed.exitCode).toBe(0);
  for (const { name } of chapters) expect(listed.out).toContain(name);
  expect((await play('/nonexistent', 'fly')).exitCode).toBe(2);
});
