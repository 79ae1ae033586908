import { z } from 'zod';
import { breachTerms } from '../domain/approval/breaches.ts';
import { orderableSecTypes } from '../domain/instrument/contract.ts';
import { orderTypes } from '../domain/order/order-type.ts';
import { agedFacts, type FactMaxAges } from '../domain/risk/fact-age.ts';
import { amount, bps, flag, whole } from '../domain/risk/limits.ts';
import { riskRules, ruleLimits } from '../domain/risk/rules/index.ts';

/** The shape of a policy file. Nothing has a default; unknown keys are refused at every level. */

/** Whose answer stands whatever a policy says: what is latched, unsettled, or cannot be simulated at all. */
const neverReviewed: ReadonlySet<string> = new Set([
  ...['R0', 'R8', 'R11', 'R16', 'R18', 'R19', 'R21'],
]);
const reviewableRules = riskRules
  .filter(({ id }) => !neverReviewed.has(id))
  .map(({ configKey }) => configKey);

const ageMs = whole(1, 30 * 24 * 3_600_000);
const factMaxAges = z.strictObject(
  Object.fromEntries(agedFacts.map((name) => [inFile(name), ageMs])),
);

/** A fact's name as the file spells it: `workingOrders` is `working_orders`. */
function inFile(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const agentBudget = z
  .strictObject({
    notional_per_order: amount,
    notional_per_day: amount,
    orders_per_day: whole(0, 100_000),
    pending_approvals: whole(0, 1000),
    asks_per_hour: whole(0, 100_000),
    sec_types: z.array(z.enum(orderableSecTypes)),
    order_types: z.array(z.enum(orderTypes)),
    con_ids: z.array(z.int().positive()).nullable(),
  })
  .transform((entry) => ({
    notionalPerOrder: entry.notional_per_order,
    notionalPerDay: entry.notional_per_day,
    ordersPerDay: entry.orders_per_day,
    pendingApprovals: entry.pending_approvals,
    asksPerHour: entry.asks_per_hour,
    secTypes: entry.sec_types,
    orderTypes: entry.order_types,
    conIds: entry.con_ids,
  }));

/** The file's own form without `off_because`, and its translation into the domain's. */
export const PolicyFile = z
  .strictObject({
    version: z
      .string({ error: 'a text, e.g. "2026-11-24"' })
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 'letters, digits and . _ - only, at most 40'),
    rules: ruleLimits,
    manual_review: z.partialRecord(
      z.enum(reviewableRules),
      z.array(z.enum(['deny', 'cannot-evaluate'])),
    ),
    budgets: z.strictObject({
      default: agentBudget,
      agents: z.record(z.string(), agentBudget),
    }),
    breaches: z.partialRecord(z.enum(breachTerms), z.enum(['ask', 'deny', 'halt'])),
    price_band_bps: bps,
    quote_max_age_ms: whole(1, 600_000),
    fact_max_age_ms: factMaxAges,
    approvals: z.strictObject({
      required_approvals: whole(1, 10),
      ttl_seconds: whole(1, 3600),
    }),
    channels: z.strictObject({
      temporal: z.strictObject({
        dev: flag,
        paper: flag,
        live: z.literal(false, { error: 'false: raw Temporal signals never count in live' }),
      }),
    }),
  })
  .transform((file) => ({
    version: file.version,
    rules: file.rules,
    manualReview: file.manual_review,
    budgets: file.budgets,
    breaches: file.breaches,
    priceBandBps: file.price_band_bps,
    quoteMaxAgeMs: file.quote_max_age_ms,
    factMaxAgeMs: Object.fromEntries(
      agedFacts.map((name) => [name, file.fact_max_age_ms[inFile(name)]]),
    ) as FactMaxAges,
    approvals: {
      requiredApprovals: file.approvals.required_approvals,
      ttlMs: file.approvals.ttl_seconds * 1000,
    },
    channels: file.channels,
  }));
