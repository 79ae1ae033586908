import { GatewayError, type ErrorCode } from '../../domain/errors.ts';
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
import type { OrderDraft } from '../../domain/order/intent.ts';
import { priceFields, type PriceField } from '../../domain/order/order-type.ts';
import { orderLots, secTypeProblems } from '../../domain/order/sec-type-fit.ts';

/** What an order asks against the instrument that it turned out to be: its kind, its ticks and its lots. */

/** One thing that the instrument does not take. The code of the first in this order is told, with all problems. */
export type Misfit = {
  readonly code: Extract<ErrorCode, 'VALIDATION' | 'PRICE_OFF_TICK' | 'QUANTITY_OFF_LOT'>;
  readonly field: PriceField | 'quantity' | 'notional' | 'orderType' | 'tif';
  readonly message: string;
  /** The sentence for the whole answer, where this is the first one. */
  readonly title: string;
  readonly hint: string;
  readonly details?: Readonly<Record<string, unknown>>;
};

/** One error with everything that does not fit, of at least one: `VALIDATION`, `PRICE_OFF_TICK` or `QUANTITY_OFF_LOT`. */
export function misfitError(misfits: readonly Misfit[]): GatewayError {
  const [first] = misfits;
  if (first === undefined) throw new Error('an error about nothing');
  return new GatewayError(first.code, first.title, {
    hint: misfits.map(({ hint }) => hint).join(' '),
    problems: misfits.map(({ field, message }) => ({ pointer: `/${field}`, message })),
    ...(first.details === undefined ? {} : { details: first.details }),
  });
}

/** What of type, TIF and prices the instrument does not take. */
export function misfitsOf(
  order: Omit<OrderDraft, 'reason'>,
  details: ContractDetails,
): readonly Misfit[] {
  const { contract } = details;
  const byKind = secTypeProblems(order, contract.secType).map(({ field, message }): Misfit => ({
    code: 'VALIDATION',
    field: field === 'tif' ? 'tif' : 'orderType',
    message,
    title: `${contract.symbol} is a ${contract.secType}: ${message}.`,
    hint: `Change ${field}: ${message}.`,
  }));
  return [...byKind, ...priceFields.flatMap((field) => offTick(field, order, details))];
}

/** A distance is held to the step of the price that it moves, where that is known; a percentage has no step. */
function offTick(
  field: PriceField,
  order: Omit<OrderDraft, 'reason'>,
  { priceIncrements, contract }: ContractDetails,
): Misfit[] {
  const value = order[field];
  if (value === undefined || field === 'trailingPercent') return [];
  const isDistance = field === 'trailingAmount' || field === 'limitOffset';
  const step = isDistance ? stepAt(order.stopPrice ?? value, priceIncrements) : priceIncrements;
  if (isOnTick(value, step)) return [];
  const nearest = choices(nearestTicks(value, step));
  const { symbol, currency } = contract;
  return [
    {
      code: 'PRICE_OFF_TICK',
      field,
      message: `nearest valid prices: ${nearest.join(', ')}`,
      title: `${value} is not a multiple of the minimum variation of ${symbol} at that price.`,
      hint: `Set ${field} to ${nearest.join(' or ')} ${currency}.`,
      details: { nearest },
    },
  ];
}

/** Empty where the quantity is one that can be ordered. */
export function offLot(quantity: DecimalText, details: ContractDetails): readonly Misfit[] {
  const lots = orderLots(details);
  if (isOnLot(quantity, lots)) return [];
  const nearest = choices(nearestLots(quantity, lots));
  const { minSize, sizeIncrement } = lots;
  return [
    {
      code: 'QUANTITY_OFF_LOT',
      field: 'quantity',
      message: `nearest valid quantities: ${nearest.join(', ')}`,
      title: `${details.contract.symbol} is ordered from ${minSize} upwards in steps of ${sizeIncrement}.`,
      hint: `Set quantity to ${nearest.join(' or ')}.`,
      details: { nearest, minSize, sizeIncrement },
    },
  ];
}

/** The increment at a price, as a ladder of one step. */
function stepAt(price: DecimalText, ladder: readonly PriceIncrement[]): readonly PriceIncrement[] {
  const step = ladder.findLast(({ lowEdge }) => !fixed(lowEdge).gt(fixed(price)));
  return step === undefined ? ladder : [{ ...step, lowEdge: '0' as DecimalText }];
}

function choices({ below, above }: Neighbours): DecimalText[] {
  return below === null || below === above ? [above] : [below, above];
}
