import { Fixed, larger, smaller } from '../money/fixed.ts';
import type { Currency } from '../money/money.ts';

/**
 * IBKR Pro fixed pricing of US stocks: 0.005 per share, at least 1.00, at most 1 % of the trade's value (the
 * maximum wins where it is below the minimum). Other currencies have many price lists; a flat 0.1 % stands
 * for them. An estimate for people: the broker's own figure replaces it after the fill.
 */
const perShare = new Fixed(5, 3);
const minimum = new Fixed(1, 0);
const maximumShareOfValue = new Fixed(1, 2);
const flatShareOfValue = new Fixed(1, 3);

/** The expected commission of one order, in the contract's currency, rounded up to 4 decimals. */
export function estimateCommission(quantity: Fixed, price: Fixed, currency: Currency): Fixed {
  const value = quantity.times(price);
  const charged =
    currency === 'USD'
      ? smaller(larger(quantity.times(perShare), minimum), value.times(maximumShareOfValue))
      : value.times(flatShareOfValue);
  return charged.rounded(4, 'up');
}
