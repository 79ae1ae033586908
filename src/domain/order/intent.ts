import { z } from 'zod';
import type { AccountId, ConId } from '../ids.ts';
import { OrderedInstrument } from '../instrument/instrument-query.ts';
import type { DecimalText } from '../money/decimal.ts';
import { positiveDecimal } from '../money/positive-decimal.ts';
import type { Instant } from '../time/instant.ts';
import { combinationProblems, type CombinationProblem } from './combination.ts';
import { ConstraintsInput } from './constraints.ts';
import { brokenFields, evenIfBroken, moment, plainText } from './intent-fields.ts';
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
  positiveDecimal(field, { isSent: true })
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

const intentShape = {
  account: z
    .string()
    .regex(/^[A-Z]{1,3}\d{4,12}$/, 'account must look like DU1234567')
    .optional()
    .describe('IBKR account; may be left out where the gateway serves exactly one'),
  instrument: OrderedInstrument,
  side: z.enum(sides),
  quantity: positiveDecimal('quantity', { isSent: true })
    .optional()
    .describe('Units as a decimal text, e.g. "5"; exactly one of quantity and notional'),
  notional: positiveDecimal('notional')
    .optional()
    .describe(
      'Money in the instrument\'s currency instead, e.g. "1000": rounded down to whole lots',
    ),
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
  constraints: ConstraintsInput.optional().describe('Limits of your own to this order'),
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
function refineIntent(order: { readonly [name: string]: unknown }, context: z.RefinementCtx): void {
  const broken = brokenFields(context);
  const refuse = ({ field, message }: CombinationProblem): void => {
    if (!broken.has(field)) context.addIssue({ code: 'custom', path: [field], message });
  };
  const isGiven = (field: string): boolean => order[field] !== undefined || broken.has(field);
  if (isGiven('quantity') === isGiven('notional')) {
    const field = isGiven('quantity') ? 'notional' : 'quantity';
    refuse({ field, message: 'give exactly one of quantity and notional' });
  }
  const { orderType, tif } = order;
  if (!isOrderType(orderType) || !(tif === undefined || isTimeInForce(tif))) return;
  combinationProblems({ ...order, orderType, tif }).forEach(refuse);
}

/**
 * What an agent may say: intentions, never facts. Strict: unknown fields are refused. Prices are per unit
 * in the instrument's currency; quantity is in units of the instrument, notional in its currency.
 */
export const OrderIntent = z.strictObject(intentShape).superRefine(refineIntent, evenIfBroken);
export type OrderIntent = z.infer<typeof OrderIntent>;

/** As `OrderIntent`, but the reason may be left out: for orders that are only looked at. */
export const OrderDraft = z
  .strictObject({ ...intentShape, reason: intentShape.reason.optional() })
  .superRefine(refineIntent, evenIfBroken);
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
