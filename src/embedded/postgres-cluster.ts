// Creates a cluster once, all or nothing, and puts right what a kill -9 left behind: an orphaned
// server is stopped, a stale lock file of another program's pid is removed.
import { randomBytes } from 'node:crypto';
import { spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupError, exitCodes } from '../../tools/setup/setup-error.mjs';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { RunAs } from './postgres-user.ts';
import { awaitCollected, commandLine, endForeignProcess } from './process-table.ts';
import type { LogLine } from './running.ts';

export const ownerRole = 'countersign_owner';
export const databaseName = 'countersign';

export type Cluster = {
  readonly dataDir: string;
  readonly binaries: PostgresBinaries;
  readonly user: RunAs | undefined;
};

/**
 * Runs initdb and creates our database unless `dataDir` exists.
 * Returns the owner's password, which is kept beside the data with mode 0600.
 */
export async function ensureCluster(cluster: Cluster): Promise<string> {
  const { dataDir, binaries } = cluster;
  if (versionOf(dataDir) !== undefined) {
    requireSameVersion(dataDir, binaries);
    return readPassword(dataDir);
  }
  requireReachable(cluster);
  const password = randomBytes(24).toString('base64url');
  const partial = `${dataDir}.partial`;
  rmSync(partial, { recursive: true, force: true });
  createOwned(partial, cluster.user);
  const passwordFile = join(partial, 'owner-password');
  const fresh = join(partial, 'data');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (cluster.user !== undefined) chownSync(passwordFile, cluster.user.uid, cluster.user.gid);
  const common = ['--pgdata', fresh, '--username', ownerRole, '--encoding', 'UTF8'];
  const safety = ['--auth', 'scram-sha-256', '--pwfile', passwordFile, '--no-locale'];
  await runAs(cluster, 'initdb', [...common, ...safety, '--no-instructions']);
  const single = ['--single', '-D', fresh, 'postgres'];
  await runAs(cluster, 'postgres', single, `CREATE DATABASE ${databaseName};\n`);
  writeFileSync(passwordPath(dataDir), `${password}\n`, { mode: 0o600 });
  renameSync(fresh, dataDir);
  rmSync(partial, { recursive: true, force: true });
  return password;
}

/** Stops a server that still runs on `dataDir` and removes a lock file that names no server. */
export async function clearLeftovers(dataDir: string, log: LogLine): Promise<void> {
  const lockFile = join(dataDir, 'postmaster.pid');
  if (!existsSync(lockFile)) return;
  const pid = Number(readFileSync(lockFile, 'utf8').split('\n', 1)[0]);
  const command = commandLine(pid);
  if (command === undefined) {
    // PostgreSQL itself checks shared memory before it takes over, once the pid is nobody's any more.
    await awaitCollected(pid, 15_000);
    return;
  }
  const isServer = /(^|\/)postgres /.test(command);
  if (!isServer) {
    log(`the lock file of ${dataDir} names ${pid}, which is another program now: removed`);
    rmSync(lockFile, { force: true });
    return;
  }
  if (!command.includes(dataDir)) {
    throw new SetupError(
      `A PostgreSQL server that Countersign did not start (pid ${pid}) may be using ${dataDir}: stop ` +
        `it, or remove ${lockFile} if it serves other data.`,
      exitCodes.tryAgain,
    );
  }
  log(`stopping the PostgreSQL server ${pid} that was left behind on ${dataDir}`);
  await endForeignProcess(pid, ['SIGINT', 'SIGQUIT'], 10_000);
}

/** The major version that wrote the data directory; undefined when there is none. */
export function versionOf(dataDir: string): number | undefined {
  const file = join(dataDir, 'PG_VERSION');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
}

function passwordPath(dataDir: string): string {
  return `${dataDir}.password`;
}

function readPassword(dataDir: string): string {
  const file = passwordPath(dataDir);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new SetupError(
    `${file} is missing, and without it nobody can sign in to ${dataDir}: restore the file, or move ` +
      'the data directory away to begin anew.',
    exitCodes.configuration,
  );
}

function requireSameVersion(dataDir: string, { majorVersion }: PostgresBinaries): void {
  const written = versionOf(dataDir);
  if (written === majorVersion) return;
  throw new SetupError(
    `The database in ${dataDir} was written by PostgreSQL ${String(written)}, and this is ${majorVersion}: ` +
      'dump it with the older version and restore it, or move the directory away to begin anew.',
    exitCodes.configuration,
  );
}

/** The server's user has to pass through every folder above its data. */
function requireReachable({ dataDir, user }: Cluster): void {
  const parent = dirname(dataDir);
  try {
    if (mkdirSync(parent, { recursive: true }) !== undefined) chmodSync(parent, 0o711);
    accessSync(parent, constants.W_OK);
  } catch {
    throw new SetupError(
      `${parent} cannot be written: set COUNTERSIGN_HOME to a directory of yours.`,
      exitCodes.cannotCreate,
    );
  }
  if (user === undefined || canEnter(parent, user)) return;
  throw new SetupError(
    `PostgreSQL runs as ${user.name}, who cannot enter ${parent}: set COUNTERSIGN_HOME to a ` +
      'directory outside of a closed home, or set DATABASE_URL.',
    exitCodes.cannotCreate,
  );
}

/** Whether `user` may pass through `dir` and all folders above it. */
export function canEnter(dir: string, user: RunAs): boolean {
  const identity = { uid: user.uid, gid: user.gid, stdio: 'ignore', cwd: '/' } as const;
  return spawnSync('/usr/bin/env', ['test', '-x', `${dir}/.`], identity).status === 0;
}

function createOwned(dir: string, user: RunAs | undefined): void {
  mkdirSync(dir, { mode: 0o700 });
  chmodSync(dir, 0o700);
  if (user !== undefined) chownSync(dir, user.uid, user.gid);
}

async function runAs(
  { binaries, user }: Cluster,
  program: string,
  args: readonly string[],
  input = '',
): Promise<void> {
  const identity = user === undefined ? {} : { uid: user.uid, gid: user.gid };
  const child = spawn(join(binaries.binDir, program), args, {
    ...identity,
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LANG: 'C' },
  });
  const output: string[] = [];
  child.stdout.on('data', (chunk) => output.push(String(chunk)));
  child.stderr.on('data', (chunk) => output.push(String(chunk)));
  child.stdin.end(input);
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const text = output.join('').trim();
  if (code === 0 && !/^(FATAL|ERROR|PANIC):/m.test(text)) return;
  throw new SetupError(
    `The database could not be created (${program}: ${text.split('\n').slice(-3).join(' | ')}): free ` +
      'the cause and start again, or set DATABASE_URL.',
    exitCodes.cannotCreate,
  );
}
