// Everything that the parties of a run have recorded, gathered once it is quiet: the ledger's tables, the audit
// chain, the simulated gateway's orders, executions and received frames, and what Temporal says of the workflows.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import type { AuditEvent } from '../../src/domain/audit/event.ts';
import type { OrderState } from '../../src/domain/order/lifecycle.ts';
import { createPgStore } from '../../src/store/pg/store.ts';
import type { Product } from './product.ts';
import type {
  SimAccountState,
  SimExecutionState,
  SimFrameCount,
  SimJournalEntry,
  SimOrderState,
} from './sim-control.ts';

export type OrderRow = {
  intentId: string;
  proposer: string;
  account: string;
  state: OrderState;
  quantity: string;
  filled: string;
  commission: string | null;
};
export type SubmissionRow = {
  intentId: string;
  approvalId: string;
  clientId: number;
  orderId: number;
  claimedAtMs: number;
  outcome: 'sent' | 'not-sent' | null;
};
export type ApprovalRow = {
  approvalId: string;
  intentId: string;
  status: string;
  envelope: string;
  envelopeHash: string;
  required: number;
  expiresAtMs: number;
  executeByMs: number;
};
export type DecisionRow = {
  approvalId: string;
  decision: 'grant' | 'deny';
  principal: string;
  atMs: number;
  consumedAtMs: number | null;
};

export type ReservationRow = {
  intentId: string;
  quantity: string;
  /** Worst-case notional in base currency. */
  notional: string;
  releasedAtMs: number | null;
};

/** One run of the product as its parties saw it. */
export type Evidence = {
  readonly audit: readonly AuditEvent[];
  readonly orders: readonly OrderRow[];
  readonly submissions: readonly SubmissionRow[];
  readonly approvals: readonly ApprovalRow[];
  readonly decisions: readonly DecisionRow[];
  readonly reservations: readonly ReservationRow[];
  readonly workflows: readonly { readonly intentId: string; readonly status: string }[];
  readonly broker: {
    readonly orders: readonly SimOrderState[];
    readonly executions: readonly SimExecutionState[];
    readonly frames: readonly SimFrameCount[];
    /** The placeOrder frames that the broker has received, what-ifs left out; those of its current process. */
    readonly placements: readonly SimJournalEntry[];
    readonly accounts: readonly SimAccountState[];
  };
  /** The broker's accounts before the run. */
  readonly opening: readonly SimAccountState[];
  /** Exchange time minus real time. */
  readonly exchangeAheadMs: number;
  readonly secrets: readonly string[];
  readonly logs: string;
};

/** Reads all of it. The product must be at rest: nothing is locked meanwhile. */
export async function gatherEvidence(
  product: Product,
  opening: readonly SimAccountState[],
): Promise<Evidence> {
  const { sim, info } = product;
  const tables = await readTables(info.databaseUrl);
  const journal = await sim.journal({ message: 'placeOrder', direction: 'in', limit: 100_000 });
  const askedAt = Date.now();
  const clock = await sim.clock();
  return {
    ...tables,
    audit: await readAudit(info.databaseUrl),
    workflows: await readWorkflows(product, tables.orders),
    broker: {
      orders: await sim.orders(),
      executions: await sim.executions(),
      frames: await sim.frames(),
      placements: journal.entries.filter(({ fields }) => fields['whatIf'] !== true),
      accounts: await sim.accounts(),
    },
    opening,
    exchangeAheadMs: Date.parse(clock.now) - askedAt,
    secrets: [product.agentKey, readFileSync(info.gatewaySecretFile, 'utf8').trim()],
    logs: readLogs(info.logsDir),
  };
}

const ms = (column: string, alias: string): string =>
  `(extract(epoch FROM ${column}) * 1000)::float8 AS "${alias}"`;

async function readTables(
  databaseUrl: string,
): Promise<Pick<Evidence, 'orders' | 'submissions' | 'approvals' | 'decisions' | 'reservations'>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const read = async <Row>(text: string): Promise<Row[]> =>
    (await client.query(text)).rows as Row[];
  try {
    return {
      orders: await read<OrderRow>(`
        SELECT intent_id AS "intentId", proposer, account, state, quantity::text, filled::text,
          commission::text FROM orders JOIN intents USING (intent_id)`),
      submissions: await read<SubmissionRow>(`
        SELECT intent_id AS "intentId", approval_id AS "approvalId", client_id AS "clientId",
          order_id::int AS "orderId", ${ms('claimed_at', 'claimedAtMs')}, outcome FROM submissions`),
      approvals: await read<ApprovalRow>(`
        SELECT approval_id AS "approvalId", intent_id AS "intentId", status, envelope,
          envelope_hash AS "envelopeHash", required, ${ms('expires_at', 'expiresAtMs')},
          ${ms('execute_by', 'executeByMs')} FROM approvals`),
      decisions: await read<DecisionRow>(`
        SELECT approval_id AS "approvalId", decision, principal, ${ms('at', 'atMs')},
          ${ms('consumed_at', 'consumedAtMs')} FROM decisions`),
      reservations: await read<ReservationRow>(`
        SELECT intent_id AS "intentId", quantity::text, notional::text,
          ${ms('released_at', 'releasedAtMs')} FROM reservations`),
    };
  } finally {
    await client.end();
  }
}

async function readAudit(databaseUrl: string): Promise<AuditEvent[]> {
  const store = await createPgStore({ databaseUrl, poolSize: 1 });
  try {
    return await Array.fromAsync(store.audit.stream());
  } finally {
    await store.close();
  }
}

async function readWorkflows(
  { info }: Product,
  orders: readonly OrderRow[],
): Promise<Evidence['workflows']> {
  const connection = await Connection.connect({ address: info.temporalAddress });
  const client = new Client({ connection, namespace: info.temporalNamespace });
  try {
    return await Promise.all(
      orders.map(async ({ intentId }) => {
        const { status } = await client.workflow.getHandle(`order-${intentId}`).describe();
        return { intentId, status: status.name };
      }),
    );
  } finally {
    await connection.close();
  }
}

function readLogs(dir: string): string {
  return readdirSync(dir)
    .map((name) => readFileSync(join(dir, name), 'utf8'))
    .join('\n');
}
