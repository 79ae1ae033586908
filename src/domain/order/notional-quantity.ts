import type { ContractDetails } from '../instrument/contract.ts';
import type { DecimalText } from '../money/decimal.ts';
import { fixed, type Fixed } from '../money/fixed.ts';
import type { Missing } from '../risk/facts.ts';
import { isWorth, unitWorth } from '../risk/notional.ts';
import { orderLots } from './sec-type-fit.ts';

/**
 * The largest quantity in whole lots whose price × quantity does not exceed an amount of money in the contract's
 * currency, or null where that is less than the smallest order. `price` is a quoted one, above zero.
 */
export function quantityFor(
  notional: DecimalText,
  price: Fixed,
  details: ContractDetails,
): DecimalText | null | Missing {
  const worth = unitWorth(details);
  if (!isWorth(worth)) return worth;
  const { minSize, sizeIncrement } = orderLots(details);
  const step = fixed(sizeIncrement);
  const perStep = price.times(worth).times(step);
  if (!perStep.isPositive()) return { missing: 'a price above zero' };
  const quantity = fixed(notional).dividedBy(perStep, 0, 'floor').times(step);
  return quantity.isPositive() && !quantity.lt(fixed(minSize)) ? quantity.text() : null;
}
