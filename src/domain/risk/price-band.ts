import type { PriceIncrement } from '../instrument/contract.ts';
import { nearestTicks } from '../instrument/ladder.ts';
import { dec, Dec, decimalText, type DecimalText } from '../money/decimal.ts';
import type { PriceBand } from '../order/envelope.ts';
import type { OrderTerms } from '../order/intent.ts';
import { isKnown, type GateFacts } from './facts.ts';

/** No price lies in it: the band of an order that nobody could price. */
const emptyBand: PriceBand = { low: '0' as DecimalText, high: '0' as DecimalText };

/**
 * Between which prices of its side (ask for a buy, bid for a sell) an order may still leave after approval:
 * the quote's side ± `bps`, widened outwards to valid prices.
 */
export function priceBandOf(terms: OrderTerms, facts: GateFacts, bps: DecimalText): PriceBand {
  if (!isKnown(facts.quote)) return emptyBand;
  const side = terms.side === 'BUY' ? facts.quote.value.ask : facts.quote.value.bid;
  if (side === null || !dec(side).gt(0)) return emptyBand;
  const increments = isKnown(facts.contract) ? facts.contract.value.priceIncrements : [];
  const half = dec(side).times(bps).times('0.0001');
  return {
    low: outwards(Dec.max(0, dec(side).minus(half)), increments, 'below'),
    high: outwards(dec(side).plus(half), increments, 'above'),
  };
}

function outwards(
  price: Dec,
  increments: readonly PriceIncrement[],
  towards: 'below' | 'above',
): DecimalText {
  const usable = increments.length > 0 && increments.every((step) => dec(step.increment).gt(0));
  if (usable) return nearestTicks(decimalText(price), increments)[towards] ?? emptyBand.low;
  const rounding = towards === 'below' ? Dec.ROUND_FLOOR : Dec.ROUND_CEIL;
  return decimalText(price.toDecimalPlaces(4, rounding));
}
