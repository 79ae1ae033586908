import { z } from 'zod';
import { OrderDraft } from '../domain/order/intent.ts';
import { orderSummary } from '../domain/order/summary.ts';
import { operation } from './operation.ts';
import { evaluateNow } from './parts/evaluate-now.ts';
import { readOnly } from './parts/hints.ts';
import { denialAdvice } from './parts/next-step.ts';
import { resolveOrder, showWarnings } from './parts/order-input.ts';
import { tradingFloor } from './parts/role-groups.ts';
import {
  showSimulation,
  showVerdict,
  SimulationShape,
  TermsShape,
  VerdictShape,
  Warnings,
} from './parts/shapes.ts';

export const evaluateRisk = operation({
  name: 'evaluate_risk',
  title: 'Evaluate the risk of an order',
  description:
    'What every rule of the gate says of an order now, with observed value and limit. Nothing is recorded or reserved; the ' +
    'gate judges again when the order is proposed, and once more right before it is sent.',
  roles: tradingFloor,
  effect: 'read',
  http: { method: 'post', path: '/risk/evaluate' },
  mcp: readOnly,
  input: OrderDraft,
  output: z.object({
    summary: z.string(),
    terms: TermsShape,
    warnings: Warnings,
    verdict: VerdictShape,
    simulation: SimulationShape,
    next: z.string(),
  }),
  async run(context, input) {
    const order = await resolveOrder(context, input);
    const { verdict, simulation, quote } = await evaluateNow(context, order, input.strategyTag);
    return {
      summary: orderSummary(order.terms, order.details.contract),
      terms: order.terms,
      warnings: showWarnings(order, quote),
      verdict: showVerdict(verdict),
      simulation: showSimulation(simulation),
      next:
        verdict.outcome === 'deny'
          ? denialAdvice(verdict)
          : 'The gate would pass it now: call request_approval to ask a human.',
    };
  },
});
