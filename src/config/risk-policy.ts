import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { canonicalHash } from '../domain/order/envelope.ts';
import type { RiskPolicy } from '../domain/risk/policy.ts';
import { ConfigurationError } from './env.ts';
import { readExactYaml } from './exact-yaml.ts';
import { failOpenProblems, takeReasons } from './fail-open.ts';
import { PolicyFile } from './policy-schema.ts';
import type { environments } from './variables.ts';

/**
 * Reads the risk policy. Nothing has a default and nothing is guessed: a file that is not wholly valid is
 * refused with every problem listed, and the caller must not trade on an older or a made-up policy instead.
 */

type Environment = (typeof environments)[number];

/** The policy file that comes with the product for an environment; `RISK_POLICY_FILE` names another. */
export function shippedPolicyFile(environment: Environment): string {
  const path = `../../config/environments/${environment}/risk_policy.yml`;
  return fileURLToPath(new URL(path, import.meta.url));
}

/** Reads and validates the policy file at `path`. Throws `ConfigurationError` listing every problem. */
export function loadRiskPolicy(path: string, environment: Environment = 'dev'): RiskPolicy {
  return parseRiskPolicy(readPolicyText(path), path, environment);
}

/** The text of a policy file. Throws `ConfigurationError` where it cannot be read. */
export function readPolicyText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError('The risk policy cannot be read', [reason]);
  }
}

/**
 * Validates a policy's YAML text. `name` is for messages; `live` wants more than the others. Throws
 * `ConfigurationError` listing every problem.
 */
export function parseRiskPolicy(
  text: string,
  name = 'risk policy',
  environment: Environment = 'dev',
): RiskPolicy {
  const { document, broken, inexact } = readExactYaml(text);
  const title = `${name} is not a valid risk policy`;
  if (broken.length > 0) throw new ConfigurationError(title, broken);
  const { file, offBecause, problems } = takeReasons(document.toJS(), environment);
  const parsed = PolicyFile.safeParse(file, { reportInput: true });
  const found = [
    ...(parsed.success ? [] : parsed.error.issues.flatMap(problemsOf)),
    ...problems,
    ...inexact,
    ...failOpenProblems(file),
  ];
  if (!parsed.success || found.length > 0) throw new ConfigurationError(title, onePerPlace(found));
  const content = { ...parsed.data, offBecause };
  return { ...content, hash: canonicalHash(content) };
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

/** The first problem of every place: several checks can meet the same mistake. */
function onePerPlace(problems: readonly string[]): readonly string[] {
  const byPlace = new Map<string, string>();
  for (const problem of problems) {
    const [place = ''] = problem.split(': got ');
    if (!byPlace.has(place)) byPlace.set(place, problem);
  }
  return [...byPlace.values()];
}
