// The Temporal development server as a supervised program. A file-backed server that was left behind
// by a killed supervisor is stopped first: two servers on one SQLite file would corrupt it.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureTemporalCli } from '../../tools/setup/temporal.mjs';
import { SetupError, exitCodes } from '../../tools/setup/setup-error.mjs';
import { answers, findFreePort, waitUntil } from './ports.ts';
import { commandLine, endForeignProcess } from './process-table.ts';
import type { LogLine, Running } from './running.ts';
import { spawnServer } from './spawn.ts';

export type TemporalOptions = (
  | { readonly dbFile: string; readonly inMemory?: never }
  | { readonly dbFile?: never; readonly inMemory: true }
) & {
  /** The gRPC port; a free one when left out. */
  readonly port?: number;
  /** The Web UI's port; a free one when left out. */
  readonly uiPort?: number;
  readonly cliPath: string;
  /** Created besides `default`. */
  readonly namespace?: string;
  /** Further arguments of `temporal server start-dev`. */
  readonly extraArgs?: readonly string[];
  readonly log: LogLine;
};

export type EmbeddedTemporal = Running & {
  /** host:port of the gRPC frontend. */
  readonly address: string;
  readonly uiUrl: string;
};

const host = '127.0.0.1';
const startTimeoutMs = 60_000;
const stopRule = { signal: 'SIGTERM', graceMs: 10_000 } as const;

/** The Temporal CLI of this machine, fetched into `cacheDir` and verified when there is none. */
export async function resolveTemporalCli(cacheDir: string): Promise<string> {
  return ensureTemporalCli(cacheDir);
}

/** Starts the server and resolves when its frontend and its Web UI answer. */
export async function startTemporal(options: TemporalOptions): Promise<EmbeddedTemporal> {
  const { dbFile, cliPath, log } = options;
  if (dbFile !== undefined) await clearTemporalLeftover(dbFile, log);
  const port = options.port ?? (await findFreePort());
  const uiPort = options.uiPort ?? (await findFreePort());
  const args = serverArguments(options, port, uiPort);
  // A folder of this user's own: in the shared one another user's configuration would be in the way.
  const home =
    dbFile === undefined ? mkdtempSync(join(tmpdir(), 'countersign-temporal-')) : dirname(dbFile);
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home };
  const lastLines: string[] = [];
  let isAnnounced = false;
  const server = await spawnServer({ file: cliPath, args, env }, stopRule, (line) => {
    if (lastLines.push(line) > 5) lastLines.shift();
    // The port opens before the services behind it run; this line comes after they do.
    isAnnounced ||= line.startsWith('Temporal Server:');
    log(line);
  });
  if (dbFile !== undefined) writeFileSync(pidFile(dbFile), `${server.pid}\n`, { mode: 0o600 });
  const hasEnded = (): boolean => server.child.exitCode !== null;
  const isReady = async (): Promise<boolean> =>
    isAnnounced && (await answers(host, port)) && (await answers(host, uiPort));
  if (!(await waitUntil(isReady, startTimeoutMs, hasEnded))) {
    await server.stop();
    throw new SetupError(
      `The Temporal server at ${host}:${port} did not start: ${lastLines.join(' | ')}`,
      exitCodes.unavailable,
    );
  }
  const stop = async (): Promise<void> => {
    await server.stop();
    if (dbFile !== undefined) rmSync(pidFile(dbFile), { force: true });
  };
  return {
    address: `${host}:${port}`,
    uiUrl: `http://${host}:${uiPort}`,
    pid: server.pid,
    exited: server.exited,
    stop,
  };
}

function serverArguments(options: TemporalOptions, port: number, uiPort: number): string[] {
  const args = ['server', 'start-dev', '--ip', host, '--port', String(port)];
  args.push('--ui-port', String(uiPort), '--ui-disable-news-fetch', '--log-level', 'warn');
  if (options.namespace !== undefined && options.namespace !== 'default') {
    args.push('--namespace', options.namespace);
  }
  if (options.dbFile !== undefined) {
    // Without these two pragmas the file-backed server has half the throughput.
    args.push('--db-filename', options.dbFile, '--sqlite-pragma', 'journal_mode=wal');
    args.push('--sqlite-pragma', 'synchronous=normal');
  }
  return [...args, ...(options.extraArgs ?? [])];
}

/** Ends a server that a killed supervisor left running on `dbFile`. */
export async function clearTemporalLeftover(dbFile: string, log: LogLine): Promise<void> {
  const file = pidFile(dbFile);
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8'));
  // The pid may have been given to another program since: its command line has to name our file.
  const command = commandLine(pid);
  if (command?.includes('start-dev') === true && command.includes(dbFile)) {
    log(`stopping the Temporal server ${pid} that was left behind on ${dbFile}`);
    await endForeignProcess(pid, ['SIGTERM'], stopRule.graceMs);
  }
  rmSync(file, { force: true });
}

function pidFile(dbFile: string): string {
  return `${dbFile}.pid`;
}
