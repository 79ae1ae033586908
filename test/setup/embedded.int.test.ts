import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startPostgres } from '../../src/embedded/postgres.ts';
import type { EmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { commandLine } from '../../src/embedded/process-table.ts';
import { resolveTemporalCli, startTemporal } from '../../src/embedded/temporal.ts';
import { resolveCacheDir } from '../../tools/setup/dirs.mjs';

const cacheDir = resolveCacheDir().dir;
const log = (): void => undefined;
let dir = '';
const running: { stop: () => Promise<void> }[] = [];

function keep<T extends { stop: () => Promise<void> }>(server: T): T {
  running.push(server);
  return server;
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'embedded-'));
  chmodSync(dir, 0o711);
});

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('PostgreSQL', () => {
  const start = async (): Promise<EmbeddedPostgres> =>
    keep(await startPostgres({ dataDir: join(dir, 'pg'), cacheDir, log }));

  test('its data and its password are closed to others, and it listens on loopback alone', async () => {
    const { url } = await start();
    expect(statSync(join(dir, 'pg')).mode & 0o777).toBe(0o700);
    expect(statSync(join(dir, 'pg.password')).mode & 0o777).toBe(0o600);
    expect(await query(url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    await expect(query(url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow('password');
  });

  test('committed rows survive a kill -9 of the server', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE t AS SELECT generate_series(1, 500) AS n');
    process.kill(first.pid, 'SIGKILL');
    expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' });
    const second = await start();
    expect(await query(second.url, 'SELECT count(*)::int AS n FROM t')).toEqual([{ n: 500 }]);
  });

  test('a server that was left behind is stopped before another one starts', async () => {
    const orphan = await start();
    const next = await start();
    expect(await orphan.exited).toEqual({ code: 0, signal: null });
    expect(await query(next.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('a lock file whose pid another program has now does not stop it', async () => {
    await (await start()).stop();
    writeFileSync(join(dir, 'pg', 'postmaster.pid'), `${process.pid}\n${join(dir, 'pg')}\n`);
    expect(await query((await start()).url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(commandLine(process.pid)).toBeDefined();
  });

  test('data of another version and a lost password are refused with a sentence', async () => {
    await (await start()).stop();
    rmSync(join(dir, 'pg.password'));
    await expect(start()).rejects.toMatchObject({ exitCode: 78 });
    const version = join(dir, 'pg', 'PG_VERSION');
    const written = readFileSync(version, 'utf8');
    writeFileSync(version, '9\n');
    await expect(start()).rejects.toThrow('written by PostgreSQL 9');
    writeFileSync(version, written);
  });
});

describe('Temporal', () => {
  async function accepts(address: string): Promise<boolean> {
    const [host, port] = address.split(':');
    return new Promise((resolve) => {
      const socket = connect({ host: host!, port: Number(port) }, () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => {
        resolve(false);
      });
    });
  }

  test('its frontend and its Web UI answer until it is stopped', async () => {
    const cliPath = await resolveTemporalCli(cacheDir);
    const server = keep(await startTemporal({ inMemory: true, cliPath, log }));
    expect(await accepts(server.address)).toBe(true);
    expect((await fetch(server.uiUrl)).status).toBe(200);
    await server.stop();
    expect(await accepts(server.address)).toBe(false);
    expect(commandLine(server.pid)).toBeUndefined();
  });

  test('a server that was left behind on the file is stopped before another one starts', async () => {
    const cliPath = await resolveTemporalCli(cacheDir);
    const dbFile = join(dir, 'temporal.db');
    const orphan = keep(await startTemporal({ dbFile, cliPath, log }));
    const next = keep(await startTemporal({ dbFile, cliPath, log }));
    await orphan.exited;
    expect(commandLine(orphan.pid)).toBeUndefined();
    expect(await accepts(next.address)).toBe(true);
  });
});
