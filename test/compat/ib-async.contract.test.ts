import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGatewayProcess, type GatewayProcess } from './gateway-process.ts';
import { preparePython } from './python.ts';

const run = promisify(execFile);
const script = new URL('ib_async_life.py', import.meta.url).pathname;
const quiet = { env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } };
const accounts = 'DU1234567,DU7654321';

type Line = { section: string; ok: boolean; ms: number; text: string };

const python = await preparePython();
if ('missing' in python) {
  console.warn(`\nSKIPPED: the simulated gateway was not driven by ib_async: ${python.missing}.\n`);
}
const sections = 'missing' in python ? ['all'] : await listSections(python.path);

async function listSections(path: string): Promise<string[]> {
  return (await run(path, [script, '--list'], quiet)).stdout.trim().split('\n');
}

/** What every section came to. The exit code says whether one failed; which one is judged by its line. */
async function play(path: string, doors: readonly string[]): Promise<Line[]> {
  const { stdout, stderr } = await run(path, [script, ...doors], {
    ...quiet,
    timeout: 100_000,
  }).catch((failure: unknown) => failure as { stdout: string; stderr: string });
  if (stdout === '') throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as Line);
}

describe.skipIf('missing' in python)('ib_async 2.1 at the simulated gateway', () => {
  let gateway: GatewayProcess;
  const told = new Map<string, Line>();

  beforeAll(async () => {
    if ('missing' in python) return;
    gateway = await startGatewayProcess('--accounts', accounts);
    const doors = ['--port', String(gateway.port), '--control-port', String(gateway.controlPort)];
    for (const line of await play(python.path, doors)) told.set(line.section, line);
  }, 120_000);

  afterAll(() => gateway.stop());

  it.each(sections)('%s', (section) => {
    expect(told.get(section)).toMatchObject({ section, ok: true, text: '' });
  });
});
