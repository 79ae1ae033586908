import type { Claim } from '../../../domain/approval/approved-order.ts';
import type { Breach } from '../../../domain/approval/breaches.ts';
import type { DecisionId } from '../../../domain/ids.ts';
import type { GateFacts } from '../../../domain/risk/facts.ts';
import type { NewAuditEvent } from '../../../domain/audit/event.ts';
import type { OrderEvent } from '../../../domain/order/lifecycle.ts';
import type { GateEvaluation, SubmitInput, SubmitOutcome } from '../../port/ledger.ts';
import { appendAudit } from '../audit.ts';
import type { Session } from '../connection.ts';
import { requirePolicy } from '../policies.ts';
import { sql } from '../statement.ts';
import { envelopeOf, readApproval, settleApproval } from './approval-row.ts';
import type { ApprovalRow } from './approval-row.ts';
import { endBreached } from './breached.ts';
import { autoBreaches, sysAuto } from './auto-approval.ts';
import { readGateFacts } from './facts.ts';
import { gateEvaluated, latch } from './gate.ts';
import { found, lockAccount, lockOrder, moveOrder, next, orderEvent } from './order-row.ts';
import type { OrderRow } from './order-row.ts';

const breachesOf = sql<{ breaches: readonly Breach[] | null }>(
  'SELECT breaches FROM orders WHERE intent_id = $1',
);
// All of the claim's rows in one statement. Its last part depends on the approval having been granted still.
const writeClaim = sql<{ orderId: number }>(`
  WITH taken AS (
    INSERT INTO order_ids AS ids (client_id, last_id) VALUES ($4, $5)
    ON CONFLICT (client_id) DO UPDATE SET last_id = greatest(ids.last_id + 1, excluded.last_id)
    RETURNING last_id
  ), consumed AS (
    UPDATE decisions SET consumed_at = $6 WHERE decision_id = ANY($7::text[])
  ), settled AS (
    UPDATE approvals SET status = 'consumed', settled_at = clock_timestamp()
    WHERE approval_id = $2 AND status = 'granted' RETURNING approval_id
  ), moved AS (
    UPDATE orders SET state = $8, version = version + 1, updated_at = clock_timestamp()
    WHERE intent_id = $1
  )
  INSERT INTO submissions (intent_id, approval_id, account, client_id, order_id, claimed_at)
  SELECT $1, approval_id, $3, $4, last_id, $6 FROM taken, settled
  RETURNING order_id AS "orderId"`);

/** A committed claim, or the outcome that kept it from being one. */
export type ClaimOutcome =
  { readonly kind: 'claimed'; readonly claim: Claim } | Exclude<SubmitOutcome, { kind: 'sent' }>;

/**
 * The claim, inside one transaction: consumes the decisions of one approval for one order id, if everything that
 * was signed still holds on fresh facts. At most one claim per intent ever commits.
 */
export async function claim(session: Session, input: SubmitInput): Promise<ClaimOutcome> {
  const { intentId, approvalId } = input;
  await lockAccount(session, intentId);
  const order = found(await lockOrder(session, intentId), 'intent');
  const approval = await readApproval(session, approvalId);
  if (approval.intentId !== intentId) throw new Error(`${approvalId} is not of ${intentId}`);
  if (approval.isClaimed) return { kind: 'claimed-before' };
  const ended = await endedBefore(session, order, approval);
  if (ended !== null) return ended;
  if (approval.isHalted) {
    await end(session, input, { order, approval }, 'halted');
    return { kind: 'halted' };
  }
  if (approval.isTooLate) {
    await end(session, input, { order, approval }, 'expired');
    return { kind: 'expired' };
  }
  const decisions = countingGrants(order, approval);
  if (decisions.length < approval.required) return { kind: 'not-granted', status: approval.status };
  return judge(session, input, { order, approval, decisions });
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
      const kind = order.state === 'Denied' ? 'denied' : 'stale';
      return { kind, breaches: row?.breaches ?? [] };
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

/** Unused grants in time for this very envelope, of others than the proposer, one each; the policy's counts alone. */
function countingGrants(order: OrderRow, approval: ApprovalRow): readonly DecisionId[] {
  const byPerson = new Map<string, DecisionId>();
  for (const row of approval.decisions) {
    const isPolicy = row.channel === 'policy';
    // What is never written is never believed either: the policy has its own channel, and is nobody's second vote.
    if (isPolicy !== (row.principal === sysAuto)) continue;
    if (isPolicy && approval.required !== 1) continue;
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
  context: Context & { readonly decisions: readonly DecisionId[] },
): Promise<ClaimOutcome> {
  const { order, approval, decisions } = context;
  const envelope = envelopeOf(approval);
  const facts = await readGateFacts(session, order, input.brokerFacts, 'claim');
  const evaluation = input.evaluate(order.terms, facts);
  await requirePolicy(session, evaluation.verdict.policyHash);
  const found = withDenial(input.findBreaches(envelope, facts, evaluation.verdict), evaluation);
  const breaches = [
    ...found,
    ...(await policyBreaches(session, input, context, facts, evaluation)),
  ];
  const latched = await latch(session, input, order, evaluation);
  const evaluated = [gateEvaluated(input, 'claim', facts, evaluation), ...latched];
  if (breaches.length > 0) {
    const { outcome, events } = await endBreached(session, input, { order, approval, breaches });
    await appendAudit(session, [...evaluated, ...events], order.intentId);
    return outcome;
  }
  const claimedAt = approval.now;
  const [written] = await session.rows(writeClaim, [
    order.intentId,
    approval.approvalId,
    order.terms.account,
    input.clientId,
    input.nextValidId,
    claimedAt,
    decisions,
    next(order, 'Claimed'),
  ]);
  if (written === undefined) throw new Error(`${approval.approvalId} is no longer granted`);
  const { orderId } = written;
  await appendAudit(session, [...evaluated, claimed(input, context, orderId)], order.intentId);
  const { envelopeHash: signedHash } = approval;
  return {
    kind: 'claimed',
    claim: { envelope, signedHash, decisionIds: decisions, orderId, claimedAt },
  };
}

/** A policy's grant must still be one that the policy gives. */
async function policyBreaches(
  session: Session,
  { autoApproval }: SubmitInput,
  { order, approval, decisions }: Context & { readonly decisions: readonly DecisionId[] },
  facts: GateFacts,
  evaluation: GateEvaluation,
): Promise<readonly Breach[]> {
  const isByPolicy = approval.decisions.some(
    ({ decisionId, channel }) => channel === 'policy' && decisions.includes(decisionId),
  );
  if (!isByPolicy) return [];
  return autoBreaches(session, autoApproval, approval.approvalId, {
    ...{ order, facts, evaluation, round: order.round, isHalted: approval.isHalted },
    requiredApprovals: approval.required,
  });
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
  if (verdict.outcome !== 'deny' || breaches.length > 0) return breaches;
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
