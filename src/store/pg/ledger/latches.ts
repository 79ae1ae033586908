import { randomBytes } from 'node:crypto';
import type { Actor, NewAuditEvent } from '../../../domain/audit/event.ts';
import { makeId, type AccountId, type IntentId, type LatchId } from '../../../domain/ids.ts';
import type { Verdict } from '../../../domain/risk/rule.ts';
import type { LimitBreach, StoredLatch } from '../../port/limits.ts';
import { appendAudit } from '../audit.ts';
import type { Database, Session } from '../connection.ts';
import { sql } from '../statement.ts';
import { storable } from '../text.ts';
import { transaction } from '../transaction.ts';
import { restartMarks } from './equity-marks.ts';
import { lockAccountNamed } from './order-row.ts';

/**
 * Latches: a rule that has stopped trading stays stopped, over restarts, until an operator releases it. At most one
 * is active per account, rule and scope; setting it again changes nothing.
 */

const insert = sql<{ latchId: LatchId; rule: string; scope: string }>(`
  INSERT INTO latches (latch_id, account, rule, scope, observed, limit_text, set_by)
  SELECT latch_id, $1, rule, scope, observed, limit_text, $2
  FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
    AS breach (latch_id, rule, scope, observed, limit_text)
  ON CONFLICT (account, rule, scope) WHERE released_at IS NULL DO NOTHING
  RETURNING latch_id AS "latchId", rule, scope`);

type LatchRow = Omit<StoredLatch, 'released'> & {
  readonly releasedAt: NonNullable<StoredLatch['released']>['at'] | null;
  readonly releasedBy: string;
  readonly releaseReason: string;
};
const columns = `latch_id AS "latchId", account, rule, scope, observed, limit_text AS "limit",
  set_at AS since, set_by AS "setBy", released_at AS "releasedAt", released_by AS "releasedBy",
  release_reason AS "releaseReason"`;
const active = sql<LatchRow>(`
  SELECT ${columns} FROM latches
  WHERE released_at IS NULL AND ($1::text IS NULL OR account = $1) ORDER BY set_at, latch_id`);
const byId = sql<LatchRow>(`SELECT ${columns} FROM latches WHERE latch_id = $1`);
const release = sql<LatchRow>(`
  UPDATE latches SET released_at = clock_timestamp(), released_by = $2, release_reason = $3
  WHERE latch_id = $1 AND released_at IS NULL RETURNING ${columns}`);

/** What a verdict latches. */
export function latchedBy({ rules }: Pick<Verdict, 'rules'>): readonly LimitBreach[] {
  return rules.flatMap((answer) =>
    answer.outcome === 'deny' && answer.latch !== undefined
      ? [
          {
            ...{ rule: answer.rule, scope: answer.latch },
            ...{ observed: answer.observed, limit: answer.limit },
          },
        ]
      : [],
  );
}

type Setting = {
  readonly account: AccountId;
  readonly actor: Actor;
  /** The intent whose verdict it was; null = the monitor. */
  readonly intentId: IntentId | null;
};

/** Sets what is not set yet, in the caller's transaction, which appends the events that are returned. */
export async function setLatches(
  session: Session,
  breaches: readonly LimitBreach[],
  { account, actor, intentId }: Setting,
): Promise<readonly NewAuditEvent[]> {
  if (breaches.length === 0) return [];
  const setBy = intentId ?? 'monitor';
  const inserted = await session.rows(insert, [
    account,
    setBy,
    breaches.map(() => makeId('lch', randomBytes(20))),
    breaches.map(({ rule }) => rule),
    breaches.map(({ scope }) => storable(scope)),
    breaches.map(({ observed }) => storable(observed)),
    breaches.map(({ limit }) => limit),
  ]);
  return inserted.map(({ latchId, rule, scope }) => {
    const breach = breaches.find((each) => each.rule === rule && storable(each.scope) === scope);
    return {
      ...{ type: 'RiskLatched', version: 1, actor, correlationId: intentId ?? latchId, intentId },
      payload: { latchId, account, setBy, ...breach },
    };
  });
}

/** As the port says. */
export function latchAccount(
  database: Database,
  account: AccountId,
  breaches: readonly LimitBreach[],
  actor: Actor,
): Promise<readonly LatchId[]> {
  return transaction(database, async (session) => {
    await lockAccountNamed(session, account);
    const events = await setLatches(session, breaches, { account, actor, intentId: null });
    if (events.length > 0) await appendAudit(session, events);
    return events.map(({ payload }) => payload['latchId'] as LatchId);
  });
}

/** As the port says. */
export async function readLatches(
  session: Session,
  account?: AccountId,
): Promise<readonly StoredLatch[]> {
  return (await session.rows(active, [account ?? null])).map(storedLatch);
}

/** As the port says. */
export function releaseLatch(
  database: Database,
  latchId: LatchId,
  reason: string,
  actor: Actor,
): Promise<StoredLatch | null> {
  return transaction(database, async (session) => {
    const [released] = await session.rows(release, [latchId, actor.id, storable(reason)]);
    if (released === undefined) {
      const [earlier] = await session.rows(byId, [latchId]);
      return earlier === undefined ? null : storedLatch(earlier);
    }
    const { account, rule, scope } = released;
    const marks = rule === drawdownRule ? await restartMarks(session, account) : null;
    await appendAudit(session, [
      {
        ...{ type: 'LatchReleased', version: 1, actor, correlationId: latchId, intentId: null },
        payload: { latchId, account, rule, scope, reason, ...(marks === null ? {} : { marks }) },
      },
    ]);
    return storedLatch(released);
  });
}

/** The rule that judges by the marks of the equity. */
const drawdownRule = 'R11';

function storedLatch({ releasedAt, releasedBy, releaseReason, ...row }: LatchRow): StoredLatch {
  return {
    ...row,
    released:
      releasedAt === null ? null : { at: releasedAt, by: releasedBy, reason: releaseReason },
  };
}
