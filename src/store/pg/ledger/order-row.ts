import type { Actor, AuditEventType, NewAuditEvent } from '../../../domain/audit/event.ts';
import type { Breach } from '../../../domain/approval/breaches.ts';
import { GatewayError } from '../../../domain/errors.ts';
import type { AccountId, IntentId } from '../../../domain/ids.ts';
import {
  isTerminal,
  transition,
  type OrderEvent,
  type OrderState,
} from '../../../domain/order/lifecycle.ts';
import type { Instant } from '../../../domain/time/instant.ts';
import type { StoredIntent } from '../../port/ledger.ts';
import type { Session } from '../connection.ts';
import { sql } from '../statement.ts';

/**
 * The row of an order and how it moves. Lock order of every transaction: account, agent, order row, order ids,
 * audit chain; whoever holds the order row may read its approvals, decisions and submission without locks of their own.
 */
export type OrderRow = StoredIntent & {
  readonly state: OrderState;
  readonly round: number;
  readonly filled: string;
};

/** Columns of `intents i` that make a `StoredIntent`. */
export const intentColumns = `i.intent_id AS "intentId", i.proposer,
  i.idempotency_key AS "idempotencyKey", i.body_hash AS "bodyHash", i.terms, i.contract, i.reason,
  i.strategy_tag AS "strategyTag", i.valid_for_ms AS "validForMs", i.proposed_at AS "proposedAt"`;

const accountLock = sql(`
  SELECT pg_advisory_xact_lock_shared(4851, 3),
    pg_advisory_xact_lock(hashtextextended('account:' || account, 0)),
    pg_advisory_xact_lock(hashtextextended('agent:' || proposer, 0))
  FROM intents WHERE intent_id = $1`);
const namedAccountLock = sql(
  `SELECT pg_advisory_xact_lock(hashtextextended('account:' || $1::text, 0))`,
);
const orderLock = sql<OrderRow>(`
  SELECT ${intentColumns}, o.state, o.round, o.filled
  FROM orders o JOIN intents i USING (intent_id)
  WHERE o.intent_id = $1 FOR UPDATE OF o`);
const move = sql(`
  WITH released AS (
    UPDATE reservations SET released_at = clock_timestamp(), ended_at = $4
    WHERE intent_id = $1 AND $3 AND released_at IS NULL
  )
  UPDATE orders SET state = $2, version = version + 1, updated_at = clock_timestamp(),
    decline_reason = coalesce($5, decline_reason), breaches = coalesce($6, breaches)
  WHERE intent_id = $1`);

/**
 * Serialises gates and claims of the intent's account, and of its proposer over all accounts, until the transaction
 * ends: limits are the account's, budgets the agent's. The policy in force cannot change until then. False = no such intent.
 */
export async function lockAccount(session: Session, intentId: IntentId): Promise<boolean> {
  return (await session.rows(accountLock, [intentId])).length === 1;
}

/** Waits for gates and claims of the account that are under way, and keeps others waiting. */
export async function lockAccountNamed(session: Session, account: AccountId): Promise<void> {
  await session.rows(namedAccountLock, [account]);
}

/** The order with its row locked until the transaction ends; null = no such intent. */
export async function lockOrder(session: Session, intentId: IntentId): Promise<OrderRow | null> {
  return (await session.rows(orderLock, [intentId]))[0] ?? null;
}

/** Throws NOT_FOUND where there is nothing. */
export function found<T>(thing: T | null | undefined, what: string): T {
  if (thing === null || thing === undefined)
    throw new GatewayError('NOT_FOUND', `there is no such ${what}`);
  return thing;
}

/** The state after `event`. An illegal transition here is a bug. */
export function next(order: Pick<OrderRow, 'intentId' | 'state'>, event: OrderEvent): OrderState {
  const state = transition(order.state, event);
  if (state === null) throw new Error(`${order.intentId}: ${event} in state ${order.state}`);
  return state;
}

type Change = {
  readonly declineReason?: string | null;
  readonly breaches?: readonly Breach[];
  /** The gateway process's clock at the broker's last word. */
  readonly endedAt?: Instant | null;
};

/**
 * Moves a locked order. In a terminal state its reservation is released, in this same statement; a stale order
 * goes on holding its part of the limits until the next gate round decides.
 */
export async function moveOrder(
  session: Session,
  order: Pick<OrderRow, 'intentId' | 'state'>,
  event: OrderEvent,
  change: Change = {},
): Promise<OrderState> {
  const state = next(order, event);
  await session.rows(move, [
    order.intentId,
    state,
    isTerminal(state),
    change.endedAt ?? null,
    change.declineReason ?? null,
    change.breaches === undefined ? null : JSON.stringify(change.breaches),
  ]);
  return state;
}

/** An audit event about an order; the intent id ties together what one proposal caused. */
export function orderEvent(
  type: AuditEventType,
  actor: Actor,
  intentId: IntentId,
  payload: Readonly<Record<string, unknown>>,
): NewAuditEvent {
  return { type, version: 1, actor, correlationId: intentId, intentId, payload };
}
