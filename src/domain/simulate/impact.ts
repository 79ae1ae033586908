import { usablePrice } from '../instrument/touch.ts';
import { fixed, Fixed, larger, smaller } from '../money/fixed.ts';
import type { OrderTerms } from '../order/intent.ts';
import { auctionOf } from '../order/order-type.ts';
import { isKnown, type GateFacts } from '../risk/facts.ts';
import type { SecType } from '../instrument/contract.ts';
import type { OrderPricing } from './order-pricing.ts';

/**
 * What an order pays beyond the first price because it is larger than what is shown there. Twofold: the part that is
 * not shown is reckoned to cost another half spread, and it moves the market by a tenth of the price for the volume
 * of a whole day. Auctions show no size: none is reckoned for them.
 */

const zero = new Fixed(0, 0);
const one = new Fixed(1, 0);
const half = new Fixed(5, 1);
const tenth = new Fixed(1, 1);
const decimals = 8;

/** The average impact per unit, ≥ 0, rounded up to 8 decimals and never above half of the price it starts from. */
export function impactOf(
  terms: OrderTerms,
  secType: SecType,
  { touch, probable }: OrderPricing,
  facts: Pick<GateFacts, 'quote' | 'dailyVolume'>,
): Fixed {
  if (auctionOf(terms) !== null || !isKnown(facts.quote)) return zero;
  const { askSize, bidSize } = facts.quote.value;
  const quantity = fixed(terms.quantity);
  const shown = usablePrice(terms.side === 'BUY' ? askSize : bidSize) ?? zero;
  const excess = quantity.minus(shown);
  if (!excess.isPositive()) return zero;
  const crossing = excess
    .times(touch.ask.minus(touch.bid).times(half))
    .dividedBy(quantity, decimals, 'up');
  const moving = touch.mid
    .times(tenth)
    .times(participation(excess, secType, facts))
    .rounded(decimals, 'up');
  return smaller(crossing.plus(moving), probable.times(half));
}

/**
 * The part of a day's volume that the excess is, 0..1, rounded up to 8 decimals. Of an unknown volume it is all: that
 * is the worst there can be. Currencies have no volume and are reckoned by their spread alone.
 */
function participation(
  excess: Fixed,
  secType: SecType,
  { dailyVolume }: Pick<GateFacts, 'dailyVolume'>,
): Fixed {
  if (secType === 'CASH') return zero;
  const average = isKnown(dailyVolume) ? larger(zero, fixed(dailyVolume.value.average)) : zero;
  return excess.lt(average) ? excess.dividedBy(average, decimals, 'up') : one;
}
