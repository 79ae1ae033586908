import { Decimal } from 'decimal.js';

/**
 * Exact decimal arithmetic for money, prices and quantities. Values travel as canonical decimal strings
 * (`DecimalText`: no exponent, no leading `+`, no trailing zeros) and are computed with as `Decimal`;
 * a binary floating-point number never holds an amount.
 */
export const Dec = Decimal.clone({ precision: 40, toExpNeg: -40, toExpPos: 40 });
export type Dec = Decimal;

/** A finite decimal in canonical text, e.g. `"189.5"`, `"-0.005"`. */
export type DecimalText = string & { readonly __brand: 'DecimalText' };

const decimalPattern = /^-?\d{1,20}(\.\d{1,18})?$/;

/** Whether `text` is a plain decimal: optional minus, at most 20 digits before and 18 after the point. */
export function isDecimalText(text: string): boolean {
  return decimalPattern.test(text);
}

/** Reads a decimal text exactly. Throws `RangeError` on anything else (NaN, exponents, blanks). */
export function dec(value: DecimalText | string | number): Dec {
  const text = typeof value === 'number' ? String(value) : value;
  const parsed = new Dec(text);
  if (!parsed.isFinite()) throw new RangeError('not a finite decimal');
  return parsed;
}

/** The canonical text of a decimal (`-0` becomes `0`). */
export function decimalText(value: Dec | string | number): DecimalText {
  const parsed = value instanceof Decimal ? value : dec(value);
  if (!parsed.isFinite()) throw new RangeError('not a finite decimal');
  return (parsed.isZero() ? '0' : parsed.toFixed()) as DecimalText;
}
