import { z } from 'zod';
import { positiveDecimal } from '../money/positive-decimal.ts';
import { brokenFields, evenIfBroken, moment } from './intent-fields.ts';
import type { OrderConstraints } from './intent.ts';

/** What a proposer may ask to hold of its own order, beside the policy. Rule R21 judges it. */
export const ConstraintsInput = z
  .strictObject({
    maxSlippageBps: positiveDecimal('maxSlippageBps')
      .optional()
      .describe('Most slippage, in 1/10 000'),
    maxNotional: positiveDecimal('maxNotional')
      .optional()
      .describe('Most notional at worst, in base currency'),
    minDailyVolume: positiveDecimal('minDailyVolume')
      .optional()
      .describe('Least mean units traded a day'),
    notBefore: moment.optional().describe('May be sent from, with a zone'),
    notAfter: moment.optional().describe('… until, inclusive'),
  })
  .superRefine((window, context) => {
    const { notBefore, notAfter } = window;
    const broken = brokenFields(context);
    if (notBefore === undefined || notAfter === undefined) return;
    if (broken.has('notBefore') || broken.has('notAfter') || notAfter > notBefore) return;
    context.addIssue({ code: 'custom', path: ['notAfter'], message: 'must be after notBefore' });
  }, evenIfBroken);
export type ConstraintsInput = z.output<typeof ConstraintsInput>;

/** The constraints as terms; null where nothing is asked. */
export function constraintsOf(input: ConstraintsInput | undefined): OrderConstraints | null {
  if (input === undefined || Object.values(input).every((value) => value === undefined)) {
    return null;
  }
  return {
    maxSlippageBps: input.maxSlippageBps ?? null,
    maxNotional: input.maxNotional ?? null,
    minDailyVolume: input.minDailyVolume ?? null,
    notBefore: input.notBefore ?? null,
    notAfter: input.notAfter ?? null,
  };
}
