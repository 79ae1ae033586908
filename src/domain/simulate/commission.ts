import { Dec } from '../money/decimal.ts';
import type { Currency } from '../money/money.ts';

/**
 * IBKR Pro fixed pricing of US stocks: 0.005 per share, at least 1.00, at most 1 % of the trade's value (the
 * maximum wins where it is below the minimum). Other currencies have many price lists; a flat 0.1 % stands
 * for them. An estimate for people: the broker's own figure replaces it after the fill.
 */
const perShare = new Dec('0.005');
const minimum = new Dec(1);
const maximumShareOfValue = new Dec('0.01');
const flatShareOfValue = new Dec('0.001');

/** The expected commission of one order, in the contract's currency, rounded up to 4 decimals. */
export function estimateCommission(quantity: Dec, price: Dec, currency: Currency): Dec {
  const value = quantity.times(price);
  const charged =
    currency === 'USD'
      ? Dec.min(Dec.max(quantity.times(perShare), minimum), value.times(maximumShareOfValue))
      : value.times(flatShareOfValue);
  return charged.toDecimalPlaces(4, Dec.ROUND_UP);
}
