import { readFileSync } from 'node:fs';
import { parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { secTypes } from '../domain/instrument/contract.ts';
import { decimalText, isDecimalText, type DecimalText } from '../domain/money/decimal.ts';
import { canonicalHash } from '../domain/order/envelope.ts';
import type { RiskPolicy } from '../domain/risk/policy.ts';
import { ConfigurationError } from './env.ts';

/**
 * Reads the risk policy. Nothing has a default and nothing is guessed: a file that is not wholly valid is
 * refused with every problem listed, and the caller must not trade on an older or a made-up policy instead.
 */

const atLeastZero = 'a decimal of 0 or more, e.g. "50000" or "0.1"';

/** A limit: plain decimal of 0 or more, as text or as a number that is exact in YAML. */
const decimal = (expected: string, isAllowed: (text: DecimalText) => boolean = () => true) =>
  z.union([z.string(), z.number()], { error: expected }).transform((raw, context) => {
    const text = String(raw);
    const value = isDecimalText(text) ? decimalText(text) : null;
    if (value !== null && !value.startsWith('-') && isAllowed(value)) return value;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
const amount = decimal(atLeastZero);
const share = decimal('a share from 0 to 1, e.g. "0.1"', (text) => Number(text) <= 1);
const bps = decimal('basis points from 0 to 10000, e.g. "50"', (text) => Number(text) <= 10_000);
const flag = z.boolean({ error: 'true or false' });
const whole = (min: number, max: number) => {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};
const quoteKinds = ['live', 'frozen', 'delayed', 'delayed-frozen'] as const;

const rules = z.strictObject({
  simulation: z
    .strictObject({
      enabled: z.literal(true, { error: 'true: this rule cannot be switched off' }),
      allow_short: flag,
    })
    .transform((rule) => ({ enabled: rule.enabled, allowShort: rule.allow_short })),
  max_notional: z.strictObject({ enabled: flag, limit: amount }),
  max_position_share: z.strictObject({ enabled: flag, limit: share }),
  trading_hours: z
    .strictObject({ enabled: flag, allow_outside_rth: flag })
    .transform((rule) => ({ enabled: rule.enabled, allowOutsideRth: rule.allow_outside_rth })),
  daily_loss: z.strictObject({ enabled: flag, limit: amount }),
  max_quantity: z.strictObject({ enabled: flag, limits: z.record(z.enum(secTypes), amount) }),
  price_collar: z
    .strictObject({
      enabled: flag,
      limit_bps: bps,
      max_spread_bps: bps,
      allowed_quote_kinds: z.array(
        z.enum(quoteKinds, { error: `one of ${quoteKinds.join(', ')}` }),
      ),
    })
    .transform((rule) => ({
      enabled: rule.enabled,
      limitBps: rule.limit_bps,
      maxSpreadBps: rule.max_spread_bps,
      allowedQuoteKinds: rule.allowed_quote_kinds,
    })),
  duplicate: z
    .strictObject({ enabled: flag, window_seconds: whole(1, 86_400) })
    .transform((rule) => ({ enabled: rule.enabled, windowSeconds: rule.window_seconds })),
});

/** The file's own form, and its translation into the domain's. */
const RiskPolicyFile = z
  .strictObject({
    version: z
      .string({ error: 'a text, e.g. "2026-11-24"' })
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 'letters, digits and . _ - only, at most 40'),
    rules,
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
    priceBandBps: file.price_band_bps,
    quoteMaxAgeMs: file.quote_max_age_ms,
    approvals: {
      requiredApprovals: file.approvals.required_approvals,
      ttlMs: file.approvals.ttl_seconds * 1000,
    },
    channels: file.channels,
  }));

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

function problemsOf(issue: z.core.$ZodIssue): string[] {
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
