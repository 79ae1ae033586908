import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { AutoApprovalPolicy } from '../domain/approval/policy/auto-policy.ts';
import { categorySettings } from '../domain/approval/policy/index.ts';
import { TimeZone } from '../domain/approval/policy/week.ts';
import { canonicalHash } from '../domain/order/envelope.ts';
import { amount, flag } from '../domain/risk/limits.ts';
import { ConfigurationError } from './env.ts';
import { problemsOf } from './risk-policy.ts';
import { environments } from './variables.ts';

/**
 * Reads the auto-approval policy. Nothing has a default: a file that is not wholly valid is refused with every
 * problem listed, also where it says that automatic approval is off.
 */

/** The file's own form, and its translation into the domain's. */
const AutoApprovalFile = z
  .strictObject({
    version: z
      .string({ error: 'a text, e.g. "2026-11-24"' })
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 'letters, digits and . _ - only, at most 40'),
    enabled: flag,
    environments: z.array(z.enum(environments)),
    threshold: amount,
    cumulative: z.strictObject({ limit: amount, time_zone: TimeZone }),
    categories: categorySettings,
  })
  .transform(({ cumulative, ...file }) => ({
    ...file,
    cumulative: { limit: cumulative.limit, timeZone: cumulative.time_zone },
  }));

/** The file that comes with the product for an environment; `AUTO_APPROVAL_POLICY_FILE` names another. */
export function shippedAutoApprovalFile(environment: (typeof environments)[number]): string {
  const path = `../../config/environments/${environment}/auto_approval_policy.json`;
  return fileURLToPath(new URL(path, import.meta.url));
}

/** Reads and validates the file at `path`. Throws `ConfigurationError` listing every problem. */
export function loadAutoApprovalPolicy(path: string): AutoApprovalPolicy {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError('The auto-approval policy cannot be read', [reason]);
  }
  return parseAutoApprovalPolicy(text, path);
}

/** Validates a policy's JSON text. `name` is for messages. Throws `ConfigurationError` listing every problem. */
export function parseAutoApprovalPolicy(
  text: string,
  name = 'auto-approval policy',
): AutoApprovalPolicy {
  const title = `${name} is not a valid auto-approval policy`;
  const parsed = AutoApprovalFile.safeParse(readJson(text, title), { reportInput: true });
  if (!parsed.success) throw new ConfigurationError(title, parsed.error.issues.flatMap(problemsOf));
  return { ...parsed.data, hash: canonicalHash(parsed.data) };
}

/** `JSON.parse` takes the last of two equal keys in silence; the YAML reader, whose subset JSON is, finds them. */
function readJson(text: string, title: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    const twice = parseDocument(text).errors.map((problem) => problem.message);
    if (twice.length > 0) throw new ConfigurationError(title, twice);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) throw new ConfigurationError(title, [error.message]);
    throw error;
  }
}
