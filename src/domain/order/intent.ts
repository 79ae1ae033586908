import { z } from 'zod';
import type { AccountId, ConId } from '../ids.ts';
import { InstrumentQuery } from '../instrument/instrument-query.ts';
import { decimalText, isDecimalText, type DecimalText } from '../money/decimal.ts';

/** Order types by IBKR's own names, and which prices each takes. Adding one is a row here. */
const orderTypeTable = {
  MKT: { takesLimitPrice: false },
  LMT: { takesLimitPrice: true },
} as const satisfies Record<string, { takesLimitPrice: boolean }>;
export type OrderType = keyof typeof orderTypeTable;
export const orderTypes = Object.keys(orderTypeTable) as [OrderType, ...OrderType[]];

/** Whether an order of that type must carry a limit price; the others must not. */
export function takesLimitPrice(orderType: OrderType): boolean {
  return orderTypeTable[orderType].takesLimitPrice;
}

/** Times in force that can be sent. */
export const timesInForce = ['DAY', 'GTC', 'IOC'] as const;
export type TimeInForce = (typeof timesInForce)[number];
export const sides = ['BUY', 'SELL'] as const;
export type Side = (typeof sides)[number];

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
  z
    .union([z.string(), z.number()])
    .transform((value, context): DecimalText => {
      const text = typeof value === 'number' ? String(value) : value.trim();
      if (!isDecimalText(text) || !/[1-9]/.test(text) || text.startsWith('-')) {
        context.addIssue({
          code: 'custom',
          message: `${what} must be a positive decimal, e.g. "5" or "189.50"`,
        });
        return z.NEVER;
      }
      return decimalText(text);
    })
    .describe(`${what} as a decimal text, e.g. "5" or "189.50"`);

/** Refuses a price that the order's type does not take, and asks for one that it needs. */
export function checkPrices(
  order: { readonly orderType: OrderType; readonly limitPrice?: DecimalText | undefined },
  context: z.RefinementCtx,
): void {
  const { orderType, limitPrice } = order;
  if (takesLimitPrice(orderType) === (limitPrice !== undefined)) return;
  const message = takesLimitPrice(orderType)
    ? `an order of type ${orderType} needs a limitPrice`
    : `an order of type ${orderType} takes no limitPrice`;
  context.addIssue({ code: 'custom', path: ['limitPrice'], message });
}

/**
 * What an agent may say: intentions, never facts. Strict: unknown fields are refused. Prices are per unit
 * in the instrument's currency; quantity is in shares.
 */
export const OrderIntent = z
  .strictObject({
    account: z
      .string()
      .regex(/^[A-Z]{1,3}\d{4,12}$/, 'account must look like DU1234567')
      .optional()
      .describe('IBKR account; may be left out where the gateway serves exactly one'),
    instrument: InstrumentQuery,
    side: z.enum(sides),
    quantity: positiveDecimal('quantity'),
    orderType: z.enum(orderTypes),
    limitPrice: positiveDecimal('limitPrice').optional(),
    tif: z.enum(timesInForce).default('DAY').describe('Time in force'),
    outsideRth: z.boolean().default(false).describe('Also outside regular trading hours'),
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
  })
  .superRefine(checkPrices);
export type OrderIntent = z.infer<typeof OrderIntent>;

/** The terms of an order after resolution: what is gated, simulated, signed and sent. All values are ours or IBKR's. */
export type OrderTerms = {
  readonly account: AccountId;
  readonly conId: ConId;
  readonly side: Side;
  readonly quantity: DecimalText;
  readonly orderType: OrderType;
  /** Present exactly for the types that take one. */
  readonly limitPrice: DecimalText | null;
  readonly tif: TimeInForce;
  readonly outsideRth: boolean;
};
