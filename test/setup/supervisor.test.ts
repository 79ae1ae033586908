import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Exit, Running } from '../../src/embedded/running.ts';
import { restartDelayMs } from '../../src/supervisor/back-off.ts';
import { renderBanner } from '../../src/supervisor/banner.ts';
import { keepAlive } from '../../src/supervisor/keep-alive.ts';
import { limited } from '../../src/supervisor/limited.ts';
import { errorIn, gistOf, openLog } from '../../src/supervisor/log-file.ts';
import { ChildNotReady } from '../../src/supervisor/node-child.ts';
import type { RunInfo } from '../../src/supervisor/run-file.ts';
import { takeRunLock } from '../../src/supervisor/run-lock.ts';
import { ensureSecretFile } from '../../src/supervisor/secret-file.ts';

let dir = '';

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'supervisor-'));
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

test('restarts wait half a second, then twice as long each time, at most 30 s', () => {
  const delays = [1, 2, 3, 7, 20].map(restartDelayMs);
  expect(delays).toEqual([500, 1_000, 2_000, 30_000, 30_000]);
});

test('the banner fits on one screen with long paths, and no link is cut', () => {
  const link = `http://127.0.0.1:8000/first?token=${'a'.repeat(43)}`;
  const info: RunInfo = {
    pid: 1,
    readyAt: '2026-01-01T00:00:00.000Z',
    readyInMs: 5_230,
    environment: 'dev',
    broker: 'sim',
    apiUrl: 'http://127.0.0.1:8000',
    mcpUrl: 'http://127.0.0.1:8001/mcp',
    gatewayUrl: 'http://127.0.0.1:8010',
    gatewaySecretFile: '/s',
    simPort: null,
    simControlUrl: null,
    temporalAddress: '127.0.0.1:7233',
    temporalNamespace: 'default',
    temporalUiUrl: 'http://127.0.0.1:8233',
    databaseUrl: 'postgres://countersign_app:secret@127.0.0.1/countersign',
    operatorLink: link,
    agentKeyFile: '/var/lib/countersign/countersign-0123abcd/keys/agent.key',
    stateDir: '/var/lib/countersign/countersign-0123abcd',
    logsDir: '/l',
  };
  const lines = renderBanner(info);
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(lines.join('\n')).toContain(link);
  expect(lines.join('\n')).not.toContain('secret');
});

test('a large log is set aside at the start, and three such are kept', async () => {
  for (let start = 0; start < 5; start += 1) {
    writeFileSync(join(dir, 'api.log'), 'x'.repeat(5_000_001));
    const log = openLog(dir, 'api');
    log.write(`start ${start}`);
    await log.close();
  }
  expect(readdirSync(dir).sort()).toEqual(['api.log', 'api.log.1', 'api.log.2', 'api.log.3']);
  expect(readFileSync(join(dir, 'api.log'), 'utf8')).toBe('start 4\n');
});

test('a secret is made once, for our eyes only', () => {
  const path = ensureSecretFile(join(dir, 'secret'));
  const text = readFileSync(path, 'utf8');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(Buffer.from(text.trim(), 'base64url')).toHaveLength(32);
  expect(readFileSync(ensureSecretFile(path), 'utf8')).toBe(text);
});

describe('the run lock', () => {
  test('names the process that already runs', () => {
    const release = takeRunLock(dir, process.argv[1]!);
    expect(() => takeRunLock(dir, process.argv[1]!)).toThrow(
      `already running here (pid ${process.pid})`,
    );
    release();
    takeRunLock(dir, process.argv[1]!)();
  });

  test('of another program with the same pid is taken over', () => {
    writeFileSync(join(dir, 'start.lock'), '1\n');
    takeRunLock(dir, '/some/start.ts')();
  });
});

test.each([
  ['{"level":50,"msg":"no route"}', 'no route'],
  ['{"level":30,"msg":"started"}', undefined],
  ['TypeError: x is not a function', 'TypeError: x is not a function'],
  ['everything is fine, no error', undefined],
  ['{"not":"a record"}', undefined],
])('of the output %s the console hears %s', (line, expected) => {
  expect(errorIn(line)).toBe(expected);
});

test.each([
  [['node:internal', 'Error: no such file', '    at x', 'Node.js v24'], 'Error: no such file'],
  [
    ['one', '', 'api: DATABASE_URL is not set', 'Node.js v24'],
    'one | api: DATABASE_URL is not set',
  ],
  [[], ''],
  [
    ['some notice', 'api: the file is not valid:', '  - a: 1', '  - b: 2', '  - c: 3', '  - d: 4'],
    'api: the file is not valid: |   - a: 1 |   - b: 2 |   - c: 3 |   - d: 4',
  ],
])('the gist of %j is %j', (lines, expected) => {
  expect(gistOf(lines)).toBe(expected);
});

test('a flood of errors is announced up to a limit', () => {
  const passed: string[] = [];
  const pass = limited(3, 60_000, (text) => passed.push(text));
  for (const text of ['a', 'b', 'c', 'd']) pass(text);
  expect(passed).toEqual(['a', 'b', 'c (more of these only in its log)']);
});

describe('keepAlive', () => {
  type Fake = Running & { readonly end: (exit: Exit) => void };

  function makeFake(pid: number): Fake {
    let end: (exit: Exit) => void = () => undefined;
    const exited = new Promise<Exit>((resolve) => {
      end = resolve;
    });
    const stop = (): Promise<void> => {
      end({ code: 0, signal: null });
      return Promise.resolve();
    };
    return { pid, exited, stop, end };
  }

  test('starts a program again after it ended, and says both', async () => {
    const fakes = [makeFake(1), makeFake(2)];
    const said: string[] = [];
    let started = 0;
    const back = Promise.withResolvers<undefined>();
    const kept = await keepAlive(
      {
        name: 'worker',
        start: () => Promise.resolve(fakes[started++]!),
        announce: (text) => {
          said.push(text);
          if (text.includes('back')) back.resolve(undefined);
        },
      },
      new AbortController().signal,
    );
    fakes[0]!.end({ code: null, signal: 'SIGKILL' });
    await back.promise;
    await kept.stop();
    expect(said).toEqual([
      'worker ended with SIGKILL; restarting in 0.5 s',
      'worker is back (pid 2)',
    ]);
    expect(started).toBe(2);
  });

  test('gives up after three attempts of a first start', async () => {
    let attempts = 0;
    const keeping = keepAlive(
      {
        name: 'api',
        start: () => {
          attempts += 1;
          return Promise.reject(new ChildNotReady('has no port', undefined));
        },
        announce: () => undefined,
      },
      new AbortController().signal,
    );
    await expect(keeping).rejects.toMatchObject({ message: 'api has no port', exitCode: 69 });
    expect(attempts).toBe(3);
  });
});
