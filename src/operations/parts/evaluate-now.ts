import type { BrokerFacts } from '../../domain/risk/facts.ts';
import type { GateEvaluation } from '../../store/port/ledger.ts';
import type { OperationContext } from '../operation.ts';
import type { ResolvedOrder } from './order-input.ts';

/**
 * What the gate would say now of an order of the caller's: facts are gathered as for a proposal, nothing is recorded
 * or reserved.
 */
export async function evaluateNow(
  context: OperationContext,
  order: ResolvedOrder,
  strategyTag: string | undefined,
): Promise<GateEvaluation & Pick<BrokerFacts, 'whatIf' | 'quote'>> {
  const { account, conId } = order.terms;
  const brokerFacts = await context.broker.facts(order.terms);
  const ledger = await context.store.ledger.peekLedgerFacts(account, {
    ...{ brokerFacts, conId, strategyTag: strategyTag ?? null },
    ...(context.principal === null ? {} : { principal: context.principal.principalId }),
  });
  const evaluation = context.evaluate(order.terms, { ...brokerFacts, ledger, account });
  return { ...evaluation, whatIf: brokerFacts.whatIf, quote: brokerFacts.quote };
}
