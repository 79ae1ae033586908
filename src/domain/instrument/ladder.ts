import type { DecimalText } from '../money/decimal.ts';
import { fixed, Fixed, larger, type Rounding } from '../money/fixed.ts';
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
  const value = fixed(price);
  const step = increments[stepIndex(value, increments)];
  return step !== undefined && isMultiple(value, fixed(step.increment));
}

/** The valid prices next to `price` (itself where it is valid). Throws `RangeError` for an unusable ladder. */
export function nearestTicks(
  price: DecimalText,
  increments: readonly PriceIncrement[],
): Neighbours {
  const value = fixed(price);
  const index = stepIndex(value, increments);
  const step = increments[index];
  if (step === undefined) throw new RangeError('a price ladder needs at least one step');
  const increment = positive(step.increment);
  const above = toNearest(value, increment, 'ceil');
  const next = increments[index + 1];
  const bounded = next !== undefined && above.gt(fixed(next.lowEdge)) ? fixed(next.lowEdge) : above;
  return neighbours(toNearest(value, increment, 'floor'), bounded);
}

/** Whether `quantity` is at least the minimum size and a multiple of the size increment. */
export function isOnLot(
  quantity: DecimalText,
  details: Pick<ContractDetails, 'minSize' | 'sizeIncrement'>,
): boolean {
  const value = fixed(quantity);
  return !value.lt(fixed(details.minSize)) && isMultiple(value, fixed(details.sizeIncrement));
}

/** The valid quantities next to `quantity`. Throws `RangeError` for a size increment that is not positive. */
export function nearestLots(
  quantity: DecimalText,
  details: Pick<ContractDetails, 'minSize' | 'sizeIncrement'>,
): Neighbours {
  const value = fixed(quantity);
  const increment = positive(details.sizeIncrement);
  const smallest = toNearest(fixed(details.minSize), increment, 'ceil');
  const below = toNearest(value, increment, 'floor');
  const above = larger(toNearest(value, increment, 'ceil'), smallest);
  return neighbours(below.lt(smallest) ? new Fixed(0, 0) : below, above);
}

function stepIndex(price: Fixed, increments: readonly PriceIncrement[]): number {
  let index = 0;
  const size = price.abs();
  for (let i = 1; i < increments.length; i += 1) {
    const step = increments[i];
    if (step !== undefined && !size.lt(fixed(step.lowEdge))) index = i;
  }
  return index;
}

function isMultiple(value: Fixed, increment: Fixed): boolean {
  return increment.isPositive() && toNearest(value, increment, 'floor').eq(value);
}

function toNearest(value: Fixed, increment: Fixed, rounding: Rounding): Fixed {
  return value.dividedBy(increment, 0, rounding).times(increment);
}

function positive(text: DecimalText): Fixed {
  const value = fixed(text);
  if (!value.isPositive()) throw new RangeError('an increment must be above zero');
  return value;
}

function neighbours(below: Fixed, above: Fixed): Neighbours {
  return { below: below.isPositive() ? below.text() : null, above: above.text() };
}
