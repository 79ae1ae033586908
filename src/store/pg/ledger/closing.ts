import type { Actor } from '../../../domain/audit/event.ts';
import type { ApprovalId, IntentId } from '../../../domain/ids.ts';
import type { OrderState } from '../../../domain/order/lifecycle.ts';
import { elapsedMs } from '../../../domain/time/instant.ts';
import type { ApprovalStatus, ExpiryOutcome } from '../../port/ledger.ts';
import { appendAudit } from '../audit.ts';
import type { Database } from '../connection.ts';
import { sql } from '../statement.ts';
import { transaction } from '../transaction.ts';
import { intentOfApproval, readApproval, settleApproval } from './approval-row.ts';
import { found, lockOrder, moveOrder, orderEvent } from './order-row.ts';

/** How an open approval ends without a decision, and how the workflow notes that it has seen the end. */

const openApproval = sql<{ approvalId: ApprovalId; status: ApprovalStatus }>(`
  SELECT a.approval_id AS "approvalId", a.status
  FROM orders o JOIN approvals a USING (approval_id) WHERE o.intent_id = $1`);
const statusOf = sql<{ status: ApprovalStatus; isFollowed: boolean }>(`
  SELECT status, followed_at IS NOT NULL AS "isFollowed" FROM approvals WHERE approval_id = $1`);
const markFollowed = sql(`
  UPDATE approvals SET followed_at = clock_timestamp()
  WHERE approval_id = $1 AND followed_at IS NULL`);

/** Takes a proposal back while its approval is open. Taking it back twice is the same as once. */
export function withdraw(
  database: Database,
  intentId: IntentId,
  actor: Actor,
): Promise<{ withdrawn: boolean; state: OrderState } | null> {
  return transaction(database, async (session) => {
    const order = await lockOrder(session, intentId);
    if (order === null) return null;
    if (order.state !== 'AwaitingApproval')
      return { withdrawn: order.state === 'Withdrawn', state: order.state };
    const [approval] = await session.rows(openApproval, [intentId]);
    const open = found(approval, 'approval');
    await settleApproval(session, { ...open, status: 'open' }, 'withdrawn');
    const state = await moveOrder(session, order, 'Withdrawn');
    const { approvalId } = open;
    await appendAudit(
      session,
      [orderEvent('ApprovalWithdrawn', actor, intentId, { approvalId })],
      intentId,
    );
    return { withdrawn: true, state };
  });
}

/**
 * Expires an open approval once the database clock has passed its last instant, and a granted one once it may not be
 * executed any more; never before.
 */
export function expire(
  database: Database,
  approvalId: ApprovalId,
  actor: Actor,
): Promise<ExpiryOutcome> {
  return transaction<ExpiryOutcome>(database, async (session) => {
    const intentId = found(await intentOfApproval(session, approvalId), 'approval');
    const order = found(await lockOrder(session, intentId), 'intent');
    const approval = await readApproval(session, approvalId);
    const { status, expiresAt, now } = approval;
    if (status === 'expired') return { kind: 'expired' };
    // Granted in time, and nobody could claim it in time: no claim stands, or it would be consumed.
    const isLate = status === 'granted' && approval.isTooLate;
    if (status !== 'open' && !isLate) return { kind: 'settled', status };
    if (!approval.isExpired)
      return { kind: 'not-yet', remainingMs: Math.max(1, elapsedMs(now, expiresAt) + 1) };
    await settleApproval(session, approval, 'expired');
    await moveOrder(session, order, 'Expired');
    await appendAudit(
      session,
      [orderEvent('ApprovalExpired', actor, intentId, { approvalId, expiresAt })],
      intentId,
    );
    return { kind: 'expired' };
  });
}

/** A status other than open is marked as seen; a change between the two statements is seen the next time. */
export async function follow(database: Database, approvalId: ApprovalId): Promise<ApprovalStatus> {
  const [row] = await database.rows(statusOf, [approvalId]);
  const { status, isFollowed } = found(row, 'approval');
  if (status !== 'open' && !isFollowed) await database.rows(markFollowed, [approvalId]);
  return status;
}
