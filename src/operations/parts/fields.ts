import { z } from 'zod';
import type { AccountId, ApprovalId, IntentId, LatchId } from '../../domain/ids.ts';
import type { EnvelopeHash } from '../../domain/order/envelope.ts';

/** Input fields that several operations share, and the one cleaner for text that we did not write. */

export const intentId = z
  .string()
  .regex(/^int_[0-9a-z]{20}$/, 'an intent id looks like int_ and 20 characters')
  .transform((text) => text as IntentId)
  .describe('Intent id of the order, as request_approval returned it');

export const approvalId = z
  .string()
  .regex(/^apr_[0-9a-z]{20}$/, 'an approval id looks like apr_ and 20 characters')
  .transform((text) => text as ApprovalId)
  .describe('Approval id, as list_pending shows it');

export const latchId = z
  .string()
  .regex(/^lch_[0-9a-z]{20}$/, 'a latch id looks like lch_ and 20 characters')
  .transform((text) => text as LatchId)
  .describe('Latch id, as list_latches shows it');

export const envelopeHash = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'an envelope hash looks like sha256: and 64 hex digits')
  .transform((text) => text as EnvelopeHash)
  .describe('Hash of the envelope that the person saw; a decision binds to it');

export const account = z
  .string()
  .regex(/^[A-Z]{1,3}\d{4,12}$/, 'account must look like DU1234567')
  .transform((text) => text as AccountId)
  .optional()
  .describe('IBKR account; may be left out where the gateway serves exactly one');

const momentShape = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** A moment in ISO 8601 with its offset, or a day (its midnight in UTC). */
export const instantField = z
  .string()
  .regex(momentShape, 'ISO 8601 with an offset, e.g. 2026-11-24T14:30:00Z, or a day')
  .refine((text) => !Number.isNaN(Date.parse(text)), 'there is no such moment');

/** Text of a person or agent without control characters. */
export const plainText = (min: number, max: number) =>
  z
    .string()
    .trim()
    .min(min)
    .max(max)
    // eslint-disable-next-line no-control-regex -- refusing control characters is the point
    .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, 'control characters are not allowed');

export const limit = z
  .int()
  .min(1)
  .max(200)
  .default(25)
  .describe('How many rows at most, 1 to 200');

// eslint-disable-next-line no-control-regex -- these are what is removed
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Third-party or human text made safe to show: no control or direction characters, at most `max` long. */
export function cleanText(text: string, max = 120): string {
  return text.replace(unsafe, ' ').trim().slice(0, max);
}
