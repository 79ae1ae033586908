import { z } from 'zod';
import { orderSummary } from '../../domain/order/summary.ts';
import type { ApprovalView } from '../../store/port/ledger.ts';
import type { OperationContext } from '../operation.ts';
import { AutoApprovedShape, showAutoApproved } from './auto-approval-view.ts';
import { instant } from './shapes.ts';

/** An approval request as operators see it: the envelope word for word, so that its hash can be checked. */
export const ApprovalShape = z.object({
  approvalId: z.string(),
  intentId: z.string(),
  status: z.enum([
    'open',
    'granted',
    'declined',
    'expired',
    'withdrawn',
    'stale',
    'consumed',
    'halted',
  ]),
  summary: z.string().describe('The order in one sentence, made from the envelope'),
  envelope: z
    .record(z.string(), z.unknown())
    .describe('What is signed; envelopeHash is SHA-256 over its RFC 8785 text'),
  envelopeHash: z.string(),
  requestedAt: instant,
  expiresAt: instant,
  remainingMs: z.number().describe('On the database clock, never negative'),
  decisions: z.array(
    z.object({
      decisionId: z.string(),
      decision: z.enum(['grant', 'deny']),
      principal: z.string(),
      channel: z.string(),
      reason: z.string().nullable(),
      at: instant,
    }),
  ),
  autoApproval: AutoApprovedShape,
  link: z.string(),
});

/** Shows an approval to an operator. */
export function showApproval(
  context: OperationContext,
  view: ApprovalView,
): z.input<typeof ApprovalShape> {
  return {
    ...view,
    summary: orderSummary(view.envelope.terms, view.envelope.contract),
    envelope: { ...view.envelope },
    decisions: [...view.decisions],
    autoApproval: showAutoApproved(view.autoApproved),
    link: context.links.approval(view.approvalId),
  };
}
