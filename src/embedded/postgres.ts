// An embedded PostgreSQL server: real programs, a data directory of mode 0700, loopback only, and a
// random password. It survives a kill -9 of anything: see postgres-cluster.ts for what is put right.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SetupError, exitCodes } from '../../tools/setup/setup-error.mjs';
import { answers, findFreePort, waitUntil } from './ports.ts';
import { requirePostgresBinaries } from './postgres-binaries.ts';
import {
  clearLeftovers,
  databaseName,
  ensureCluster,
  ownerRole,
  versionOf,
} from './postgres-cluster.ts';
import type { Cluster } from './postgres-cluster.ts';
import { choosePostgresUser } from './postgres-user.ts';
import type { LogLine, Running } from './running.ts';
import { spawnServer } from './spawn.ts';
import type { Spawned } from './spawn.ts';

export type PostgresOptions = {
  /** Created when missing; `<dataDir>.password` beside it holds the owner's password. */
  readonly dataDir: string;
  readonly cacheDir: string;
  /** A free one when left out. */
  readonly port?: number;
  /** Further settings of the server, such as `{ fsync: 'off' }` in tests. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly log: LogLine;
};

export type EmbeddedPostgres = Running & {
  /** The URL of the owner role, who may create roles and databases. */
  readonly url: string;
  readonly port: number;
};

const host = '127.0.0.1';
const startTimeoutMs = 60_000;
// SIGINT is the "fast" shutdown: open transactions are rolled back and a checkpoint is written.
const stopRule = { signal: 'SIGINT', graceMs: 15_000 } as const;

/** Starts the server of `dataDir` and resolves when it accepts connections. */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, cacheDir, log } = options;
  const user = choosePostgresUser(dataDir);
  const binaries = requirePostgresBinaries(cacheDir, user, versionOf(dataDir));
  const cluster = { dataDir, user, binaries };
  if (existsSync(dataDir)) await clearLeftovers(dataDir, log);
  const password = await ensureCluster(cluster);
  const port = options.port ?? (await findFreePort());
  const server = await startServer(cluster, port, options);
  return {
    url: `postgres://${ownerRole}:${password}@${host}:${port}/${databaseName}`,
    port,
    pid: server.pid,
    exited: server.exited,
    stop: server.stop,
  };
}

async function startServer(
  cluster: Cluster,
  port: number,
  { settings, log }: PostgresOptions,
): Promise<Spawned> {
  const lastLines: string[] = [];
  const remember: LogLine = (line) => {
    if (lastLines.push(line) > 5) lastLines.shift();
    log(line);
  };
  // Right after a kill -9 of the server its backends may hold the shared memory for a moment longer.
  for (const pauseMs of [200, 1_000, 0]) {
    const server = await spawnOnce(cluster, port, settings, remember);
    const hasEnded = (): boolean => server.child.exitCode !== null;
    const isReady = async (): Promise<boolean> =>
      isMarkedReady(cluster.dataDir, server.pid) && (await answers(host, port));
    if (await waitUntil(isReady, startTimeoutMs, hasEnded)) return server;
    await server.stop();
    if (pauseMs === 0 || !lastLines.some((line) => line.includes('still in use'))) break;
    await delay(pauseMs);
  }
  throw new SetupError(
    `PostgreSQL did not start on ${host}:${port}: ${lastLines.join(' | ')}`,
    exitCodes.unavailable,
  );
}

async function spawnOnce(
  { binaries, dataDir, user }: Cluster,
  port: number,
  settings: PostgresOptions['settings'],
  log: LogLine,
): Promise<Spawned> {
  const fixed = {
    listen_addresses: host,
    unix_socket_directories: '',
    max_connections: '200',
    password_encryption: 'scram-sha-256',
  };
  const options = Object.entries({ ...fixed, ...settings });
  const command = {
    file: join(binaries.binDir, 'postgres'),
    args: ['-D', dataDir, '-p', String(port), ...options.flatMap(([k, v]) => ['-c', `${k}=${v}`])],
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LANG: 'C' },
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  };
  return spawnServer(command, stopRule, log);
}

/** The server writes its state into the eighth line of its lock file. */
function isMarkedReady(dataDir: string, pid: number): boolean {
  try {
    const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
  } catch {
    return false; // not written yet
  }
}
