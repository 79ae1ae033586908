import type { Claim } from '../../../domain/approval/approved-order.ts';
import type { Breach } from '../../../domain/approval/breaches.ts';
import type { DecisionId } from '../../../domain/ids.ts';
import type { NewAuditEvent } from '../../../domain/audit/event.ts';
import type { GateFacts } from '../../../domain/risk/facts.ts';
import type { OrderEvent } from '../../../domain/order/lifecycle.ts';
import type { GateEvaluation, SubmitInput, SubmitOutcome } from '../../port/ledger.ts';
import { appendAudit } from '../audit.ts';
import type { Session } from '../connection.ts';
import { isHalted } from '../kill-switch.ts';
import { sql } from '../statement.ts';
import { envelopeOf, readApproval, readDecisions, settleApproval } from './approval-row.ts';
import type { ApprovalRow, DecisionRow } from './approval-row.ts';
import { readGateFacts } from './facts.ts';
import { gateEvaluated } from './gate.ts';
import {
  found,
  lockAccount,
  lockOrder,
  moveOrder,
  orderEvent,
  type OrderRow,
} from './order-row.ts';

const claimedBefore = sql('SELECT 1 FROM submissions WHERE intent_id = $1');
const breachesOf = sql<{ breaches: readonly Breach[] | null }>(
  'SELECT breaches FROM orders WHERE intent_id = $1',
);
const takeOrderId = sql<{ orderId: number }>(`
  INSERT INTO order_ids AS ids (client_id, last_id) VALUES ($1, $2)
  ON CONFLICT (client_id) DO UPDATE SET last_id = greatest(ids.last_id + 1, excluded.last_id)
  RETURNING last_id AS "orderId"`);
const insertSubmission = sql(`
  WITH consumed AS (
    UPDATE decisions SET consumed_at = $6 WHERE decision_id = ANY($7::text[])
  )
  INSERT INTO submissions (intent_id, approval_id, account, client_id, order_id, claimed_at)
  VALUES ($1, $2, $3, $4, $5, $6)`);

/** A committed claim, or the outcome that kept it from being one. */
export type ClaimOutcome =
  { readonly kind: 'claimed'; readonly claim: Claim } | Exclude<SubmitOutcome, { kind: 'sent' }>;

/**
 * The claim, inside one transaction: consumes the decisions of one approval for one order id, if everything that
 * was signed still holds on fresh facts. At most one claim per intent ever commits.
 */
export async function claim(session: Session, input: SubmitInput): Promise<ClaimOutcome> {
  const { intentId, approvalId } = input;
  const [, locked] = await Promise.all([
    lockAccount(session, intentId),
    lockOrder(session, intentId),
  ]);
  const order = found(locked, 'intent');
  // Read in one go, all under the locks.
  const [claims, approval, halted, given, facts] = await Promise.all([
    session.rows(claimedBefore, [intentId]),
    readApproval(session, approvalId),
    isHalted(session),
    readDecisions(session, approvalId),
    readGateFacts(session, order, input.brokerFacts),
  ]);
  if (claims.length > 0) return { kind: 'claimed-before' };
  if (approval.intentId !== intentId) throw new Error(`${approvalId} is not of ${intentId}`);
  const ended = await endedBefore(session, order, approval);
  if (ended !== null) return ended;
  if (halted) {
    await end(session, input, { order, approval }, 'halted');
    return { kind: 'halted' };
  }
  if (approval.isTooLate) {
    await end(session, input, { order, approval }, 'expired');
    return { kind: 'expired' };
  }
  const decisions = countingGrants(order, approval, given);
  if (decisions.length < approval.required) return { kind: 'not-granted', status: approval.status };
  return judge(session, input, { order, approval, decisions, facts });
}

/** An approval that is not granted: what it came to, without changing anything. */
async function endedBefore(
  session: Session,
  order: OrderRow,
  { status }: ApprovalRow,
): Promise<ClaimOutcome | null> {
  switch (status) {
    case 'granted':
      return null;
    case 'stale': {
      const [row] = await session.rows(breachesOf, [order.intentId]);
      return { kind: 'stale', breaches: row?.breaches ?? [] };
    }
    case 'halted':
      return { kind: 'halted' };
    case 'expired':
      return { kind: 'expired' };
    case 'open':
    case 'declined':
    case 'withdrawn':
    case 'consumed':
      return { kind: 'not-granted', status };
  }
}

/** Unused grants in time for this very envelope, of people other than the proposer, one each. */
function countingGrants(
  order: OrderRow,
  approval: ApprovalRow,
  decisions: readonly DecisionRow[],
): readonly DecisionId[] {
  const byPerson = new Map<string, DecisionId>();
  for (const row of decisions) {
    const isSame =
      row.envelopeHash === approval.envelopeHash ||
      (row.envelopeHash === null && row.channel === 'temporal');
    if (row.decision === 'grant' && row.counts && isSame && row.principal !== order.proposer)
      byPerson.set(row.principal, row.decisionId);
  }
  return [...byPerson.values()];
}

type Context = { readonly order: OrderRow; readonly approval: ApprovalRow };

async function judge(
  session: Session,
  input: SubmitInput,
  context: Context & { readonly decisions: readonly DecisionId[]; readonly facts: GateFacts },
): Promise<ClaimOutcome> {
  const { order, approval, decisions, facts } = context;
  const envelope = envelopeOf(approval);
  const evaluation = input.evaluate(order.terms, facts);
  const breaches = withDenial(input.findBreaches(envelope, facts, evaluation.verdict), evaluation);
  const evaluated = gateEvaluated(input, 'claim', facts, evaluation);
  if (breaches.length > 0) {
    await settleApproval(session, approval, 'stale');
    await moveOrder(session, order, 'FoundStale', { breaches });
    const stale = orderEvent('ApprovalStale', input.actor, order.intentId, {
      approvalId: approval.approvalId,
      breaches,
    });
    await appendAudit(session, [evaluated, stale], order.intentId);
    return { kind: 'stale', breaches };
  }
  const [taken] = await session.rows(takeOrderId, [input.clientId, input.nextValidId]);
  const { orderId } = found(taken, 'order id');
  const claimedAt = approval.now;
  await Promise.all([
    session.rows(insertSubmission, [
      order.intentId,
      approval.approvalId,
      order.terms.account,
      input.clientId,
      orderId,
      claimedAt,
      decisions,
    ]),
    settleApproval(session, approval, 'consumed'),
    moveOrder(session, order, 'Claimed'),
    appendAudit(session, [evaluated, claimed(input, context, orderId)], order.intentId),
  ]);
  const { envelopeHash: signedHash } = approval;
  return {
    kind: 'claimed',
    claim: { envelope, signedHash, decisionIds: decisions, orderId, claimedAt },
  };
}

function claimed(
  input: SubmitInput,
  { approval, decisions }: Context & { readonly decisions: readonly DecisionId[] },
  orderId: number,
): NewAuditEvent {
  return orderEvent('OrderClaimed', input.actor, input.intentId, {
    approvalId: approval.approvalId,
    envelopeHash: approval.envelopeHash,
    decisionIds: decisions,
    clientId: input.clientId,
    orderId,
    claimedAt: approval.now,
  });
}

/** A gate that denies now is a breach of the verdict that was signed, whatever else was compared. */
function withDenial(
  breaches: readonly Breach[],
  { verdict }: Pick<GateEvaluation, 'verdict'>,
): readonly Breach[] {
  if (verdict.outcome === 'pass' || breaches.length > 0) return breaches;
  return [{ term: 'verdict', signed: 'pass', now: 'deny' }];
}

const endings = {
  halted: { event: 'FoundHalted', type: 'OrderHalted' },
  expired: { event: 'Expired', type: 'ApprovalExpired' },
} as const satisfies Record<string, { event: OrderEvent; type: NewAuditEvent['type'] }>;

async function end(
  session: Session,
  input: SubmitInput,
  { order, approval }: Context,
  status: keyof typeof endings,
): Promise<void> {
  const { event, type } = endings[status];
  const { approvalId } = approval;
  await settleApproval(session, approval, status);
  await moveOrder(session, order, event);
  const ended = orderEvent(type, input.actor, input.intentId, { approvalId, at: 'claim' });
  await appendAudit(session, [ended], input.intentId);
}
