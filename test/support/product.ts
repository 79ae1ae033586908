// The product as a user starts it, on ports and in a state directory of its own: every test that needs more than
// one process drives this through public doors, and kills what it wants to kill.
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../src/embedded/ports.ts';
import { commandLine } from '../../src/embedded/process-table.ts';
import type { RunInfo } from '../../src/supervisor/run-file.ts';
import { simControl, type SimControl } from './sim-control.ts';

const root = new URL('../../', import.meta.url).pathname;

export type Answer = {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
};

/** A caller of the REST door with one identity. */
export type Caller = {
  readonly get: (path: string) => Promise<Answer>;
  readonly post: (
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer>;
};

export type Product = {
  readonly info: RunInfo;
  readonly agent: Caller;
  readonly operator: Caller;
  readonly nobody: Caller;
  readonly agentKey: string;
  readonly sim: SimControl;
  /** Everything the supervisor has announced so far. */
  readonly announced: () => string;
  /** The pid of the running child of that name: gateway, worker, api, mcp, simgateway, postgres, temporal. */
  readonly pidOf: (name: string) => number;
  /** How often the supervisor has brought that child back since it started. */
  readonly timesBack: (name: string) => number;
  /**
   * kill -9 of the supervisor, whose children end by themselves or are left behind, or of every process of the
   * product at once. Then `restart`.
   */
  readonly crash: (what: 'supervisor' | 'everything') => Promise<void>;
  /** Stops the product if it runs and starts it again on the same state directory and ports. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/**
 * A Tuesday morning in New York. The simulated exchange starts here again after a crash of everything, so that an
 * order which waited is judged in trading hours whatever the machine's own clock says.
 */
const marketMoment = '2026-11-24T16:00:00Z';

/** Starts the product and returns when it is ready, with the market's clock set to a trading moment. */
export async function startProduct(env: Record<string, string> = {}): Promise<Product> {
  const home = mkdtempSync(join(tmpdir(), 'countersign-product-'));
  chmodSync(home, 0o711); // as root, PostgreSQL's own user has to pass
  const names = [
    'API_PORT',
    'MCP_PORT',
    'GATEWAY_PORT',
    'SIM_PORT',
    'SIM_CONTROL_PORT',
    'TEMPORAL_PORT',
    'TEMPORAL_UI_PORT',
    'POSTGRES_PORT',
  ];
  const ports: Record<string, string> = {};
  for (const name of names) ports[name] = String(await findFreePort());
  const start = (): Promise<Started> =>
    spawnProduct({ COUNTERSIGN_HOME: home, SIM_START: marketMoment, ...ports, ...env });
  let { child, info, announced } = await start();
  const sim = simControl(Number(ports['SIM_CONTROL_PORT']));
  const agentKey = readFileSync(info.agentKeyFile ?? '', 'utf8').trim();
  const agent = caller(info.apiUrl, { authorization: `Bearer ${agentKey}` });
  await openMarket(sim, agent);
  return {
    info,
    agentKey,
    sim,
    announced: () => announced(),
    agent,
    operator: caller(info.apiUrl, { cookie: await logIn(info), origin: info.apiUrl }),
    nobody: caller(info.apiUrl, {}),
    pidOf: (name) => childPid(child.pid ?? 0, name),
    timesBack: (name) => announced().split(`${name} is back (pid `).length - 1,
    async crash(what) {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      const root = child.pid ?? 0;
      // The supervisor first: it must not bring back what follows.
      const supervisor = childPid(root, 'supervisor');
      const others = what === 'everything' ? descendants(supervisor) : [];
      for (const pid of [supervisor, ...others]) kill(pid);
      await exited;
    },
    async restart() {
      await stopped(child);
      ({ child, info, announced } = await start());
      await openMarket(sim, agent);
    },
    async stop() {
      await stopped(child);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Sets the exchange's clock to a trading moment and waits until the gateway has noticed, at its next ping. */
async function openMarket(sim: SimControl, agent: Caller): Promise<void> {
  await sim.setClock({ instant: marketMoment, running: true });
  const draft = { instrument: { symbol: 'AAPL' }, side: 'BUY', quantity: '1', orderType: 'MKT' };
  const isOpen = async (): Promise<boolean> => {
    const { body } = await agent.post('/risk/evaluate', draft);
    const verdict = body['verdict'] as { rules: { rule: string; outcome: string }[] } | undefined;
    return verdict?.rules.find(({ rule }) => rule === 'R5')?.outcome === 'pass';
  };
  for (let attempt = 0; !(await isOpen()); attempt += 1) {
    if (attempt === 100) throw new Error('the market did not open');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

type Started = { child: ChildProcess; info: RunInfo; announced: () => string };

async function spawnProduct(env: Record<string, string>): Promise<Started> {
  const child = spawn(process.execPath, ['tools/bootstrap.mjs', 'start', '--headless-json'], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { child, ...(await ready(child)) };
}

async function ready(child: ChildProcess): Promise<{ info: RunInfo; announced: () => string }> {
  let announced = '';
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => (announced += chunk.toString()));
  const info = await new Promise<RunInfo>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const line = output.split('\n').find((text) => text.startsWith('{"pid"'));
      if (line !== undefined) resolve(JSON.parse(line) as RunInfo);
    });
    child.once('exit', (code) => {
      reject(new Error(`the product ended with ${code ?? 'a signal'}: ${announced}`));
    });
  });
  return { info, announced: () => announced };
}

/** Redeems the one-time link as a program does; the answer is the session's cookie. */
export async function logIn(info: RunInfo): Promise<string> {
  const token = new URL(info.operatorLink ?? '').searchParams.get('token');
  const response = await fetch(`${info.apiUrl}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  if (!response.ok) throw new Error(`login failed: ${await response.text()}`);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/** A caller with fixed headers. Bodies are sent as JSON; a string body goes out as it is. */
export function caller(apiUrl: string, identity: Record<string, string>): Caller {
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers = {},
  ): Promise<Answer> => {
    const response = await fetch(`${apiUrl}/api/v1${path}`, {
      method,
      headers: {
        ...identity,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === '' ? {} : (JSON.parse(text) as Answer['body']),
      headers: response.headers,
    };
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body = {}, headers) => call('POST', path, body, headers),
  };
}

const entries: Readonly<Record<string, string>> = {
  gateway: 'src/main/gateway.ts',
  worker: 'src/main/worker.ts',
  api: 'src/main/api.ts',
  mcp: 'src/main/mcp.ts',
  simgateway: 'src/main/simgateway.ts',
  postgres: '/bin/postgres',
  temporal: 'server start-dev',
  supervisor: 'src/main/start.ts',
};

function childPid(ancestor: number, name: string): number {
  const wanted = entries[name] ?? name;
  const pids = descendants(ancestor).filter((pid) => commandLine(pid)?.includes(wanted) ?? false);
  const [pid] = pids.sort((a, b) => a - b);
  if (pid === undefined) throw new Error(`${name} does not run`);
  return pid;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (failure) {
    if ((failure as { code?: string }).code !== 'ESRCH') throw failure; // it has ended by itself
  }
}

function descendants(pid: number): number[] {
  const direct = children(pid);
  return direct.flatMap((child) => [child, ...descendants(child)]);
}

function children(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')
      .filter(Boolean)
      .map(Number);
  } catch {
    return []; // the process is gone, and so are its children
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exited;
}
