import type { ApprovalStatus, DecisionInput, DecisionReceipt } from '../../port/ledger.ts';
import { appendAudit } from '../audit.ts';
import type { Database, Session } from '../connection.ts';
import { sql } from '../statement.ts';
import { storable } from '../text.ts';
import { transaction } from '../transaction.ts';
import { intentOfApproval, readApproval, settleApproval } from './approval-row.ts';
import type { ApprovalRow, DecisionRow } from './approval-row.ts';
import { found, lockOrder, moveOrder, orderEvent, type OrderRow } from './order-row.ts';

type Refusal = Extract<DecisionReceipt, { kind: 'refused' }>;
type Recorded = Extract<DecisionReceipt, { kind: 'recorded' }>;

const insert = sql(`
  INSERT INTO decisions (decision_id, approval_id, decision, principal, channel, envelope_hash,
    reason, at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`);

/**
 * Records what a person decided, or refuses and says who was first. The order's lock makes decisions, expiry,
 * withdrawal and claim of one order happen one after the other; a refusal is audited like a decision. The same
 * decision id again gives the same receipt.
 */
export function recordDecision(database: Database, given: DecisionInput): Promise<DecisionReceipt> {
  const input = storable(given);
  const { approvalId } = input;
  return transaction<DecisionReceipt>(database, async (session) => {
    const intentId = await intentOfApproval(session, approvalId);
    if (intentId === null || (input.intentId ?? intentId) !== intentId) {
      return refuse(session, input, null, { code: 'NOT_FOUND', status: null, winner: null });
    }
    const order = found(await lockOrder(session, intentId), 'intent');
    const approval = await readApproval(session, approvalId);
    const { decisions: earlier } = approval;
    if (earlier.some(({ decisionId }) => decisionId === input.decisionId)) {
      return receipt(input, order, approval.status, order.state);
    }
    const code =
      personRefusal(input, order, approval) ??
      statusRefusal(approval) ??
      openRefusal(input, approval);
    if (code !== null) {
      const winner = winnerOf(approval.status, input, earlier);
      return refuse(session, input, intentId, { code, status: approval.status, winner });
    }
    return record(session, input, order, approval);
  });
}

/** What no state of the request could make right. */
function personRefusal(
  input: DecisionInput,
  order: OrderRow,
  approval: ApprovalRow,
): Refusal['code'] | null {
  if (input.principal === order.proposer) return 'APPROVER_IS_PROPOSER';
  if (/^(agt|sys)_/.test(input.principal) || input.actor.kind === 'agent') return 'FORBIDDEN';
  const named = input.envelopeHash;
  if (named === null && input.channel === 'temporal') return null;
  return named === approval.envelopeHash ? null : 'ENVELOPE_MISMATCH';
}

function statusRefusal({ status, isExpired }: ApprovalRow): Refusal['code'] | null {
  switch (status) {
    case 'open':
      return isExpired ? 'APPROVAL_EXPIRED' : null;
    case 'granted':
    case 'declined':
    case 'consumed':
      return 'APPROVAL_DECIDED';
    case 'expired':
      return 'APPROVAL_EXPIRED';
    case 'withdrawn':
      return 'APPROVAL_WITHDRAWN';
    case 'stale':
      return 'APPROVAL_SUPERSEDED';
    case 'halted':
      return 'TRADING_HALTED';
  }
}

/** One voice per person; and nobody grants while trading is halted, though declining stays possible. */
function openRefusal(input: DecisionInput, approval: ApprovalRow): Refusal['code'] | null {
  if (approval.status !== 'open' || input.decision === 'deny') return null;
  if (approval.decisions.some(({ principal }) => principal === input.principal))
    return 'APPROVAL_DECIDED';
  return approval.isHalted ? 'TRADING_HALTED' : null;
}

async function record(
  session: Session,
  input: DecisionInput,
  order: OrderRow,
  approval: ApprovalRow,
): Promise<Recorded> {
  const { approvalId, decisionId, decision, principal, channel, reason, actor } = input;
  const { intentId } = order;
  // The instant that was compared with the expiry is the instant of the decision.
  await session.rows(insert, [
    decisionId,
    approvalId,
    decision,
    principal,
    channel,
    input.envelopeHash,
    reason,
    approval.now,
  ]);
  const grants = approval.decisions.filter((row) => row.decision === 'grant').length + 1;
  const status = decision === 'deny' ? 'declined' : grants < approval.required ? 'open' : 'granted';
  let { state } = order;
  if (status !== 'open') {
    await settleApproval(session, approval, status, decisionId);
    state =
      status === 'granted'
        ? await moveOrder(session, order, 'Granted')
        : await moveOrder(session, order, 'Declined', { declineReason: reason });
  }
  const payload = {
    approvalId,
    decisionId,
    principal,
    channel,
    reason,
    envelopeHash: approval.envelopeHash,
    status,
    ...(decision === 'grant' ? { grants, required: approval.required } : {}),
  };
  const type = decision === 'grant' ? 'ApprovalGranted' : 'ApprovalDeclined';
  await appendAudit(session, [orderEvent(type, actor, intentId, payload)], intentId);
  return receipt(input, order, status, state);
}

function receipt(
  { approvalId, decisionId }: DecisionInput,
  { intentId }: OrderRow,
  status: ApprovalStatus,
  state: OrderRow['state'],
): Recorded {
  return { kind: 'recorded', intentId, approvalId, decisionId, status, state };
}

/** The decision that settled the request: the one denial, or the grant that made the quorum. */
function winnerOf(
  status: ApprovalStatus,
  input: DecisionInput,
  earlier: readonly DecisionRow[],
): Refusal['winner'] {
  if (status === 'withdrawn') return null;
  const winner =
    status === 'open'
      ? earlier.find(({ principal }) => principal === input.principal)
      : (earlier.find(({ decision }) => decision === 'deny') ?? earlier.at(-1));
  if (winner === undefined) return null;
  const { decision, principal, at } = winner;
  return { decision, principal, at };
}

async function refuse(
  session: Session,
  input: DecisionInput,
  intentId: OrderRow['intentId'] | null,
  refusal: Omit<Refusal, 'kind'>,
): Promise<Refusal> {
  const { approvalId, decisionId, decision, principal, channel, actor } = input;
  await appendAudit(session, [
    {
      type: 'DecisionRefused',
      version: 1,
      actor,
      correlationId: intentId ?? approvalId,
      intentId,
      payload: { approvalId, decisionId, decision, principal, channel, ...refusal },
    },
  ]);
  return { kind: 'refused', ...refusal };
}
