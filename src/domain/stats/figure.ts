import { decimalText, type DecimalText } from '../money/decimal.ts';

/** Beyond it a double has no six decimals left that mean anything. */
const largest = 1e9;

/** A statistic as text with at most `decimals` after the point; null where it is no number that means anything. */
export function figure(value: number, decimals: number): DecimalText | null {
  if (!Number.isFinite(value) || Math.abs(value) > largest) return null;
  return decimalText(value.toFixed(decimals));
}
