import { z } from 'zod';
import { decimalText, isDecimalText, type DecimalText } from '../domain/money/decimal.ts';
import { instantFromEpochMs, type Instant } from '../domain/time/instant.ts';

/** Kinds of fields of a test file: what a case says over what the base case has. */

/** A signed decimal, as text or as a number that is exact in YAML. */
export const signedDecimal: z.ZodType<DecimalText> = z
  .union([z.string(), z.number()], { error: 'a decimal, e.g. "200"' })
  .transform((raw, context) => {
    if (isDecimalText(String(raw))) return decimalText(String(raw));
    context.addIssue({ code: 'custom', message: 'a decimal, e.g. "200"' });
    return z.NEVER;
  });

/** A moment with its zone. */
export const instant: z.ZodType<Instant> = z.iso
  .datetime({ offset: true, error: 'a moment with its zone, e.g. "2026-11-24T15:00:00Z"' })
  .transform((text) => instantFromEpochMs(Date.parse(text)));

/** An object of which a file gives any part and `base` has the rest. `derive` works out what follows from that part. */
export function over<T extends object>(
  base: T,
  fields: { readonly [K in keyof T]?: z.ZodType<T[K]> },
  derive: (given: T) => Partial<T> = () => ({}),
): z.ZodType<T> {
  const optional = Object.entries(fields).map(([name, field]) => [
    name,
    (field as z.ZodType).optional(),
  ]);
  const shape = Object.fromEntries(optional) as z.ZodRawShape;
  return z.strictObject(shape).transform((given): T => {
    // Each field has the type that `fields` demands of its schema; over a list of keys the compiler loses that.
    const part = given as Partial<T>;
    return { ...base, ...derive({ ...base, ...part }), ...part };
  });
}
