import type { ContractDetails } from '../../domain/instrument/contract.ts';
import { usablePrice } from '../../domain/instrument/touch.ts';
import type { DecimalText } from '../../domain/money/decimal.ts';
import type { Fixed } from '../../domain/money/fixed.ts';
import { isSendable } from '../../domain/money/positive-decimal.ts';
import type { OrderDraft } from '../../domain/order/intent.ts';
import { quantityFor } from '../../domain/order/notional-quantity.ts';
import { orderLots } from '../../domain/order/sec-type-fit.ts';
import type { OperationContext } from '../operation.ts';
import { offLot, type Misfit } from './order-steps.ts';

/** The quantity of an order, or what is wrong with what was asked. */
export type QuantityAnswer =
  { readonly quantity: DecimalText } | { readonly misfits: readonly Misfit[] };

/**
 * The quantity that was asked, or as many lots as the money pays for at the limit, else at the stop, else at the
 * order's side of our own quote. Throws the broker's failure where the quote cannot be had.
 */
export async function quantityOf(
  context: OperationContext,
  order: Omit<OrderDraft, 'reason'>,
  details: ContractDetails,
): Promise<QuantityAnswer> {
  const { quantity, notional } = order;
  if (quantity !== undefined) {
    const misfits = offLot(quantity, details);
    return misfits.length === 0 ? { quantity } : { misfits };
  }
  // The schema takes an order with exactly one of the two.
  if (notional === undefined) throw new Error('an order without quantity and notional');
  const price = await priceOf(context, order, details);
  if (price === null) return refuse(order.side === 'BUY' ? 'an ask' : 'a bid', details);
  const found = quantityFor(notional, price, details);
  if (found === null) return { misfits: [tooLittle(notional, price, details)] };
  if (typeof found !== 'string') return refuse(found.missing, details);
  return isSendable(found) ? { quantity: found } : refuse('a quantity that can be sent', details);
}

async function priceOf(
  { broker }: OperationContext,
  { limitPrice, stopPrice, side }: Omit<OrderDraft, 'reason'>,
  { contract }: ContractDetails,
): Promise<Fixed | null> {
  const named = limitPrice ?? stopPrice;
  if (named !== undefined) return usablePrice(named);
  const { ask, bid } = await broker.quote(contract.conId);
  return usablePrice(side === 'BUY' ? ask : bid);
}

function refuse(missing: string, { contract }: ContractDetails): QuantityAnswer {
  const message = `there is no quantity for it: ${missing} is missing`;
  const title = `The money cannot be turned into a quantity of ${contract.symbol}: ${missing} is missing.`;
  const hint = 'Give a quantity instead of notional.';
  return { misfits: [{ code: 'VALIDATION', field: 'notional', message, title, hint }] };
}

function tooLittle(notional: DecimalText, price: Fixed, details: ContractDetails): Misfit {
  const { symbol, currency } = details.contract;
  const lots = orderLots(details);
  return {
    code: 'QUANTITY_OFF_LOT',
    field: 'notional',
    message: `pays for less than the smallest order, which is ${lots.minSize}`,
    title: `${notional} ${currency} is less than the smallest order in ${symbol}: ${lots.minSize} at ${price.text()}.`,
    hint: 'Raise notional, or give a quantity instead.',
    details: { ...lots, price: price.text() },
  };
}
