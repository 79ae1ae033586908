import { GatewayError } from '../../domain/errors.ts';
import type { ContractDetails, PriceIncrement } from '../../domain/instrument/contract.ts';
import {
  isOnLot,
  isOnTick,
  nearestLots,
  nearestTicks,
  type Neighbours,
} from '../../domain/instrument/ladder.ts';
import type { DecimalText } from '../../domain/money/decimal.ts';
import { fixed } from '../../domain/money/fixed.ts';
import type { OrderDraft, OrderTerms } from '../../domain/order/intent.ts';
import { priceFields, tifOf, type PriceField } from '../../domain/order/order-type.ts';
import type { OperationContext } from '../operation.ts';
import { pickAccount } from './accounts.ts';
import { requireOrderable, resolveOne } from './instruments.ts';

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
  checkSteps(order, details);
  return {
    details,
    terms: {
      account,
      conId: details.contract.conId,
      side: order.side,
      quantity: order.quantity,
      orderType: order.orderType,
      limitPrice: order.limitPrice ?? null,
      stopPrice: order.stopPrice ?? null,
      trailingAmount: order.trailingAmount ?? null,
      trailingPercent: order.trailingPercent ?? null,
      limitOffset: order.limitOffset ?? null,
      tif: tifOf(order),
      goodTillDate: order.goodTillDate ?? null,
      outsideRth: order.outsideRth,
      constraints: null,
    },
  };
}

/** One value that is not on the instrument's steps. */
type OffStep = {
  readonly field: PriceField | 'quantity';
  readonly value: DecimalText;
  readonly nearest: readonly DecimalText[];
};

/** Holds every price against the ticks and the quantity against the lots, and tells all that is wrong at once. */
function checkSteps(order: Omit<OrderDraft, 'reason'>, details: ContractDetails): void {
  const prices = priceFields.flatMap((field) => offTick(field, order, details));
  const quantity: OffStep[] = isOnLot(order.quantity, details)
    ? []
    : [
        {
          field: 'quantity',
          value: order.quantity,
          nearest: choices(nearestLots(order.quantity, details)),
        },
      ];
  const wrong = [...prices, ...quantity];
  const [first] = wrong;
  if (first === undefined) return;
  const { symbol, currency } = details.contract;
  const { minSize, sizeIncrement } = details;
  const isPrice = first.field !== 'quantity';
  throw new GatewayError(
    isPrice ? 'PRICE_OFF_TICK' : 'QUANTITY_OFF_LOT',
    isPrice
      ? `${first.value} is not a multiple of the minimum variation of ${symbol} at that price.`
      : `${symbol} is ordered from ${minSize} upwards in steps of ${sizeIncrement}.`,
    {
      hint: wrong
        .map(
          ({ field, nearest }) =>
            `Set ${field} to ${nearest.join(' or ')}${field === 'quantity' ? '' : ` ${currency}`}.`,
        )
        .join(' '),
      problems: wrong.map(({ field, nearest }) => ({
        pointer: `/${field}`,
        message: `nearest valid ${field === 'quantity' ? 'quantities' : 'prices'}: ${nearest.join(', ')}`,
      })),
      details: isPrice
        ? { nearest: first.nearest }
        : { nearest: first.nearest, minSize, sizeIncrement },
    },
  );
}

/** A distance is held to the step of the price that it moves, where that is known; a percentage has no step. */
function offTick(
  field: PriceField,
  order: Omit<OrderDraft, 'reason'>,
  { priceIncrements }: ContractDetails,
): OffStep[] {
  const value = order[field];
  if (value === undefined || field === 'trailingPercent') return [];
  const isDistance = field === 'trailingAmount' || field === 'limitOffset';
  const step = isDistance ? stepAt(order.stopPrice ?? value, priceIncrements) : priceIncrements;
  if (isOnTick(value, step)) return [];
  return [{ field, value, nearest: choices(nearestTicks(value, step)) }];
}

/** The increment at a price, as a ladder of one step. */
function stepAt(price: DecimalText, ladder: readonly PriceIncrement[]): readonly PriceIncrement[] {
  const step = ladder.findLast(({ lowEdge }) => !fixed(lowEdge).gt(fixed(price)));
  return step === undefined ? ladder : [{ ...step, lowEdge: '0' as DecimalText }];
}

function choices({ below, above }: Neighbours): DecimalText[] {
  return below === null || below === above ? [above] : [below, above];
}
