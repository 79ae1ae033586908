import { z } from 'zod';
import type { AccountId, ConId } from '../ids.ts';
import { OrderedInstrument } from '../instrument/instrument-query.ts';
import { decimalText, isDecimalText, type DecimalText } from '../money/decimal.ts';
import { instantFromEpochMs, type Instant } from '../time/instant.ts';
import { combinationProblems } from './combination.ts';
import {
  isOrderType,
  isTimeInForce,
  mayWorkOutsideRth,
  needOf,
  orderTypes,
  sides,
  tifsOf,
  timesInForce,
  type OrderType,
  type PriceField,
  type Side,
  type TimeInForce,
} from './order-type.ts';

/** Free text of an agent: no control characters (a NUL would add a field to IBKR's wire format). */
const plainText = (min: number, max: number) =>
  z
    .string()
    .trim()
    .min(min)
    .max(max)
    // eslint-disable-next-line no-control-regex -- refusing control characters is the point
    .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, 'control characters are not allowed');

const positiveDecimal = (what: string) =>
  z.union([z.string(), z.number()]).transform((value, context): DecimalText => {
    const text = typeof value === 'number' ? String(value) : value.trim();
    if (!isDecimalText(text) || !/[1-9]/.test(text) || text.startsWith('-')) {
      context.addIssue({
        code: 'custom',
        message: `${what} must be a positive decimal, e.g. "5" or "189.50"`,
      });
      return z.NEVER;
    }
    return decimalText(text);
  });

/** Which types do what with a price field, for its description: `needed by LMT, LOC; not for others`. */
function needWords(field: PriceField): string {
  const words = { needed: 'needed by', optional: 'optional for', 'one-of': 'one of the two for' };
  const parts = Object.entries(words).flatMap(([need, says]) => {
    const types = orderTypes.filter((type) => needOf(type, field) === need);
    return types.length === 0 ? [] : [`${says} ${types.join(', ')}`];
  });
  return `${parts.join(', ')}; not for others`;
}

const meanings: Readonly<Record<PriceField, string>> = {
  limitPrice: 'Worst price',
  stopPrice: 'Trigger; of a trailing order where its stop starts',
  trailingAmount: 'Distance of the stop from the market, per unit',
  trailingPercent: 'The same in percent, e.g. "2"',
  limitOffset: 'How far the limit is behind the stop, per unit',
};

const price = (field: PriceField) =>
  positiveDecimal(field)
    .optional()
    .describe(`${meanings[field]}: ${needWords(field)}`);

/** `tif` and the types that accept it, as one text. */
function tifChoices(): string {
  const choices = timesInForce.map((tif) => {
    const types = orderTypes.filter((type) => tifsOf(type).includes(tif));
    return `${tif} (${types.join(', ')})`;
  });
  return `Time in force: ${choices.join('; ')}. Left out: OPG for MOO and LOO, else DAY`;
}

/** A moment with its zone, to the second, which is the finest that the wire knows. */
const moment = z.iso
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

const intentShape = {
  account: z
    .string()
    .regex(/^[A-Z]{1,3}\d{4,12}$/, 'account must look like DU1234567')
    .optional()
    .describe('IBKR account; may be left out where the gateway serves exactly one'),
  instrument: OrderedInstrument,
  side: z.enum(sides),
  quantity: positiveDecimal('quantity').describe('quantity as a decimal text, e.g. "5"'),
  orderType: z.enum(orderTypes),
  limitPrice: price('limitPrice'),
  stopPrice: price('stopPrice'),
  trailingAmount: price('trailingAmount'),
  trailingPercent: price('trailingPercent'),
  limitOffset: price('limitOffset'),
  tif: z.enum(timesInForce).optional().describe(tifChoices()),
  goodTillDate: moment
    .optional()
    .describe('When the order ends: exactly with tif GTD, at most 90 days ahead, with a zone'),
  outsideRth: z
    .boolean()
    .default(false)
    .describe(
      `Also outside regular trading hours: ${orderTypes.filter((type) => mayWorkOutsideRth(type, 'DAY')).join(', ')}`,
    ),
  reason: plainText(10, 1000)
    .refine((text) => text.split(/\s+/).length >= 3, 'reason must have at least three words')
    .describe('Why, for the human who decides: at least 10 characters and 3 words'),
  validForSeconds: z
    .int()
    .min(5)
    .max(3600)
    .optional()
    .describe(
      'How long a human may decide, where less than the policy allows (usually 300 s) is wanted',
    ),
  strategyTag: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,40}$/)
    .optional()
    .describe('Groups orders of one strategy'),
};

/** Refuses what does not go together. Also runs where single fields are wrong, so that all problems are told at once. */
function refineCombination(
  order: { readonly [name: string]: unknown },
  context: z.RefinementCtx,
): void {
  const { orderType, tif } = order;
  if (!isOrderType(orderType) || !(tif === undefined || isTimeInForce(tif))) return;
  const broken = new Set(context.issues.map((issue) => issue.path?.[0]));
  for (const { field, message } of combinationProblems({ ...order, orderType, tif })) {
    if (!broken.has(field)) context.addIssue({ code: 'custom', path: [field], message });
  }
}

const evenIfBroken = {
  when: ({ value }: { readonly value: unknown }) => typeof value === 'object' && value !== null,
};

/**
 * What an agent may say: intentions, never facts. Strict: unknown fields are refused. Prices are per unit
 * in the instrument's currency; quantity is in units of the instrument.
 */
export const OrderIntent = z.strictObject(intentShape).superRefine(refineCombination, evenIfBroken);
export type OrderIntent = z.infer<typeof OrderIntent>;

/** As `OrderIntent`, but the reason may be left out: for orders that are only looked at. */
export const OrderDraft = z
  .strictObject({ ...intentShape, reason: intentShape.reason.optional() })
  .superRefine(refineCombination, evenIfBroken);
export type OrderDraft = z.infer<typeof OrderDraft>;

/**
 * The terms of an order after resolution: what is gated, simulated, signed and sent. All values are ours or IBKR's.
 * What the order's type does not take, or was not given, is null; `combinationProblems` finds none.
 */
export type OrderTerms = {
  readonly account: AccountId;
  readonly conId: ConId;
  readonly side: Side;
  readonly quantity: DecimalText;
  readonly orderType: OrderType;
  readonly limitPrice: DecimalText | null;
  /** Where the order wakes; of a trailing order, where its stop starts. */
  readonly stopPrice: DecimalText | null;
  /** Distance between market and stop, per unit … */
  readonly trailingAmount: DecimalText | null;
  /** … or in percent, `"2"` = 2 %. */
  readonly trailingPercent: DecimalText | null;
  /** How far behind the stop the limit is, per unit. */
  readonly limitOffset: DecimalText | null;
  readonly tif: TimeInForce;
  /** When the order ends, in whole seconds; exactly with TIF GTD. */
  readonly goodTillDate: Instant | null;
  readonly outsideRth: boolean;
  /** What the proposer itself asked to hold, at the gate and at the claim; null where it asked nothing. */
  readonly constraints: OrderConstraints | null;
};

/** Limits that a proposer sets to its own order; null = not set. */
export type OrderConstraints = {
  readonly maxSlippageBps: DecimalText | null;
  /** Worst-case notional in base currency. */
  readonly maxNotional: DecimalText | null;
  /** Mean traded units per day. */
  readonly minDailyVolume: DecimalText | null;
  /** The order may leave from … */
  readonly notBefore: Instant | null;
  /** … until here, inclusive. */
  readonly notAfter: Instant | null;
};
