import { dec, decimalText, Dec, type DecimalText } from '../money/decimal.ts';
import type { ContractDetails, PriceIncrement } from './contract.ts';

/**
 * Whether prices and quantities are ones that the exchange takes, and which neighbours it would take. The
 * increment is that of the highest `lowEdge` at or below the price (IBKR market rule), not the contract's
 * smallest tick.
 */

/** The nearest valid values around one; `below` is null where there is none above zero. */
export type Neighbours = { readonly below: DecimalText | null; readonly above: DecimalText };

/** Whether `price` is a multiple of the increment that applies to it. False for an unusable ladder. */
export function isOnTick(price: DecimalText, increments: readonly PriceIncrement[]): boolean {
  const value = dec(price);
  const step = increments[stepIndex(value, increments)];
  return step !== undefined && isMultiple(value, dec(step.increment));
}

/** The valid prices next to `price` (itself where it is valid). Throws `RangeError` for an unusable ladder. */
export function nearestTicks(
  price: DecimalText,
  increments: readonly PriceIncrement[],
): Neighbours {
  const value = dec(price);
  const index = stepIndex(value, increments);
  const step = increments[index];
  if (step === undefined) throw new RangeError('a price ladder needs at least one step');
  const increment = positive(step.increment);
  const above = value.toNearest(increment, Dec.ROUND_CEIL);
  const next = increments[index + 1];
  const bounded = next !== undefined && above.gt(next.lowEdge) ? dec(next.lowEdge) : above;
  return neighbours(value.toNearest(increment, Dec.ROUND_FLOOR), bounded);
}

/** Whether `quantity` is at least the minimum size and a multiple of the size increment. */
export function isOnLot(
  quantity: DecimalText,
  details: Pick<ContractDetails, 'minSize' | 'sizeIncrement'>,
): boolean {
  const value = dec(quantity);
  return !value.lt(details.minSize) && isMultiple(value, dec(details.sizeIncrement));
}

/** The valid quantities next to `quantity`. Throws `RangeError` for a size increment that is not positive. */
export function nearestLots(
  quantity: DecimalText,
  details: Pick<ContractDetails, 'minSize' | 'sizeIncrement'>,
): Neighbours {
  const value = dec(quantity);
  const increment = positive(details.sizeIncrement);
  const smallest = dec(details.minSize).toNearest(increment, Dec.ROUND_CEIL);
  const below = value.toNearest(increment, Dec.ROUND_FLOOR);
  const above = Dec.max(value.toNearest(increment, Dec.ROUND_CEIL), smallest);
  return neighbours(below.lt(smallest) ? new Dec(0) : below, above);
}

function stepIndex(price: Dec, increments: readonly PriceIncrement[]): number {
  let index = 0;
  const size = price.abs();
  for (let i = 1; i < increments.length; i += 1) {
    const step = increments[i];
    if (step !== undefined && !size.lt(step.lowEdge)) index = i;
  }
  return index;
}

function isMultiple(value: Dec, increment: Dec): boolean {
  return increment.gt(0) && value.mod(increment).isZero();
}

function positive(text: DecimalText): Dec {
  const value = dec(text);
  if (!value.gt(0)) throw new RangeError('an increment must be above zero');
  return value;
}

function neighbours(below: Dec, above: Dec): Neighbours {
  return { below: below.gt(0) ? decimalText(below) : null, above: decimalText(above) };
}
