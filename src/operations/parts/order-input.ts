import { z } from 'zod';
import { GatewayError } from '../../domain/errors.ts';
import type { ContractDetails } from '../../domain/instrument/contract.ts';
import {
  isOnLot,
  isOnTick,
  nearestLots,
  nearestTicks,
  type Neighbours,
} from '../../domain/instrument/ladder.ts';
import type { DecimalText } from '../../domain/money/decimal.ts';
import { checkPrices, OrderIntent, type OrderTerms } from '../../domain/order/intent.ts';
import type { OperationContext } from '../operation.ts';
import { pickAccount } from './accounts.ts';
import { requireOrderable, resolveOne } from './instruments.ts';

/**
 * An order that is only looked at (simulate_order, evaluate_risk): the same fields as a proposal, but the reason
 * may be left out, since no human reads it.
 */
export const OrderDraft = z
  .strictObject({ ...OrderIntent.shape, reason: OrderIntent.shape.reason.optional() })
  .superRefine(checkPrices);
export type OrderDraft = z.output<typeof OrderDraft>;

export type ResolvedOrder = { readonly terms: OrderTerms; readonly details: ContractDetails };

/**
 * Account, contract, price and quantity of an order, each checked. Throws `ACCOUNT_UNKNOWN`, `INSTRUMENT_UNKNOWN`,
 * `INSTRUMENT_AMBIGUOUS`, `VALIDATION` (a type that cannot be ordered), `PRICE_OFF_TICK`, `QUANTITY_OFF_LOT` or the broker's failure.
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
  if (order.limitPrice !== undefined) checkTick(order.limitPrice, details);
  checkLot(order.quantity, details);
  return {
    details,
    terms: {
      account,
      conId: details.contract.conId,
      side: order.side,
      quantity: order.quantity,
      orderType: order.orderType,
      limitPrice: order.limitPrice ?? null,
      tif: order.tif,
      outsideRth: order.outsideRth,
    },
  };
}

function checkTick(price: DecimalText, details: ContractDetails): void {
  if (isOnTick(price, details.priceIncrements)) return;
  const nearest = choices(nearestTicks(price, details.priceIncrements));
  const { symbol, currency } = details.contract;
  throw new GatewayError(
    'PRICE_OFF_TICK',
    `${price} is not a multiple of the minimum variation of ${symbol} at that price.`,
    {
      hint: `Set limitPrice to ${nearest.join(' or ')} ${currency}.`,
      problems: [
        { pointer: '/limitPrice', message: `nearest valid prices: ${nearest.join(', ')}` },
      ],
      details: { nearest },
    },
  );
}

function checkLot(quantity: DecimalText, details: ContractDetails): void {
  if (isOnLot(quantity, details)) return;
  const nearest = choices(nearestLots(quantity, details));
  const { minSize, sizeIncrement, contract } = details;
  throw new GatewayError(
    'QUANTITY_OFF_LOT',
    `${contract.symbol} is ordered from ${minSize} upwards in steps of ${sizeIncrement}.`,
    {
      hint: `Set quantity to ${nearest.join(' or ')}.`,
      problems: [
        { pointer: '/quantity', message: `nearest valid quantities: ${nearest.join(', ')}` },
      ],
      details: { nearest, minSize, sizeIncrement },
    },
  );
}

function choices({ below, above }: Neighbours): DecimalText[] {
  return below === null || below === above ? [above] : [below, above];
}
