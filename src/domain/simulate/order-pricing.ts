import { touchOf, usablePrice, type Touch } from '../instrument/touch.ts';
import type { Quote } from '../instrument/quote.ts';
import type { DecimalText } from '../money/decimal.ts';
import { fixed, Fixed, larger, smaller } from '../money/fixed.ts';
import type { OrderTerms } from '../order/intent.ts';
import { auctionOf } from '../order/order-type.ts';

/**
 * What an order's prices mean against a quote: where it wakes, what bounds it, what it probably and what it at worst
 * fills at. One home for the simulator, the rules and the re-check, so that all judge the same figures. Everything
 * follows from which prices the terms carry; there is no case per order type.
 */
export type OrderPricing = {
  readonly touch: Touch;
  /** Where the order wakes now; null for one that is awake. Of a trailing order where its stop stands now. */
  readonly stop: Fixed | null;
  /** The market is at or through the stop, so the order would wake at once. */
  readonly isTriggered: boolean;
  /** The worst price that the order lets itself be filled at; null where nothing bounds it. */
  readonly limit: Fixed | null;
  /** What the market would pay: now, or when it wakes; whatever the order's limit says. */
  readonly probable: Fixed;
  /** What it would fill at: the same, not past its limit. */
  readonly fill: Fixed;
  /** What slippage is measured against: the mid, or the stop of an order that waits for it. */
  readonly reference: Fixed;
  /** The price at which it moves the most money while the market stays near the touch (or the stop). */
  readonly worst: Fixed;
  /** Whether it would fill at once against the quote. */
  readonly isMarketable: boolean;
};

const one = new Fixed(1, 0);
const half = new Fixed(5, 1);
const percent = new Fixed(1, 2);
const basisPoint = new Fixed(1, 4);

/**
 * Prices an order against a quote. `collarBps` is how far from the market an order without a limit is reckoned to
 * fill at worst. A quote that cannot be used, or a trail as wide as the price, is missing.
 */
export function priceOrder(
  terms: OrderTerms,
  quote: Quote,
  collarBps: DecimalText,
): OrderPricing | { readonly missing: string } {
  const touch = touchOf(quote);
  if ('missing' in touch) return touch;
  const way = terms.side === 'BUY' ? buying : selling;
  const side = way.side(touch);
  const market = marketOf(terms, quote, side);
  if ('missing' in market) return market;
  const { stop, farthest, isTriggered } = wakeOf(terms, [side, usablePrice(quote.last)], way);
  const limit = limitOf(terms, stop, way);
  if (!isPrice(stop) || !isPrice(limit)) return { missing: 'a stop and a limit above zero' };
  const waitsAt = isTriggered ? null : stop;
  const from = waitsAt ?? market.price;
  const probable = waitsAt === null ? from : way.worse(waitsAt, slipOf(touch, waitsAt));
  return {
    touch,
    stop,
    isTriggered,
    limit,
    probable,
    fill: limit === null ? probable : way.better(limit, probable),
    reference: waitsAt ?? touch.mid,
    worst: worstOf(terms, isTriggered ? from : (farthest ?? from), collarBps),
    isMarketable: auctionOf(terms) === null && waitsAt === null && way.reaches(limit, from),
  };
}

/** What buying and selling turn around. */
type Way = {
  readonly side: (touch: Touch) => Fixed;
  /** The better price of two for the order. */
  readonly better: (a: Fixed, b: Fixed) => Fixed;
  /** A price moved against the order. */
  readonly worse: (price: Fixed, by: Fixed) => Fixed;
  /** Whether a limit lets the order fill at a price; one without a limit fills at any. */
  readonly reaches: (limit: Fixed | null, price: Fixed) => boolean;
  /** Whether a price wakes a stop. */
  readonly wakes: (price: Fixed, stop: Fixed) => boolean;
};

const buying: Way = {
  side: ({ ask }) => ask,
  better: smaller,
  worse: (price, by) => price.plus(by),
  reaches: (limit, price) => limit === null || !limit.lt(price),
  wakes: (price, stop) => !price.lt(stop),
};

const selling: Way = {
  side: ({ bid }) => bid,
  better: larger,
  worse: (price, by) => price.minus(by),
  reaches: (limit, price) => limit === null || !limit.gt(price),
  wakes: (price, stop) => !price.gt(stop),
};

/** What the market pays now: its side of the quote; an auction without a limit prints near the last trade. */
function marketOf(
  terms: OrderTerms,
  quote: Quote,
  side: Fixed,
): { readonly price: Fixed } | { readonly missing: string } {
  if (auctionOf(terms) === null || terms.limitPrice !== null) return { price: side };
  const last = usablePrice(quote.last);
  return last === null ? { missing: 'the quote has no last price' } : { price: last };
}

type Wake = Pick<OrderPricing, 'stop' | 'isTriggered'> & {
  /** The highest price at which the stop can stand, which is where it moves the most money. */
  readonly farthest: Fixed | null;
};

/**
 * Where the order wakes and whether the market is there. A trailing stop starts where the terms say and is pulled
 * nearer with the first price that leaves more room than the trail. IBKR wakes a stop of a stock by the last trade,
 * elsewhere by the quote: either counts here.
 */
function wakeOf(
  terms: OrderTerms,
  [side, last]: readonly [side: Fixed, last: Fixed | null],
  way: Way,
): Wake {
  const stated = terms.stopPrice === null ? null : fixed(terms.stopPrice);
  const trail = trailOf(terms, side);
  const followed = trail === null ? null : way.worse(side, trail);
  const stops = [stated, followed].filter((one) => one !== null);
  if (stops.length === 0) return { stop: null, farthest: null, isTriggered: false };
  const stop = stops.reduce(way.better);
  return {
    stop,
    farthest: stops.reduce(larger),
    isTriggered: way.wakes(side, stop) || (last !== null && way.wakes(last, stop)),
  };
}

/** Half the spread, and never more than half of the stop, so that a sale stays above zero. */
function slipOf(touch: Touch, stop: Fixed): Fixed {
  return smaller(touch.ask.minus(touch.bid), stop).times(half);
}

/** What an order fills at if it pays `impact` per unit more than the market's first price: never past its limit. */
export function fillBeyond({ side }: OrderTerms, pricing: OrderPricing, impact: Fixed): Fixed {
  const way = side === 'BUY' ? buying : selling;
  const paid = way.worse(pricing.probable, impact);
  return pricing.limit === null ? paid : way.better(pricing.limit, paid);
}

function isPrice(price: Fixed | null): boolean {
  return price === null || price.isPositive();
}

/** The distance between market and stop, per unit; null for a stop that stands still or none. */
function trailOf({ trailingAmount, trailingPercent }: OrderTerms, side: Fixed): Fixed | null {
  if (trailingAmount !== null) return fixed(trailingAmount);
  return trailingPercent === null ? null : side.times(fixed(trailingPercent)).times(percent);
}

function limitOf(terms: OrderTerms, stop: Fixed | null, way: Way): Fixed | null {
  if (terms.limitPrice !== null) return fixed(terms.limitPrice);
  if (terms.limitOffset === null || stop === null) return null;
  return way.worse(stop, fixed(terms.limitOffset));
}

/** A buy's limit; for a sell, which may fill above its limit, the better of limit and market; else the collar. */
function worstOf(terms: OrderTerms, from: Fixed, collarBps: DecimalText): Fixed {
  const isBuy = terms.side === 'BUY';
  const limit = limitOf(terms, from, isBuy ? buying : selling);
  if (limit === null) return from.times(one.plus(fixed(collarBps).times(basisPoint)));
  return isBuy ? limit : larger(limit, from);
}
