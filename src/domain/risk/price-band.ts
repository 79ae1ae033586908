import type { PriceIncrement } from '../instrument/contract.ts';
import { usablePrice } from '../instrument/touch.ts';
import { nearestTicks } from '../instrument/ladder.ts';
import type { DecimalText } from '../money/decimal.ts';
import { fixed, Fixed, larger } from '../money/fixed.ts';
import type { PriceBand } from '../order/envelope.ts';
import type { OrderTerms } from '../order/intent.ts';
import { isKnown, type GateFacts } from './facts.ts';

const zero = new Fixed(0, 0);
const basisPoint = new Fixed(1, 4);

/** No price lies in it: the band of an order that nobody could price. */
const emptyBand: PriceBand = { low: '0' as DecimalText, high: '0' as DecimalText };

/**
 * Between which prices of its side (ask for a buy, bid for a sell) an order may still leave after approval:
 * the quote's side ± `bps`, widened outwards to valid prices.
 */
export function priceBandOf(terms: OrderTerms, facts: GateFacts, bps: DecimalText): PriceBand {
  if (!isKnown(facts.quote)) return emptyBand;
  const side = terms.side === 'BUY' ? facts.quote.value.ask : facts.quote.value.bid;
  const price = usablePrice(side);
  if (price === null) return emptyBand;
  const increments = isKnown(facts.contract) ? facts.contract.value.priceIncrements : [];
  const half = price.times(fixed(bps)).times(basisPoint);
  return {
    low: outwards(larger(zero, price.minus(half)), increments, 'below'),
    high: outwards(price.plus(half), increments, 'above'),
  };
}

function outwards(
  price: Fixed,
  increments: readonly PriceIncrement[],
  towards: 'below' | 'above',
): DecimalText {
  const usable =
    increments.length > 0 && increments.every((step) => fixed(step.increment).isPositive());
  if (usable) return nearestTicks(price.text(), increments)[towards] ?? emptyBand.low;
  return price.rounded(4, towards === 'below' ? 'floor' : 'ceil').text();
}
