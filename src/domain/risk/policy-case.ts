import type { DecimalText } from '../money/decimal.ts';
import type { OrderTerms } from '../order/intent.ts';
import { isAgainst } from './evaluate.ts';
import type { GateFacts } from './facts.ts';
import { evaluateWithNearest } from './nearest.ts';
import type { RiskPolicy } from './policy.ts';
import type { RuleResult, Verdict } from './rule.ts';

/** Cases of a policy: an order, its facts, and what the gate is expected to say of it. */

/** What a case expects. What it does not name may be anything. */
export type PolicyExpectation = {
  readonly outcome: Verdict['outcome'];
  /** By rule id. */
  readonly rules: Readonly<Record<string, RuleResult['outcome']>>;
  /** Of a denied order: what the nearest one that passes has, or that there is none. */
  readonly nearest:
    'none' | { readonly quantity?: DecimalText; readonly limitPrice?: DecimalText } | null;
};

export type PolicyCase = {
  readonly name: string;
  readonly terms: OrderTerms;
  readonly facts: GateFacts;
  readonly policy: RiskPolicy;
  readonly expect: PolicyExpectation;
};

/** One thing that a case expects, with what the gate said. */
export type Compared = {
  /** `outcome`, a rule's id, `nearest`, `nearest.quantity` or `nearest.limitPrice`. */
  readonly what: string;
  readonly expected: string;
  readonly got: string;
};

export type PolicyCaseResult = {
  readonly name: string;
  readonly ok: boolean;
  readonly compared: readonly Compared[];
  readonly verdict: Verdict;
  /** The rules that keep the order from passing, each with what it saw or missed. */
  readonly against: readonly { readonly rule: string; readonly why: string }[];
};

/** Puts a case to the gate. Pure and total. */
export function runPolicyCase({
  name,
  terms,
  facts,
  policy,
  expect,
}: PolicyCase): PolicyCaseResult {
  const { verdict } = evaluateWithNearest(terms, facts, policy);
  const compared = [
    { what: 'outcome', expected: expect.outcome, got: verdict.outcome },
    ...Object.entries(expect.rules).map(([rule, expected]) => {
      const got = verdict.rules.find((one) => one.rule === rule)?.outcome;
      return { what: rule, expected, got: got ?? 'no such rule' };
    }),
    ...compareNearest(expect.nearest, verdict.nearest),
  ];
  return {
    name,
    ok: compared.every(({ expected, got }) => expected === got),
    compared,
    verdict,
    against: verdict.rules.filter(isAgainst).map((one) => ({ rule: one.rule, why: whyOf(one) })),
  };
}

function whyOf(result: RuleResult): string {
  if (result.outcome === 'off') return 'off';
  if (result.outcome === 'cannot-evaluate') return `cannot evaluate: ${result.missing}`;
  return `${result.observed}, limit ${result.limit}`;
}

function compareNearest(
  expected: PolicyExpectation['nearest'],
  nearest: Verdict['nearest'],
): Compared[] {
  if (expected === null) return [];
  const kind = nearest?.kind ?? 'not looked for';
  if (expected === 'none') return [{ what: 'nearest', expected, got: kind }];
  const found = nearest?.kind === 'found' ? nearest : null;
  return (['quantity', 'limitPrice'] as const).flatMap((field) => {
    const wanted = expected[field];
    if (wanted === undefined) return [];
    const got = found === null ? kind : (found[field] ?? 'no limit');
    return [{ what: `nearest.${field}`, expected: wanted, got }];
  });
}
