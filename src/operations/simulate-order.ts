import { z } from 'zod';
import { OrderDraft } from '../domain/order/intent.ts';
import { orderSummary } from '../domain/order/summary.ts';
import { operation } from './operation.ts';
import { evaluateNow } from './parts/evaluate-now.ts';
import { readOnly } from './parts/hints.ts';
import { resolveOrder, showWarnings } from './parts/order-input.ts';
import { tradingFloor } from './parts/role-groups.ts';
import { BrokerEstimateShape, showBrokerEstimate } from './parts/broker-estimate.ts';
import {
  InstrumentShape,
  showContract,
  showSimulation,
  SimulationShape,
  TermsShape,
  Warnings,
} from './parts/shapes.ts';

export const simulateOrder = operation({
  name: 'simulate_order',
  title: 'Simulate an order',
  description:
    'What an order would do now: fill price, commission, slippage, cash and position after, margin; and beside it what the ' +
    'broker itself estimates (brokerEstimate, in base currency). Nothing is recorded or sent. Prices and portfolio are ours, never the caller’s. For the rules use evaluate_risk.',
  roles: tradingFloor,
  effect: 'read',
  http: { method: 'post', path: '/simulate' },
  mcp: readOnly,
  input: OrderDraft,
  output: z.object({
    summary: z.string(),
    terms: TermsShape,
    warnings: Warnings,
    instrument: InstrumentShape,
    simulation: SimulationShape,
    brokerEstimate: BrokerEstimateShape,
  }),
  async run(context, input) {
    const order = await resolveOrder(context, input);
    const { simulation, whatIf, quote } = await evaluateNow(context, order, input.strategyTag);
    return {
      summary: orderSummary(order.terms, order.details.contract),
      terms: order.terms,
      warnings: showWarnings(order, quote),
      instrument: showContract(order.details.contract),
      simulation: showSimulation(simulation),
      brokerEstimate: showBrokerEstimate(whatIf),
    };
  },
});
