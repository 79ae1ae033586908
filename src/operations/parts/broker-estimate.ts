import { z } from 'zod';
import { isKnown, type BrokerFacts } from '../../domain/risk/facts.ts';
import { decimal } from './shapes.ts';

/** The broker's own estimate of an order (a what-if order), in the account's base currency; null = it did not say. */
export const BrokerEstimateShape = z.object({
  initialMarginBefore: decimal.nullable(),
  initialMarginAfter: decimal.nullable(),
  maintenanceMarginBefore: decimal.nullable(),
  maintenanceMarginAfter: decimal.nullable(),
  equityWithLoanAfter: decimal.nullable(),
  commission: decimal.nullable(),
  commissionCurrency: z.string().nullable(),
  hasWarning: z.boolean().describe('The broker adds a warning, which the operator sees'),
  missing: z.string().nullable().describe('Why there is no estimate, else null'),
});

/** The estimate without the broker's text, which is for operators only. */
export function showBrokerEstimate(
  whatIf: BrokerFacts['whatIf'],
): z.input<typeof BrokerEstimateShape> {
  if (isKnown(whatIf)) {
    const { warning, ...figures } = whatIf.value;
    return { ...figures, hasWarning: warning !== '', missing: null };
  }
  return {
    initialMarginBefore: null,
    initialMarginAfter: null,
    maintenanceMarginBefore: null,
    maintenanceMarginAfter: null,
    equityWithLoanAfter: null,
    commission: null,
    commissionCurrency: null,
    hasWarning: false,
    missing: whatIf.missing,
  };
}
