// The product with barriers, and the few moves that every kill test makes: propose, grant, hold the path at a named
// point, kill, wait for the end, judge. Nothing here waits for a time: only for things to be so.
import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { findFreePort } from '../../src/embedded/ports.ts';
import { gatherEvidence, type Evidence } from '../support/evidence.ts';
import { violations } from '../support/invariants.ts';
import { startProduct, type Product } from '../support/product.ts';
import type { SimHold } from '../support/sim-control.ts';

export type Proposed = {
  readonly intentId: string;
  readonly approvalId: string;
  readonly envelopeHash: string;
};
export type Standing = { readonly state: string; readonly isClaimed: boolean };

export type Rig = {
  readonly product: Product;
  readonly arm: (point: string) => void;
  /** Waits until a process has reached the armed point. */
  readonly reached: (point: string) => Promise<void>;
  readonly release: (point: string) => void;
  /** Proposes an order that no other of this rig looks like; of AAPL if nothing else is said. */
  readonly propose: (symbol?: string) => Promise<Proposed>;
  /** The body of a fresh order, for a test that sends it itself. */
  readonly orderBody: () => Record<string, unknown>;
  readonly grant: (order: Proposed) => Promise<void>;
  readonly standing: (intentId: string) => Promise<Standing>;
  /** The intent with that idempotency key, when its row is there. */
  readonly intentOf: (key: string) => Promise<string>;
  /** Waits for the end of an order and says what it was. */
  readonly ended: (intentId: string, withinMs?: number) => Promise<string>;
  /** The placeOrder frames of an order that the broker has received. */
  readonly frames: (intentId: string) => Promise<number>;
  readonly held: () => Promise<SimHold>;
  /** kill -9; resolves with the milliseconds until the supervisor has it back. */
  readonly kill: (name: string) => Promise<number>;
  /** Suspends a process; the returned function lets it go on. */
  readonly suspend: (name: string) => () => void;
  /** Whether the gateway's right to send has lapsed, as the database sees it. */
  readonly leaseHasLapsed: () => Promise<boolean>;
  /** Whether an attempt to send is under way: it holds the kill switch's shared lock. */
  readonly isSending: () => Promise<boolean>;
  /** Starts a second gateway of the same account group with client ids of its own. */
  readonly secondGateway: () => Promise<{ readonly stop: () => Promise<void> }>;
  /** Whether the order's workflow waits for a process to look for the order at the broker. */
  readonly isInDoubt: (intentId: string) => Promise<boolean>;
  readonly evidence: () => Promise<Evidence>;
  readonly stop: () => Promise<void>;
};

const root = new URL('../../', import.meta.url).pathname;
const terminal = /^(Denied|Declined|Expired|Withdrawn|Halted|Filled|Cancelled|Rejected|NotSent)$/;

/** Starts a product whose processes stop at barriers. */
export async function startRig(env: Record<string, string> = {}): Promise<Rig> {
  const barriers = mkdtempSync(join(tmpdir(), 'countersign-barriers-'));
  const product = await startProduct({ COUNTERSIGN_BARRIER_DIR: barriers, ...env });
  const opening = await product.sim.accounts();
  const holdFile = (point: string): string => join(barriers, `${point}.hold`);
  const reachedFile = (point: string): string => join(barriers, `${point}.reached`);
  let orders = 0;
  const orderBody = (symbol = 'AAPL'): Record<string, unknown> => {
    orders += 1;
    return {
      instrument: { symbol },
      side: 'BUY',
      quantity: String(orders),
      orderType: 'MKT',
      reason: 'an order of a kill test',
    };
  };
  const standing = (intentId: string): Promise<Standing> =>
    readStanding(product.info.databaseUrl, intentId);
  return {
    product,
    orderBody,
    arm(point) {
      rmSync(reachedFile(point), { force: true });
      writeFileSync(holdFile(point), '');
    },
    reached: (point) => until(`${point} is reached`, () => existsSync(reachedFile(point))),
    release(point) {
      rmSync(holdFile(point), { force: true });
    },
    async propose(symbol) {
      const headers = { 'idempotency-key': `chaos-${process.pid}-${orders}` };
      const { status, body } = await product.agent.post(
        '/approval/request',
        orderBody(symbol),
        headers,
      );
      if (body['state'] !== 'AwaitingApproval')
        throw new Error(`proposal: ${status} ${JSON.stringify(body)}`);
      return body as unknown as Proposed;
    },
    async grant({ approvalId, envelopeHash }) {
      const path = `/approval/${approvalId}/grant`;
      const { status, body } = await product.operator.post(path, { envelopeHash });
      if (status !== 200) throw new Error(`grant: ${status} ${JSON.stringify(body)}`);
    },
    standing,
    intentOf: (key) => readIntentOf(product.info.databaseUrl, key),
    async ended(intentId, withinMs = 60_000) {
      let state = '';
      await until(
        () => `${intentId} ends (it is ${state})`,
        async () => {
          ({ state } = await standing(intentId));
          return terminal.test(state);
        },
        withinMs,
      );
      return state;
    },
    async frames(intentId) {
      return (await product.sim.frames(intentId)).reduce((n, f) => n + f.total - f.whatIf, 0);
    },
    async held() {
      let holds: SimHold[] = [];
      await until('the broker holds an order', async () => {
        holds = await product.sim.holds();
        return holds.length > 0;
      });
      return holds[0] as SimHold;
    },
    async kill(name) {
      const before = product.timesBack(name);
      const killedAt = performance.now();
      process.kill(product.pidOf(name), 'SIGKILL');
      await until(`${name} is back`, () => product.timesBack(name) > before);
      return Math.round(performance.now() - killedAt);
    },
    suspend(name) {
      const pid = product.pidOf(name);
      process.kill(pid, 'SIGSTOP');
      return () => {
        process.kill(pid, 'SIGCONT');
      };
    },
    async leaseHasLapsed() {
      const text = 'SELECT FROM sender_leases WHERE expires_at > clock_timestamp()';
      return (await rows(product.info.databaseUrl, text, [])).length === 0;
    },
    async isSending() {
      const text = `SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND classid = 4851 AND objid = 2 AND mode = 'ShareLock'`;
      return (await rows(product.info.databaseUrl, text, [])).length > 0;
    },
    secondGateway: () => startSecondGateway(product.pidOf('gateway')),
    isInDoubt: (intentId) => waitsForReconcile(product, intentId),
    evidence: () => gatherEvidence(product, opening),
    async stop() {
      await product.stop();
      rmSync(barriers, { recursive: true, force: true });
    },
  };
}

/** Polls until it is so; a party that cannot be asked at the moment has not said so yet. */
export async function until(
  what: string | (() => string),
  isSo: () => boolean | Promise<boolean>,
  withinMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  let problem = '';
  while (performance.now() < deadline) {
    try {
      if (await isSo()) return;
      problem = '';
    } catch (failure) {
      problem = `: ${String(failure)}`;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(
    `not within ${withinMs} ms: ${typeof what === 'string' ? what : what()}${problem}`,
  );
}

/**
 * What is wrong with the records of all parties, once they are at rest: a commission may come some time after the fill
 * that ended an order. One that never comes is a violation.
 */
export async function lastingViolations(rig: Rig): Promise<readonly string[]> {
  let found: readonly string[] = [];
  const isWhole = async (): Promise<boolean> => {
    found = await violations(await rig.evidence());
    return found.length === 0;
  };
  await until('every record is whole', isWhole, 20_000).catch(() => undefined);
  return found;
}

async function startSecondGateway(like: number): Promise<{ stop: () => Promise<void> }> {
  const environment = readFileSync(`/proc/${like}/environ`, 'utf8')
    .split('\0')
    .filter((line) => line.includes('=') && !line.startsWith('NODE_CHANNEL'))
    .map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)];
    });
  const env = {
    ...Object.fromEntries(environment),
    GATEWAY_PORT: String(await findFreePort()),
    IBKR_CLIENT_ID: '21',
    IBKR_READ_CLIENT_ID: '22',
  };
  const child = fork(join(root, 'src/main/gateway.ts'), { cwd: root, env, silent: true });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => {
      reject(new Error(`the second gateway ended with ${code ?? 'a signal'}`));
    });
  });
  return {
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function waitsForReconcile({ info }: Product, intentId: string): Promise<boolean> {
  const connection = await Connection.connect({ address: info.temporalAddress });
  try {
    const client = new Client({ connection, namespace: info.temporalNamespace });
    const { raw } = await client.workflow.getHandle(`order-${intentId}`).describe();
    return (raw.pendingActivities ?? []).some(
      ({ activityType }) => activityType?.name === 'reconcileOrder',
    );
  } finally {
    await connection.close();
  }
}

async function readStanding(databaseUrl: string, intentId: string): Promise<Standing> {
  const [row] = await rows<Standing>(
    databaseUrl,
    `SELECT state, EXISTS (SELECT FROM submissions s WHERE s.intent_id = o.intent_id) AS "isClaimed"
     FROM orders o WHERE intent_id = $1`,
    [intentId],
  );
  if (row === undefined) throw new Error(`${intentId} is not in the ledger`);
  return row;
}

async function readIntentOf(databaseUrl: string, key: string): Promise<string> {
  const text = 'SELECT intent_id AS "intentId" FROM intents WHERE idempotency_key = $1';
  const [row] = await rows<{ intentId: string }>(databaseUrl, text, [key]);
  if (row === undefined) throw new Error(`no intent with key ${key}`);
  return row.intentId;
}

async function rows<Row>(databaseUrl: string, text: string, values: unknown[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined); // a killed server ends it
  await client.connect();
  try {
    return (await client.query(text, values)).rows as Row[];
  } finally {
    await client.end();
  }
}
