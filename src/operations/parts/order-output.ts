import { z } from 'zod';
import { orderSummary } from '../../domain/order/summary.ts';
import type { OrderView } from '../../store/port/ledger.ts';
import type { OperationContext } from '../operation.ts';
import { AutoApprovedShape, showAutoApproved } from './auto-approval-view.ts';
import { cleanText } from './fields.ts';
import { nextStep } from './next-step.ts';
import {
  InstrumentShape,
  decimal,
  instant,
  Links,
  showContract,
  showSimulation,
  showVerdict,
  SimulationShape,
  State,
  TermsShape,
  VerdictShape,
} from './shapes.ts';

/** One line of a list: enough to choose, details by get_request. */
export const OrderSummary = z.object({
  intentId: z.string(),
  state: State,
  summary: z.string().describe('The order in one sentence'),
  terms: TermsShape,
  symbol: z.string(),
  strategyTag: z.string().nullable(),
  approvalId: z.string().nullable(),
  expiresAt: instant.nullable(),
  autoApproved: z.boolean(),
  filled: decimal,
  remaining: decimal,
  averagePrice: decimal.nullable(),
  proposedAt: instant,
  updatedAt: instant,
});

export const OrderShape = OrderSummary.extend({
  version: z.int(),
  proposer: z.string(),
  contract: InstrumentShape,
  reason: z.string(),
  round: z.int(),
  envelopeHash: z.string().nullable(),
  verdict: VerdictShape.nullable(),
  simulation: SimulationShape.nullable(),
  breaches: z
    .array(z.object({ term: z.string(), signed: z.string(), now: z.string() }))
    .describe('Terms that no longer held when the approved order was to be sent'),
  autoApproval: AutoApprovedShape,
  declineReason: z.string().nullable(),
  orderId: z.int().nullable(),
  permId: z.string().nullable(),
  commission: decimal.nullable(),
  links: Links,
  next: z.string().describe('What to do now'),
});

/** The summary of an order. */
export function showSummary(order: OrderView): z.input<typeof OrderSummary> {
  return { ...order, ...inWords(order), autoApproved: order.autoApproved !== null };
}

function inWords({ terms, contract }: OrderView): { summary: string; symbol: string } {
  return { summary: orderSummary(terms, contract), symbol: contract.symbol };
}

/** The whole order as its proposer and operators see it. */
export function showOrder(context: OperationContext, order: OrderView): z.input<typeof OrderShape> {
  return {
    ...order,
    ...inWords(order),
    contract: showContract(order.contract),
    verdict: order.verdict === null ? null : showVerdict(order.verdict),
    simulation: order.simulation === null ? null : showSimulation(order.simulation),
    breaches: [...order.breaches],
    autoApproved: order.autoApproved !== null,
    autoApproval: showAutoApproved(order.autoApproved),
    declineReason: order.declineReason === null ? null : cleanText(order.declineReason, 1000),
    links: showLinks(context, order.intentId, order.approvalId),
    next: nextStep(order.state, order.verdict),
  };
}

/** Where the request, its decision and its workflow can be looked at. */
export function showLinks(
  context: OperationContext,
  intentId: OrderView['intentId'],
  approvalId: OrderView['approvalId'],
): z.input<typeof Links> {
  return {
    decision: approvalId === null ? null : context.links.approval(approvalId),
    request: `/api/v1/requests/${intentId}`,
    temporal: context.links.temporal(intentId),
  };
}
