import type { AuditEvent, NewAuditEvent } from '../../domain/audit/event.ts';
import { canonicalJson } from '../../domain/order/envelope.ts';
import type { AuditFilter, AuditLog } from '../port/audit.ts';
import type { Database, Session } from './connection.ts';
import { sql } from './statement.ts';
import { storable } from './text.ts';
import { transaction } from './transaction.ts';

const append = sql('SELECT append_audit($1::text[])');
const appendAndNotify = sql("SELECT append_audit($1::text[]), pg_notify('order_changed', $2)");

const columns = `seq, at, body, previous_hash AS "previousHash", hash,
  json_build_object('type', type, 'correlationId', correlation_id, 'intentId', intent_id,
    'actorKind', actor_kind, 'actorId', actor_id, 'actorChannel', actor_channel) AS columns`;
const select = sql<AuditEvent>(`
  SELECT ${columns} FROM audit_events
  WHERE seq > $1
    AND ($2::text IS NULL OR intent_id = $2)
    AND ($3::text IS NULL OR correlation_id = $3)
    AND ($4::text IS NULL OR type = $4)
  ORDER BY seq LIMIT $5`);
const batch = sql<AuditEvent>(
  `SELECT ${columns} FROM audit_events WHERE seq > $1 ORDER BY seq LIMIT $2`,
);
const lastRow = sql<{ seq: number; hash: string }>(
  'SELECT seq, hash FROM audit_events ORDER BY seq DESC LIMIT 1',
);

const batchSize = 1000;
const noHash = '0'.repeat(64);

/**
 * Chains the events of a transaction, all in one call and as its last statement: the chain's lock is held from
 * here to the COMMIT. With `changedIntent` it also wakes those who wait for that order.
 */
export async function appendAudit(
  session: Session,
  events: readonly NewAuditEvent[],
  changedIntent?: string,
): Promise<void> {
  const bodies = auditBodies(events);
  if (changedIntent === undefined) await session.rows(append, [bodies]);
  else await session.rows(appendAndNotify, [bodies, changedIntent]);
}

/** The texts that are chained, for a statement that calls `append_audit` itself. */
export function auditBodies(events: readonly NewAuditEvent[]): readonly string[] {
  return events.map((event) => canonicalJson(storable(event)));
}

/** The audit log of the store port. */
export function auditLog(database: Database): AuditLog {
  return {
    append: (events) => transaction(database, (session) => appendAudit(session, events)),
    query: (filter: AuditFilter) =>
      database.rows(select, [
        filter.afterSeq ?? 0,
        filter.intentId ?? null,
        filter.correlationId ?? null,
        filter.type ?? null,
        filter.limit,
      ]),
    stream: (afterSeq = 0) => stream(database, afterSeq),
    async head() {
      const [last] = await database.rows(lastRow);
      return last ?? { seq: 0, hash: noHash };
    },
  };
}

async function* stream(database: Database, afterSeq: number): AsyncIterable<AuditEvent> {
  for (let last = afterSeq; ;) {
    const events = await database.rows(batch, [last, batchSize]);
    yield* events;
    const end = events.at(-1);
    if (end === undefined || events.length < batchSize) return;
    last = end.seq;
  }
}
