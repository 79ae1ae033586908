import { isDecimalText, type DecimalText } from '../money/decimal.ts';
import { fixed, Fixed } from '../money/fixed.ts';
import type { Quote } from './quote.ts';

/** A usable two-sided quote. `mid` is exact. */
export type Touch = { readonly bid: Fixed; readonly ask: Fixed; readonly mid: Fixed };

const half = new Fixed(5, 1);

/**
 * Both sides of a quote, or why they cannot be used. A side that is absent, no number, zero or negative (IBKR says -1
 * for "none") is missing; a bid above the ask is crossed; equal sides are fine.
 */
export function touchOf(quote: Quote): Touch | { readonly missing: string } {
  const bid = usablePrice(quote.bid);
  const ask = usablePrice(quote.ask);
  if (bid === null) return { missing: 'the quote has no bid' };
  if (ask === null) return { missing: 'the quote has no ask' };
  if (bid.gt(ask)) return { missing: 'the quote is crossed: its bid is above its ask' };
  return { bid, ask, mid: bid.plus(ask).times(half) };
}

/** A quoted price, or null where it is absent, no number, zero or negative. */
export function usablePrice(price: DecimalText | null): Fixed | null {
  if (price === null || !isDecimalText(price)) return null;
  const value = fixed(price);
  return value.isPositive() ? value : null;
}
