import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { DecimalText } from '../domain/money/decimal.ts';
import { combinationProblems } from '../domain/order/combination.ts';
import type { OrderTerms } from '../domain/order/intent.ts';
import { needOf, orderTypes, sides, tifOf, timesInForce } from '../domain/order/order-type.ts';
import { baseConstraints, baseTerms } from '../domain/risk/base-case.ts';
import { flag, positiveAmount } from '../domain/risk/limits.ts';
import type { PolicyCase, PolicyExpectation } from '../domain/risk/policy-case.ts';
import type { RiskPolicy } from '../domain/risk/policy.ts';
import { riskRules } from '../domain/risk/rules/index.ts';
import { ConfigurationError } from './env.ts';
import { readExactYaml } from './exact-yaml.ts';
import { instant, over } from './over-base.ts';
import { CaseFacts } from './policy-test-facts.ts';
import { parseRiskPolicy, problemsOf, readPolicyText, shippedPolicyFile } from './risk-policy.ts';
import { environments } from './variables.ts';

/**
 * Reads the cases of `countersign policy test`: orders and facts over the base case, with what the gate is expected
 * to say. Strict: a file that is not wholly valid is refused with every problem listed.
 */

type Environment = (typeof environments)[number];

const price = positiveAmount.nullable() as z.ZodType<DecimalText | null>;

const Terms = over(
  baseTerms,
  {
    ...{ side: z.enum(sides), quantity: positiveAmount, orderType: z.enum(orderTypes) },
    ...{ limitPrice: price, stopPrice: price, trailingAmount: price, trailingPercent: price },
    ...{ limitOffset: price, tif: z.enum(timesInForce), goodTillDate: instant.nullable() },
    outsideRth: flag,
    constraints: over(baseConstraints, {
      ...{ maxSlippageBps: price, maxNotional: price, minDailyVolume: price },
      ...{ notBefore: instant.nullable(), notAfter: instant.nullable() },
    }),
  },
  ({ orderType }) => ({
    ...(needOf(orderType, 'limitPrice') === null ? { limitPrice: null } : {}),
    tif: tifOf({ orderType }),
  }),
).superRefine((terms: OrderTerms, context) => {
  const values: Readonly<Record<string, unknown>> = terms;
  for (const { field, message } of combinationProblems(terms)) {
    context.addIssue({ code: 'custom', path: [field], message, input: values[field] });
  }
});

const ruleIds = riskRules.map(({ id }) => id);
const ruleOutcomes = ['pass', 'warn', 'deny', 'cannot-evaluate', 'off'] as const;

const nearestWords = 'none, or a quantity or a limitPrice or both';

const Expectation = z
  .strictObject({
    outcome: z.enum(['pass', 'review', 'deny']),
    rules: z.partialRecord(z.enum(ruleIds), z.enum(ruleOutcomes)).default({}),
    nearest: z
      .union(
        [
          z.literal('none'),
          z
            .strictObject({
              quantity: positiveAmount.optional(),
              limitPrice: positiveAmount.optional(),
            })
            .refine((found) => Object.keys(found).length > 0, nearestWords),
        ],
        { error: nearestWords },
      )
      .optional(),
  })
  .superRefine(({ outcome, nearest }, context) => {
    if (nearest === undefined || outcome === 'deny') return;
    const message = 'none with this outcome: a nearest order is named against a denial only';
    context.addIssue({ code: 'custom', path: ['nearest'], message, input: nearest });
  })
  .transform(
    ({ nearest, ...expected }) => ({ ...expected, nearest: nearest ?? null }) as PolicyExpectation,
  );

const File = z.strictObject({
  policy: z.string({ error: 'dev, paper, live or the path of a policy file' }).min(1),
  cases: z
    .array(
      z.strictObject({
        name: z.string().trim().min(1).max(80),
        terms: Terms.prefault({} as never),
        facts: CaseFacts,
        // Judged where they are put over the policy.
        rules: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
        expect: Expectation,
      }),
    )
    .min(1, 'at least one case')
    .superRefine((cases, context) => {
      const names = cases.map(({ name }) => name);
      names.forEach((name, at) => {
        if (names.indexOf(name) === at) return;
        const message = 'a name that no other case has';
        context.addIssue({ code: 'custom', path: [at, 'name'], message, input: name });
      });
    }),
});

/** The cases of a file, each with the policy that it is put to, and the policy without any case's changes. */
export type PolicyTests = { readonly policy: RiskPolicy; readonly cases: readonly PolicyCase[] };

/**
 * Reads the cases in the file at `path`. `environment` is whose demands a policy file that is named by its path has
 * to meet. Throws `ConfigurationError` listing every problem.
 */
export function loadPolicyTests(path: string, environment: Environment): PolicyTests {
  const title = `${path} is not a valid file of policy cases`;
  const { document, broken, inexact } = readExactYaml(textOf(path));
  if (broken.length > 0) throw new ConfigurationError(title, broken);
  const content: unknown = document.toJS();
  const problems = [...inexact];
  const parsed = File.safeParse(content, { reportInput: true });
  if (!parsed.success)
    problems.push(...parsed.error.issues.flatMap(withinUnion).flatMap(problemsOf));
  const policies = policiesOf(content, path, environment, problems);
  if (!parsed.success || problems.length > 0 || policies === null) {
    throw new ConfigurationError(title, [...new Set(problems)]);
  }
  const cases = parsed.data.cases.map(({ rules: _judged, ...one }, at) => ({
    ...one,
    policy: policies.ofCases[at] ?? policies.policy,
  }));
  return { policy: policies.policy, cases };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError('The policy cases cannot be read', [reason]);
  }
}

/** The policy of the file and of every case that changes rules; problems are added to `problems`. */
function policiesOf(
  content: unknown,
  path: string,
  environment: Environment,
  problems: string[],
): { policy: RiskPolicy; ofCases: readonly (RiskPolicy | undefined)[] } | null {
  const { policy: name, cases } = asTree(content);
  if (typeof name !== 'string' || name === '') return null;
  const shipped = environments.find((one) => one === name);
  const judged = shipped ?? environment;
  const source = shipped === undefined ? resolve(dirname(path), name) : shippedPolicyFile(shipped);
  const read = (place: string, use: () => RiskPolicy): RiskPolicy | undefined => {
    try {
      return use();
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      problems.push(...error.problems.map((problem) => `${place}${problem}`));
      return undefined;
    }
  };
  let text = '';
  const policy = read('policy: ', () => {
    text = readPolicyText(source);
    return parseRiskPolicy(text, source, judged);
  });
  if (policy === undefined) return null;
  const ofCases = (Array.isArray(cases) ? cases : []).map((one: unknown, at) => {
    const changes = asTree(asTree(one)['rules']);
    if (Object.keys(changes).length === 0) return undefined;
    return read(`cases.${at}.`, () => parseRiskPolicy(changed(text, changes), source, judged));
  });
  return { policy, ofCases };
}

/** A policy's text with other values in the entries of some rules. */
function changed(text: string, changes: Tree): string {
  const { document } = readExactYaml(text);
  for (const [rule, entry] of Object.entries(changes)) {
    for (const [key, value] of Object.entries(asTree(entry))) {
      document.setIn(['rules', rule, key], document.createNode(value));
    }
  }
  return document.toString();
}

type Tree = Readonly<Record<string, unknown>>;

function asTree(node: unknown): Tree {
  const isTree = typeof node === 'object' && node !== null && !Array.isArray(node);
  return isTree ? (node as Tree) : {};
}

/** Where a fact may be `missing` or an object: what is wrong with the object that was given. */
function withinUnion(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  const inner = issue.code === 'invalid_union' ? (issue.errors.at(-1) ?? []) : [];
  const isTree = typeof issue.input === 'object' && issue.input !== null;
  if (inner.length === 0 || !isTree) return [issue];
  return inner.flatMap((one) => withinUnion({ ...one, path: [...issue.path, ...one.path] }));
}
