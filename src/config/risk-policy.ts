import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { canonicalHash } from '../domain/order/envelope.ts';
import { orderableSecTypes } from '../domain/instrument/contract.ts';
import { orderTypes } from '../domain/order/order-type.ts';
import { amount, bps, flag, whole } from '../domain/risk/limits.ts';
import type { RiskPolicy } from '../domain/risk/policy.ts';
import { riskRules, ruleLimits, type RuleKey } from '../domain/risk/rules/index.ts';
import { ConfigurationError } from './env.ts';
import { environments } from './variables.ts';

/**
 * Reads the risk policy. Nothing has a default and nothing is guessed: a file that is not wholly valid is
 * refused with every problem listed, and the caller must not trade on an older or a made-up policy instead.
 */

/** Whose answer stands whatever a policy says: what is latched, unsettled or cannot be simulated at all. */
const neverReviewed: ReadonlySet<RuleKey> = new Set([
  'simulation',
  'daily_loss',
  'unsettled_order',
]);
const reviewableRules = riskRules
  .map(({ configKey }) => configKey)
  .filter((key) => !neverReviewed.has(key));

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

/** The file's own form, and its translation into the domain's. */
const RiskPolicyFile = z
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
    breaches: z.record(z.string(), z.enum(['ask', 'deny', 'halt'])),
    price_band_bps: bps,
    quote_max_age_ms: whole(1, 600_000),
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
    approvals: {
      requiredApprovals: file.approvals.required_approvals,
      ttlMs: file.approvals.ttl_seconds * 1000,
    },
    channels: file.channels,
  }));

/** The policy file that comes with the product for an environment; `RISK_POLICY_FILE` names another. */
export function shippedPolicyFile(environment: (typeof environments)[number]): string {
  const path = `../../config/environments/${environment}/risk_policy.yml`;
  return fileURLToPath(new URL(path, import.meta.url));
}

/** Reads and validates the policy file at `path`. Throws `ConfigurationError` listing every problem. */
export function loadRiskPolicy(path: string): RiskPolicy {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError('The risk policy cannot be read', [reason]);
  }
  return parseRiskPolicy(text, path);
}

/** Validates a policy's YAML text. `name` is for messages. Throws `ConfigurationError` listing every problem. */
export function parseRiskPolicy(text: string, name = 'risk policy'): RiskPolicy {
  const document = parseDocument(text, { prettyErrors: true });
  const broken = [...document.errors, ...document.warnings].map((problem) => problem.message);
  // A limit must stand where it is read: an alias hides it elsewhere, and can be dangling or endless.
  visit(document, {
    Alias: (_key, alias) => {
      broken.push(`got the alias *${alias.source}, expected the value itself`);
    },
  });
  const title = `${name} is not a valid risk policy`;
  if (broken.length > 0) {
    throw new ConfigurationError(title, broken);
  }
  const parsed = RiskPolicyFile.safeParse(document.toJS(), { reportInput: true });
  if (!parsed.success) throw new ConfigurationError(title, parsed.error.issues.flatMap(problemsOf));
  return { ...parsed.data, hash: canonicalHash(parsed.data) };
}

/** What is wrong at one place of a policy file: `rules.x.limit: got -1, expected …`. */
export function problemsOf(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) => `${[...path, key].join('.')}: got an unknown key, expected none`,
    );
  }
  const where = path.length === 0 ? '(the whole file)' : path.join('.');
  return [`${where}: got ${shown(issue.input)}, expected ${expectation(issue)}`];
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    const isOwnText = !issue.message.startsWith('Invalid input');
    return isOwnText ? issue.message : issue.expected;
  }
  return issue.message;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
