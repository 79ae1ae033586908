import { z } from 'zod';
import { decimalText, isDecimalText, type DecimalText } from '../money/decimal.ts';

/**
 * The kinds of limits that a rule's entry in the policy file is made of. Nothing has a default: a limit that is
 * not wholly valid is refused, and the message says what was expected.
 */

/** A limit: plain decimal of 0 or more, as text or as a number that is exact in YAML. */
const decimal = (expected: string, isAllowed: (text: DecimalText) => boolean = () => true) =>
  z.union([z.string(), z.number()], { error: expected }).transform((raw, context) => {
    const text = String(raw);
    const value = isDecimalText(text) ? decimalText(text) : null;
    if (value !== null && !value.startsWith('-') && isAllowed(value)) return value;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });

/** Money in base currency, or a number of units. */
export const amount = decimal('a decimal of 0 or more, e.g. "50000" or "0.1"');

/** The same above 0, for a floor: a floor of 0 would be none without saying so. */
export const positiveAmount = decimal('a decimal above 0, e.g. "100000"', (text) => text !== '0');

/** Says that there is no such limit. */
export const off = z.literal('off');

/** A share, 0..1. */
export const share = decimal('a share from 0 to 1, e.g. "0.1"', (text) => Number(text) <= 1);

/** Basis points, 1/10 000. */
export const bps = decimal(
  'basis points from 0 to 10000, e.g. "50"',
  (text) => Number(text) <= 10_000,
);

export const flag = z.boolean({ error: 'true or false' });

/** A whole number, bounds inclusive. */
export const whole = (min: number, max: number) => {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};
