import { GatewayError } from '../../domain/errors.ts';
import { dec, decimalText, type DecimalText } from '../../domain/money/decimal.ts';

/**
 * The border between the library's binary numbers and our decimal texts. Inwards the shortest text that reads
 * back as the same number is taken; outwards a decimal that a number cannot hold is refused, never rounded.
 */

/** Digits after the point that a `DecimalText` may have; IBKR's averages can print more. */
const MOST_PLACES = 18;

/** IBKR's "unset" values: the largest double, and the largest 32- and 64-bit integers. */
const sentinels: ReadonlySet<number> = new Set([Number.MAX_VALUE, 2_147_483_647, 2 ** 63]);

/** The decimal text of a number of the library, or null where it is unset, not finite or absurdly large. */
export function fromWire(value: number | undefined): DecimalText | null {
  if (value === undefined || !Number.isFinite(value) || sentinels.has(value)) return null;
  if (Math.abs(value) >= 1e20) return null;
  return decimalText(dec(value).toDecimalPlaces(MOST_PLACES));
}

/** As `fromWire`, for a value that IBKR sends as text (account values). Null where it is no number. */
export function fromWireText(text: string): DecimalText | null {
  return /^-?\d+(\.\d+)?(E[+-]?\d+)?$/i.test(text) ? fromWire(Number(text)) : null;
}

/** A price tick: IBKR says -1 (and 0 for sizes of 0) where there is none. */
export function priceFromWire(value: number | undefined): DecimalText | null {
  return value === undefined || value <= 0 ? null : fromWire(value);
}

/**
 * The number whose printed form is exactly `text`. Throws `VALIDATION` where none exists (too many digits, or a
 * size that JavaScript would print with an exponent).
 */
export function toWire(text: DecimalText, what: string): number {
  const value = Number(text);
  if (String(value) !== decimalText(text)) {
    throw new GatewayError('VALIDATION', `${what} cannot be sent exactly`);
  }
  return value;
}
