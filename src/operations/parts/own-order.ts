import { GatewayError } from '../../domain/errors.ts';
import type { IntentId } from '../../domain/ids.ts';
import type { OrderView } from '../../store/port/ledger.ts';
import type { OperationContext } from '../operation.ts';

/** Whether the caller is an agent: it sees its own orders only and no third-party text. */
export function isAgent(context: OperationContext): boolean {
  return context.principal?.kind === 'agent';
}

/** The same answer for an unknown id and for another agent's, so that ids cannot be probed. */
export function noSuchOrder(intentId: IntentId): GatewayError {
  return new GatewayError('NOT_FOUND', `There is no order ${intentId} of yours.`, {
    hint: 'Use an intentId that request_approval or list_requests returned.',
    problems: [{ pointer: '/intentId', message: 'unknown' }],
  });
}

/** Whether the caller may see this order. */
export function maySee(context: OperationContext, order: OrderView): boolean {
  return !isAgent(context) || order.proposer === context.principal?.principalId;
}

/** The order if the caller may see it. Throws `NOT_FOUND`. */
export async function ownOrder(context: OperationContext, intentId: IntentId): Promise<OrderView> {
  const order = await context.store.ledger.order(intentId);
  if (order === null || !maySee(context, order)) throw noSuchOrder(intentId);
  return order;
}
