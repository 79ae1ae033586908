import type { ApprovalId, DecisionId, IntentId, PrincipalId } from '../../../domain/ids.ts';
import type { ApprovalEnvelope, EnvelopeHash } from '../../../domain/order/envelope.ts';
import type { Instant } from '../../../domain/time/instant.ts';
import type { ApprovalStatus } from '../../port/ledger.ts';
import type { Session } from '../connection.ts';
import { sql } from '../statement.ts';

/** An approval as read under its order's lock. The two flags are judged by the database clock at the reading. */
export type ApprovalRow = {
  readonly approvalId: ApprovalId;
  readonly intentId: IntentId;
  readonly status: ApprovalStatus;
  readonly envelopeText: string;
  readonly envelopeHash: EnvelopeHash;
  readonly required: number;
  readonly expiresAt: Instant;
  readonly now: Instant;
  /** The clock has passed `expiresAt`: no decision counts any more. */
  readonly isExpired: boolean;
  /** The clock has passed `executeBy`: it may not be claimed any more. */
  readonly isTooLate: boolean;
};

export type DecisionRow = {
  readonly decisionId: DecisionId;
  readonly decision: 'grant' | 'deny';
  readonly principal: PrincipalId;
  readonly channel: 'http' | 'cli' | 'temporal';
  readonly envelopeHash: EnvelopeHash | null;
  readonly at: Instant;
  /** Written while the approval was open and in time, and not used up. */
  readonly counts: boolean;
};

const intentOf = sql<{ intentId: IntentId }>(
  'SELECT intent_id AS "intentId" FROM approvals WHERE approval_id = $1',
);
const select = sql<ApprovalRow>(`
  SELECT approval_id AS "approvalId", intent_id AS "intentId", status, envelope AS "envelopeText",
    envelope_hash AS "envelopeHash", required, expires_at AS "expiresAt",
    clock.now, clock.now > expires_at AS "isExpired", clock.now > execute_by AS "isTooLate"
  FROM approvals, (SELECT clock_timestamp() AS now) clock WHERE approval_id = $1`);
const decisions = sql<DecisionRow>(`
  SELECT d.decision_id AS "decisionId", d.decision, d.principal, d.channel,
    d.envelope_hash AS "envelopeHash", d.at, d.consumed_at IS NULL AND d.at <= a.expires_at AS counts
  FROM decisions d JOIN approvals a USING (approval_id)
  WHERE approval_id = $1 ORDER BY d.at, d.decision_id`);
const settle = sql<{ approvalId: ApprovalId }>(`
  UPDATE approvals SET status = $3, settled_at = clock_timestamp(),
    settled_by = coalesce($4, settled_by)
  WHERE approval_id = $1 AND status = $2 RETURNING approval_id AS "approvalId"`);

/** Whose approval it is, read without a lock (it never changes). */
export async function intentOfApproval(
  session: Session,
  approvalId: ApprovalId,
): Promise<IntentId | null> {
  return (await session.rows(intentOf, [approvalId]))[0]?.intentId ?? null;
}

export async function readApproval(session: Session, approvalId: ApprovalId): Promise<ApprovalRow> {
  const [row] = await session.rows(select, [approvalId]);
  if (row === undefined) throw new Error(`${approvalId} has an intent but no row`);
  return row;
}

/** Oldest first. */
export function readDecisions(
  session: Session,
  approvalId: ApprovalId,
): Promise<readonly DecisionRow[]> {
  return session.rows(decisions, [approvalId]);
}

/** Moves an approval on from the status it was read with, under its order's lock. */
export async function settleApproval(
  session: Session,
  approval: Pick<ApprovalRow, 'approvalId' | 'status'>,
  status: ApprovalStatus,
  by: DecisionId | null = null,
): Promise<void> {
  const { approvalId } = approval;
  const settled = await session.rows(settle, [approvalId, approval.status, status, by]);
  if (settled.length !== 1) throw new Error(`${approvalId} is no longer ${approval.status}`);
}

export function envelopeOf(approval: Pick<ApprovalRow, 'envelopeText'>): ApprovalEnvelope {
  return JSON.parse(approval.envelopeText) as ApprovalEnvelope;
}
