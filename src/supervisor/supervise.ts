// Starts everything in order, keeps it running, and stops it in the reverse order. What the processes
// do is their own business: here they are names, environments and readiness.
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { SetupEnv } from '../config/setup-env.ts';
import type { Running } from '../embedded/running.ts';
import type { Kept } from './keep-alive.ts';
import { keepAlive } from './keep-alive.ts';
import { openLog } from './log-file.ts';
import type { LogFile } from './log-file.ts';
import { startNodeChild } from './node-child.ts';
import type { NodeChild } from './node-child.ts';
import { neededPorts, planPorts } from './plan-ports.ts';
import type { PortPlan } from './plan-ports.ts';
import { removeRunFile, writeRunFile } from './run-file.ts';
import type { RunInfo } from './run-file.ts';
import { takeRunLock } from './run-lock.ts';
import { ensureSecretFile } from './secret-file.ts';
import { limited } from './limited.ts';
import { databaseStart, stopLeftovers, temporalStart } from './bundled-servers.ts';
import type { Database, TemporalServer } from './bundled-servers.ts';
import { runMigrations } from './run-migrations.ts';
import { childSettings } from './child-settings.ts';

export type SuperviseOptions = {
  readonly checkout: string;
  /** The folder of the programs migrate, simgateway, gateway, worker, api and mcp. */
  readonly entriesDir: string;
  /** How the command line of a running supervisor is recognised. */
  readonly program: string;
  readonly env: SetupEnv;
  readonly cacheDir: string;
  readonly stateDir: string;
  /** Aborted when everything is to stop. */
  readonly stopping: AbortSignal;
  readonly announce: (text: string) => void;
  readonly onReady: (info: RunInfo) => void;
};

/** Resolves when everything was stopped after `stopping`; rejects when it cannot start. */
export async function supervise(options: SuperviseOptions): Promise<void> {
  const { stateDir, stopping } = options;
  if (process.getuid?.() === 0) chmodSync(stateDir, 0o711); // PostgreSQL's user has to pass
  const releaseLock = takeRunLock(stateDir, options.program);
  const crew = new Crew(options);
  try {
    const info = await startAll(options, crew);
    writeRunFile(stateDir, info);
    if (!stopping.aborted) options.onReady(info);
    await aborted(stopping);
  } catch (error) {
    if (!stopping.aborted) throw error; // what fails while it is being stopped does not matter
  } finally {
    removeRunFile(stateDir);
    await crew.stop();
    releaseLock();
  }
}

async function startAll(options: SuperviseOptions, crew: Crew): Promise<RunInfo> {
  const startedAt = performance.now();
  const { env, stateDir, announce, entriesDir } = options;
  await stopLeftovers(env, stateDir, announce);
  const ports = await planPorts(env.ports, neededPorts(env), `${entriesDir}/`, announce);
  const secretFile = ensureSecretFile(join(stateDir, 'gateway.secret'));
  const [temporal, databaseUrl] = await Promise.all([
    crew.startTemporal(ports),
    crew.startDatabase(ports).then(async (database) => crew.migrate(database.url)),
    env.broker === 'sim' ? crew.startSimulator(ports) : Promise.resolve(),
  ]);
  const settings = childSettings({ ...options, ports, databaseUrl, temporal, secretFile });
  const start = async (name: string): Promise<NodeChild> => crew.startChild(name, [], settings);
  const [api] = await Promise.all([start('api'), start('gateway'), start('worker'), start('mcp')]);
  const local = (port: number): string => `http://127.0.0.1:${port}`;
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return {
    pid: process.pid,
    readyAt: new Date().toISOString(),
    readyInMs: Math.round(performance.now() - startedAt),
    environment: env.environment,
    broker: env.broker,
    apiUrl: local(ports.api),
    mcpUrl: `${local(ports.mcp)}/mcp`,
    gatewayUrl: local(ports.gateway),
    gatewaySecretFile: secretFile,
    simPort: env.broker === 'sim' ? ports.sim : null,
    simControlUrl: env.broker === 'sim' ? local(ports.simControl) : null,
    temporalAddress: temporal.address,
    temporalNamespace: env.temporalNamespace,
    temporalUiUrl: temporal.uiUrl,
    databaseUrl,
    operatorLink: text(api.ready['operatorLink']),
    agentKeyFile: text(api.ready['agentKeyFile']),
    stateDir,
    logsDir: join(stateDir, 'logs'),
  };
}

/** Start-up was asked to stop before it was done. */
export class StoppedEarly extends Error {}

/** Everything that was started, so that it can be stopped; a start that fails leaves the others here. */
class Crew {
  readonly #options: SuperviseOptions;
  readonly #logs: LogFile[] = [];
  readonly #kept = new Map<string, Kept<Running>>();
  readonly #starting = new Set<Promise<unknown>>();
  readonly #abort = new AbortController();

  constructor(options: SuperviseOptions) {
    this.#options = options;
    options.stopping.addEventListener('abort', () => {
      this.#abort.abort();
    });
  }

  async startDatabase(ports: PortPlan): Promise<Database> {
    const { env, stateDir, cacheDir } = this.#options;
    if (env.databaseUrl !== undefined) return { url: env.migrationDatabaseUrl ?? env.databaseUrl };
    const log = this.#openLog('postgres');
    const start = databaseStart({ stateDir, cacheDir, port: ports.postgres, log: log.write });
    return this.#keep('postgres', start);
  }

  async startTemporal(ports: PortPlan): Promise<TemporalServer> {
    const { env, stateDir, cacheDir } = this.#options;
    if (env.temporalAddress !== undefined) return { address: env.temporalAddress, uiUrl: null };
    const { temporal: port, temporalUi: uiPort } = ports;
    const log = this.#openLog('temporal').write;
    const namespace = env.temporalNamespace;
    return this.#keep(
      'temporal',
      temporalStart({ stateDir, cacheDir, port, uiPort, namespace, log }),
    );
  }

  async migrate(ownerUrl: string): Promise<string> {
    const { checkout, entriesDir } = this.#options;
    const env = childSettings({ ...this.#options, ownerUrl });
    const log = this.#openLog('migrate');
    const abort = this.#abort.signal;
    const script = join(entriesDir, 'migrate.ts');
    const migrating = runMigrations(script, { cwd: checkout, env, log, abort });
    this.#starting.add(migrating);
    return migrating;
  }

  async startSimulator(ports: PortPlan): Promise<void> {
    const args = ['--port', String(ports.sim), '--control-port', String(ports.simControl)];
    args.push('--state', join(this.#options.stateDir, 'simgateway.jsonl'));
    const { simStart } = this.#options.env;
    if (simStart !== undefined) args.push('--start', simStart);
    await this.startChild('simgateway', args, childSettings({ ...this.#options, ports }));
  }

  async startChild(name: string, args: string[], env: NodeJS.ProcessEnv): Promise<NodeChild> {
    const { announce, entriesDir, checkout: cwd } = this.#options;
    const log = this.#openLog(name);
    const script = join(entriesDir, `${name}.ts`);
    const onError = limited(5, 10_000, (text) => {
      announce(`${name}: ${text}`);
    });
    return this.#keep(name, (abort) =>
      startNodeChild({ script, args, env, cwd, log, onError }, abort),
    );
  }

  /** Ends everything: first what takes work in, last what holds the state. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await Promise.allSettled(this.#starting);
    const order = [
      ['mcp', 'api'],
      ['worker'],
      ['gateway'],
      ['simgateway'],
      ['temporal', 'postgres'],
    ];
    for (const names of order) {
      await Promise.all(names.flatMap((name) => this.#kept.get(name)?.stop() ?? []));
    }
    await Promise.all(this.#logs.map((log) => log.close()));
  }

  async #keep<T extends Running>(
    name: string,
    start: (abort: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { announce } = this.#options;
    if (this.#abort.signal.aborted) throw new StoppedEarly();
    const starting = keepAlive({ name, start, announce }, this.#abort.signal);
    this.#starting.add(starting);
    const kept = await starting;
    this.#kept.set(name, kept);
    return kept.first;
  }

  #openLog(name: string): LogFile {
    const log = openLog(join(this.#options.stateDir, 'logs'), name);
    this.#logs.push(log);
    return log;
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
