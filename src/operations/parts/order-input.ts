import type { ContractDetails } from '../../domain/instrument/contract.ts';
import { constraintsOf } from '../../domain/order/constraints.ts';
import type { OrderDraft, OrderTerms } from '../../domain/order/intent.ts';
import { tifOf } from '../../domain/order/order-type.ts';
import { orderWarnings, type OrderWarning } from '../../domain/order/warnings.ts';
import { isKnown, type BrokerFacts } from '../../domain/risk/facts.ts';
import type { OperationContext } from '../operation.ts';
import { pickAccount } from './accounts.ts';
import { requireOrderable, resolveOne } from './instruments.ts';
import { quantityOf } from './order-quantity.ts';
import { misfitError, misfitsOf } from './order-steps.ts';

export type ResolvedOrder = { readonly terms: OrderTerms; readonly details: ContractDetails };

/**
 * Account, contract, prices and quantity of an order, each checked. Throws `ACCOUNT_UNKNOWN`, `INSTRUMENT_UNKNOWN`,
 * `INSTRUMENT_AMBIGUOUS`, `VALIDATION` (what the kind of instrument does not take), `PRICE_OFF_TICK`,
 * `QUANTITY_OFF_LOT` or the broker's failure.
 */
export async function resolveOrder(
  context: OperationContext,
  order: Omit<OrderDraft, 'reason'>,
): Promise<ResolvedOrder> {
  // Asked at the same time; of two mistakes the account's is told first.
  const resolving = resolveOne(context, order.instrument, '/instrument');
  // Where the account fails first nobody waits for this one; where it does not, `await` throws its failure.
  resolving.catch(() => undefined);
  const account = await pickAccount(context, order.account);
  const details = await resolving;
  requireOrderable(details, '/instrument');
  const misfits = misfitsOf(order, details);
  const asked = await quantityOf(context, order, details);
  if ('misfits' in asked) throw misfitError([...misfits, ...asked.misfits]);
  if (misfits.length > 0) throw misfitError(misfits);
  return {
    details,
    terms: {
      account,
      conId: details.contract.conId,
      side: order.side,
      quantity: asked.quantity,
      orderType: order.orderType,
      limitPrice: order.limitPrice ?? null,
      stopPrice: order.stopPrice ?? null,
      trailingAmount: order.trailingAmount ?? null,
      trailingPercent: order.trailingPercent ?? null,
      limitOffset: order.limitOffset ?? null,
      tif: tifOf(order),
      goodTillDate: order.goodTillDate ?? null,
      outsideRth: order.outsideRth,
      constraints: constraintsOf(order.constraints),
    },
  };
}

/** What is unusual about the order, with what our quote adds where it is known. */
export function showWarnings(
  { terms, details }: ResolvedOrder,
  quote: BrokerFacts['quote'],
): OrderWarning[] {
  return [...orderWarnings(terms, details.contract, isKnown(quote) ? quote.value : null)];
}
