import type { ApprovalId, DecisionId, IntentId, PrincipalId } from '../../../domain/ids.ts';
import type { ApprovalEnvelope, EnvelopeHash } from '../../../domain/order/envelope.ts';
import type { Instant } from '../../../domain/time/instant.ts';
import type { ApprovalStatus } from '../../port/ledger.ts';
import type { Session } from '../connection.ts';
import { sql } from '../statement.ts';
import { instantText } from '../time.ts';

/**
 * An approval with all that is judged together with it, read in one statement under its order's lock; the flags
 * of time are judged by the database clock at the reading.
 */
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
  /** The kill switch is active, or its state is missing. */
  readonly isHalted: boolean;
  /** Its intent has been claimed, by whichever approval. */
  readonly isClaimed: boolean;
  /** Oldest first. */
  readonly decisions: readonly DecisionRow[];
};

export type DecisionRow = {
  readonly decisionId: DecisionId;
  readonly decision: 'grant' | 'deny';
  readonly principal: PrincipalId;
  readonly channel: 'http' | 'cli' | 'temporal' | 'policy';
  readonly envelopeHash: EnvelopeHash | null;
  readonly at: Instant;
  /** Written while the approval was open and in time, and not used up. */
  readonly counts: boolean;
};

const intentOf = sql<{ intentId: IntentId }>(
  'SELECT intent_id AS "intentId" FROM approvals WHERE approval_id = $1',
);
const select = sql<ApprovalRow>(`
  SELECT a.approval_id AS "approvalId", a.intent_id AS "intentId", a.status,
    a.envelope AS "envelopeText", a.envelope_hash AS "envelopeHash", a.required,
    a.expires_at AS "expiresAt", clock.now, clock.now > a.expires_at AS "isExpired",
    clock.now > a.execute_by AS "isTooLate",
    NOT EXISTS (SELECT FROM trading_state WHERE state = 'released') AS "isHalted",
    EXISTS (SELECT FROM submissions s WHERE s.intent_id = a.intent_id) AS "isClaimed",
    (SELECT coalesce(json_agg(json_build_object('decisionId', d.decision_id, 'decision', d.decision,
        'principal', d.principal, 'channel', d.channel, 'envelopeHash', d.envelope_hash,
        'at', ${instantText('d.at')},
        'counts', d.consumed_at IS NULL AND d.at <= a.expires_at) ORDER BY d.at, d.decision_id), '[]')
      FROM decisions d WHERE d.approval_id = a.approval_id) AS decisions
  FROM approvals a, (SELECT clock_timestamp() AS now) clock WHERE a.approval_id = $1`);
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
