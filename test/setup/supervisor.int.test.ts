// The real supervisor, PostgreSQL and Temporal over fixture programs: what is left when something dies.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findFreePort, waitUntil } from '../../src/embedded/ports.ts';
import { commandLine } from '../../src/embedded/process-table.ts';
import type { RunInfo } from '../../src/supervisor/run-file.ts';
import { resolveCacheDir } from '../../tools/setup/dirs.mjs';

const script = fileURLToPath(new URL('fixtures/start.ts', import.meta.url));
const portNames = [
  'API',
  'MCP',
  'GATEWAY',
  'SIM',
  'SIM_CONTROL',
  'TEMPORAL',
  'TEMPORAL_UI',
  'POSTGRES',
];
const supervisors: ChildProcess[] = [];
let home = '';
let env: NodeJS.ProcessEnv = {};

type Started = {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly output: () => string;
};

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'supervised-'));
  chmodSync(home, 0o711);
  env = { ...process.env, COUNTERSIGN_HOME: home, COUNTERSIGN_CACHE: resolveCacheDir().dir };
  for (const name of ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'IBKR_HOST', 'IBKR_PORT']) env[name] = '';
  for (const name of portNames) env[`${name}_PORT`] = String(await findFreePort());
});

afterEach(async () => {
  for (const child of supervisors.splice(0)) child.kill('SIGTERM');
  await waitUntil(() => ownPids().length === 0, 20_000);
  rmSync(home, { recursive: true, force: true });
});

function launch(): Started {
  const child = spawn(process.execPath, [script, '--headless-json'], { env });
  supervisors.push(child);
  let text = '';
  child.stdout.on('data', (chunk) => (text += String(chunk)));
  child.stderr.on('data', (chunk) => (text += String(chunk)));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, exited, output: () => text };
}

async function launchReady(): Promise<Started & { readonly info: RunInfo }> {
  const started = launch();
  const file = join(home, 'run.json');
  const isReady = (): boolean => existsSync(file) && started.output().includes('"apiUrl"');
  if (!(await waitUntil(isReady, 40_000, () => started.child.exitCode !== null))) {
    throw new Error(`not ready: ${started.output()}`);
  }
  return { ...started, info: JSON.parse(readFileSync(file, 'utf8')) as RunInfo };
}

/** Every process that was started with our state directory, the supervisor included. */
function ownPids(part = ''): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      const command = commandLine(Number(pid));
      if (command?.includes(part) !== true) return false;
      return command.includes(home) || readEnviron(pid).includes(`COUNTERSIGN_HOME=${home}`);
    })
    .map(Number);
}

function readEnviron(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}

describe.skipIf(process.platform !== 'linux')('npm start', () => {
  test('says where everything is, and Ctrl-C leaves nothing', async () => {
    const { child, exited, info } = await launchReady();
    expect(info).toMatchObject({ pid: child.pid, environment: 'dev', broker: 'sim' });
    expect(info.operatorLink).toContain('?token=once');
    expect(info.databaseUrl).toContain('countersign_app');
    expect(statSync(join(home, 'run.json')).mode & 0o777).toBe(0o600);
    expect(ownPids('fixtures/').length).toBe(6);
    child.kill('SIGINT');
    expect(await exited).toBe(0);
    expect(ownPids()).toEqual([]);
    expect(existsSync(join(home, 'run.json'))).toBe(false);
  });

  test.each(['gateway.ts', 'postgres -D', 'start-dev'])(
    'a kill -9 of "%s" is announced and put right',
    async (part) => {
      const { child, exited, output } = await launchReady();
      const [victim] = ownPids(part).filter((pid) => !commandLine(pid)!.includes('postgres:'));
      process.kill(victim!, 'SIGKILL');
      await waitUntil(() => output().includes('is back (pid'), 20_000);
      expect(output()).toMatch(/ended with SIGKILL; restarting in 0.5 s\n.* is back \(pid \d+\)/s);
      child.kill('SIGTERM');
      expect(await exited).toBe(0);
      expect(ownPids()).toEqual([]);
    },
  );

  test('a second start of the same checkout names the first', async () => {
    const { child } = await launchReady();
    const second = launch();
    expect(await second.exited).toBe(75);
    expect(second.output()).toContain(`already running here (pid ${child.pid ?? 0})`);
    expect(existsSync(join(home, 'run.json'))).toBe(true);
  });

  test('a taken port is named with its owner', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    env['API_PORT'] = String((server.address() as AddressInfo).port);
    const { exited, output } = launch();
    expect(await exited).toBe(75);
    server.close();
    expect(output()).toContain(`port ${env['API_PORT']} (api) is taken by pid ${process.pid}`);
    expect(ownPids()).toEqual([]);
  });

  test('after a kill -9 of the supervisor its children end, and the next start keeps the state', async () => {
    const first = await launchReady();
    first.child.kill('SIGKILL');
    await first.exited;
    expect(await waitUntil(() => ownPids('fixtures/').length === 0, 10_000)).toBe(true);
    const second = await launchReady();
    const url = new URL(second.info.databaseUrl);
    url.username = 'countersign_owner';
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    const { rows } = await client.query('SELECT count(*)::int AS starts FROM starts');
    await client.end();
    expect(rows).toEqual([{ starts: 2 }]);
    expect(ownPids('postgres -D').length).toBe(1);
    expect(ownPids('start-dev').length).toBe(1);
  });

  test('a stop during the start leaves nothing', async () => {
    const { child, exited, output } = launch();
    await waitUntil(() => ownPids('postgres').length > 0, 20_000);
    child.kill('SIGINT');
    expect(await exited).toBe(0);
    expect(output()).toContain('stopped.');
    expect(ownPids()).toEqual([]);
  });
});
