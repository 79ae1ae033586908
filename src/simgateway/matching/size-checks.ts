// Whether a size can be ordered.
import { UNIT } from '../accounts/value.ts';
import type { Instrument, Size } from '../market/instrument.ts';
import { parseMicros } from '../market/money.ts';
import { invalid, isOrderError, rejected } from './order-error.ts';
import type { OrderError } from './order-error.ts';
import type { OrderFields, OrderTerms } from './order.ts';

const WHOLE_ONLY: ReadonlySet<string> = new Set(['STK', 'OPT', 'FUT', 'BOND']);
/** Sizes that no order reaches: a billion units. */
const TOO_MANY = 1_000_000_000;
const FRACTIONAL: OrderError = {
  code: 10243,
  text: 'Fractional-sized order cannot be placed via API.',
};

const ODD_LOT = invalid('Order size does not conform to the minimum size increment');

function incrementError(i: Instrument, quantity: Size): OrderError | undefined {
  if (quantity < i.minSize)
    return rejected('The order size is below the minimum for this contract');
  if (quantity % i.sizeIncrement === 0) return undefined;
  return ODD_LOT;
}

function quantityOf(text: string, i: Instrument, isCombo: boolean): Size | OrderError {
  if (Number(text) >= TOO_MANY) return invalid('Order size exceeds the allowed maximum');
  const isWholeOnly = isCombo || WHOLE_ONLY.has(i.secType);
  const quantity = parseMicros(text);
  if (quantity === undefined) {
    return isWholeOnly ? FRACTIONAL : invalid('Order size has too many decimals');
  }
  if (quantity === 0) return { code: 434, text: 'The order size cannot be zero.' };
  if (quantity < 0) return invalid('Order quantity must be positive');
  if (!isWholeOnly) return incrementError(i, quantity) ?? quantity;
  if (quantity % UNIT !== 0) return FRACTIONAL;
  // Some exchanges trade whole lots only; fractions of a unit are never to be had here.
  const isOddLot = !isCombo && i.sizeIncrement > UNIT && quantity % i.sizeIncrement !== 0;
  return isOddLot ? ODD_LOT : quantity;
}

/** The sizes of an order: all of it, the least first fill, and what is shown at a time. */
export function sizesOf(
  f: OrderFields,
  i: Instrument,
  isCombo: boolean,
): Pick<OrderTerms, 'quantity' | 'minQty' | 'displaySize'> | OrderError {
  const quantity = quantityOf(f.totalQuantity ?? '0', i, isCombo);
  if (isOrderError(quantity)) return quantity;
  const minQty = (f.minQty ?? 0) * UNIT;
  const displaySize = (f.displaySize ?? 0) * UNIT;
  if (minQty < 0 || minQty > quantity) return invalid('Minimum quantity exceeds the order size');
  if (displaySize < 0 || displaySize > quantity) return invalid('Invalid display size');
  return { quantity, minQty, displaySize };
}
