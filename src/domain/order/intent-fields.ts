import { z } from 'zod';
import { instantFromEpochMs, type Instant } from '../time/instant.ts';

/**
 * Kinds of fields of an intent. Free text is read by the human who decides: nothing in it may be invisible or turn
 * the direction of what stands beside it, and a control character would add a field to IBKR's wire format.
 */

/** Free text of an agent. */
export const plainText = (min: number, max: number) =>
  z
    .string()
    .trim()
    .min(min)
    .max(max)
    // eslint-disable-next-line no-control-regex -- refusing control characters is the point
    .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, 'control characters are not allowed')
    .regex(
      /^[^\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]*$/,
      'invisible and direction-changing characters are not allowed',
    );

/** A moment with its zone, to the second, which is the finest that the wire knows. */
export const moment = z.iso
  .datetime({
    offset: true,
    error: 'must be ISO 8601 with a zone, e.g. "2026-12-01T16:00:00-05:00"',
  })
  .transform((text, context): Instant => {
    const ms = Date.parse(text);
    if (Number.isFinite(ms) && ms % 1000 === 0) return instantFromEpochMs(ms);
    context.addIssue({ code: 'custom', message: 'must be a moment in whole seconds' });
    return z.NEVER;
  });

/** Lets a refinement run where single fields are wrong too, so that all problems are told at once. */
export const evenIfBroken = {
  when: ({ value }: { readonly value: unknown }) => typeof value === 'object' && value !== null,
};

/** The fields that are wrong already: what is said of them beside it would only confuse. */
export function brokenFields({ issues }: z.RefinementCtx): ReadonlySet<unknown> {
  return new Set(issues.map((issue) => issue.path?.[0]));
}
