import type { GateEvaluation } from '../../store/port/ledger.ts';
import type { OperationContext } from '../operation.ts';
import type { ResolvedOrder } from './order-input.ts';

/** What the gate would say now: facts are gathered as for a proposal, nothing is recorded or reserved. */
export async function evaluateNow(
  context: OperationContext,
  order: ResolvedOrder,
): Promise<GateEvaluation> {
  const [facts, ledger] = await Promise.all([
    context.broker.facts(order.terms),
    context.store.ledger.peekLedgerFacts(order.terms.account),
  ]);
  return context.evaluate(order.terms, { ...facts, ledger, account: order.terms.account });
}
