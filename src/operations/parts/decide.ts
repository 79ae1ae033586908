import { z } from 'zod';
import { GatewayError } from '../../domain/errors.ts';
import type { ApprovalId } from '../../domain/ids.ts';
import type { EnvelopeHash } from '../../domain/order/envelope.ts';
import type { DecisionReceipt } from '../../store/port/ledger.ts';
import type { OperationContext } from '../operation.ts';
import { State } from './shapes.ts';

/**
 * A human's decision: the row is written first and is what counts, then the workflow is woken. A wake-up that got
 * lost is repeated by the sweeper, so it is reported here and is no failure.
 */
export const DecisionShape = z.object({
  approvalId: z.string(),
  intentId: z.string(),
  decisionId: z.string(),
  decision: z.enum(['grant', 'deny']),
  status: z.string(),
  state: State,
  delivered: z.boolean().describe('Whether the workflow has been told; else it is told in seconds'),
  next: z.string(),
});

export async function decide(
  context: OperationContext,
  decision: 'grant' | 'deny',
  input: { approvalId: ApprovalId; envelopeHash: EnvelopeHash; reason: string | null },
): Promise<z.input<typeof DecisionShape>> {
  const { principal, actor } = context;
  if (principal === null) throw new GatewayError('UNAUTHENTICATED', 'A decision needs a person.');
  const decisionId = context.newId.decision();
  const receipt = await context.store.ledger.recordDecision({
    ...input,
    decisionId,
    decision,
    principal: principal.principalId,
    channel: actor.channel === 'cli' ? 'cli' : 'http',
    actor,
  });
  if (receipt.kind === 'refused') throw refusal(input.approvalId, receipt);
  const { approvalId, intentId, status, state } = receipt;
  const { delivered } = await context.orders.decided(intentId, decision, {
    approvalId,
    decisionId: receipt.decisionId,
  });
  return {
    approvalId,
    intentId,
    decisionId: receipt.decisionId,
    decision,
    status,
    state,
    delivered,
    next:
      decision === 'grant'
        ? 'The order is checked once more and sent: follow it with get_request.'
        : 'The order will not be sent.',
  };
}

type Refusal = Extract<DecisionReceipt, { kind: 'refused' }>;

const templates: Record<Refusal['code'], { message: string; hint: string; pointer: string }> = {
  NOT_FOUND: {
    message: 'There is no such approval request.',
    hint: 'Look at GET /api/v1/approval/pending.',
    pointer: '/approvalId',
  },
  APPROVAL_DECIDED: {
    message: 'This request has been decided already; the first decision stands.',
    hint: 'Nothing is left to do: look at GET /api/v1/approval/{approvalId}.',
    pointer: '/approvalId',
  },
  APPROVAL_EXPIRED: {
    message: 'The time to decide is over.',
    hint: 'The agent may propose the order again.',
    pointer: '/approvalId',
  },
  APPROVAL_WITHDRAWN: {
    message: 'The proposer has withdrawn the request.',
    hint: 'Nothing is left to do.',
    pointer: '/approvalId',
  },
  APPROVAL_SUPERSEDED: {
    message: 'A newer request of the same order has replaced this one.',
    hint: 'Look at GET /api/v1/approval/pending and decide on the newer one.',
    pointer: '/approvalId',
  },
  APPROVER_IS_PROPOSER: {
    message: 'Whoever proposed the order may not approve it.',
    hint: 'Another operator must decide.',
    pointer: '/approvalId',
  },
  ENVELOPE_MISMATCH: {
    message: 'The decision names another envelope than the one that waits.',
    hint: 'Load the request again, read it, and decide with its envelopeHash.',
    pointer: '/envelopeHash',
  },
  TRADING_HALTED: {
    message: 'The kill switch is active: nothing can be approved.',
    hint: 'Release the kill switch first if that is intended.',
    pointer: '',
  },
  FORBIDDEN: {
    message: 'This identity may not decide.',
    hint: 'Log in as an operator with the role operator:approve.',
    pointer: '',
  },
};

function refusal(approvalId: ApprovalId, refused: Refusal): GatewayError {
  const { message, hint, pointer } = templates[refused.code];
  return new GatewayError(refused.code, message, {
    hint,
    problems: pointer === '' ? [] : [{ pointer, message }],
    details: { approvalId, status: refused.status, winner: refused.winner },
  });
}
