import { z } from 'zod';
import { decimalText, type DecimalText } from './decimal.ts';

const plain = /^\d+(\.\d+)?$/;
const mostWhole = 18;
const mostDecimals = 12;
/** As many digits as a binary number keeps, whatever they are. */
const exactDigits = 15;

/**
 * A caller's positive decimal, as text or as a number that is still the one the caller wrote; in canonical text. At
 * most 18 digits before and 12 after the point. With `isSent` also one that the broker's wire can carry exactly.
 */
export const positiveDecimal = (what: string, { isSent = false } = {}) =>
  z.union([z.string(), z.number()]).transform((value, context): DecimalText => {
    const text = typeof value === 'number' ? String(value) : value.replace(/^ +| +$/g, '');
    const problem = problemOf(text, typeof value === 'number', isSent);
    if (problem === null) return decimalText(text);
    context.addIssue({ code: 'custom', message: `${what} ${problem}` });
    return z.NEVER;
  });

function problemOf(text: string, isNumber: boolean, isSent: boolean): string | null {
  if (!plain.test(text) || !/[1-9]/.test(text)) {
    return 'must be a positive decimal, e.g. "5" or "189.50"';
  }
  const [whole = '', decimals = ''] = text.split('.');
  if (whole.length > mostWhole || decimals.length > mostDecimals) {
    return `must have at most ${mostWhole} digits before and ${mostDecimals} after the point`;
  }
  if (isNumber && whole.length + decimals.length > exactDigits) {
    return 'has more digits than a number keeps: send it as text';
  }
  if (!isSent || isSendable(decimalText(text))) return null;
  return 'has more digits than an order can carry, or is below 0.000001';
}

/** Whether the broker's wire, which takes a binary number, can carry the decimal exactly. */
export function isSendable(text: DecimalText): boolean {
  return String(Number(text)) === text;
}
