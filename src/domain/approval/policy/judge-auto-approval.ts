import { fixed } from '../../money/fixed.ts';
import type { DecimalText } from '../../money/decimal.ts';
import { externalTextFlags } from '../external-text.ts';
import type { AutoApprovalPolicy } from './auto-policy.ts';
import {
  notionalOf,
  refuse,
  type AutoInput,
  type CategoryAnswer,
  type Matched,
} from './category.ts';
import { autoCategories } from './index.ts';

/**
 * Whether an order may be approved without a human. Everything must hold and everything is said: what never depends
 * on the policy first, then threshold and cumulative limit, then every category that is on.
 */

/** The judgement. `why` has every reason, in a fixed order, and is never empty. */
export type AutoJudgement =
  | {
      readonly approved: true;
      readonly matched: readonly Matched[];
      readonly policyHash: string;
      /** What counts against the cumulative limit from now on, base currency. */
      readonly notional: DecimalText;
      /** The DCA schedule that the order belongs to; null where that category is off. */
      readonly schedule: string | null;
    }
  | { readonly approved: false; readonly why: readonly Refusal[]; readonly policyHash: string };

/** One reason. `why` is one sentence of ours without a full stop. */
export type Refusal = { readonly check: string; readonly why: string };

/** Judges an order that the gate has evaluated. Pure; a missing fact is a reason, never a default. */
export function judgeAutoApproval(
  input: AutoInput,
  policy: AutoApprovalPolicy,
  environment: 'dev' | 'paper' | 'live',
): AutoJudgement {
  const { hash: policyHash } = policy;
  const why = [...standing(policy, environment), ...conditions(input)];
  const matched: Matched[] = [];
  let schedule: string | null = null;
  const hold = (check: string, answer: CategoryAnswer): void => {
    if (!answer.matches) {
      why.push({ check, why: answer.why });
      return;
    }
    const { observed, limit } = answer;
    matched.push({ category: check, observed, limit });
    schedule = answer.schedule ?? schedule;
  };
  hold('threshold', withinThreshold(input, policy));
  hold('cumulative', withinCumulative(input, policy));
  for (const category of autoCategories) {
    const settings = policy.categories[category.key];
    if (settings !== 'off') hold(category.key, category.check(input, settings));
  }
  const notional = notionalOf(input.evaluation);
  if (why.length > 0 || notional === null) return { approved: false, why, policyHash };
  return { approved: true, matched, policyHash, notional: notional.text(), schedule };
}

/** Whether the policy approves anything at all here. */
function standing(
  { enabled, environments }: AutoApprovalPolicy,
  environment: 'dev' | 'paper' | 'live',
): Refusal[] {
  return [
    ...(enabled ? [] : [{ check: 'policy', why: 'automatic approval is off' }]),
    ...(environments.includes(environment)
      ? []
      : [{ check: 'environment', why: `the policy is not for ${environment}` }]),
  ];
}

/** What no policy can allow. */
function conditions(input: AutoInput): Refusal[] {
  const { evaluation, words, round, requiredApprovals, isHalted } = input;
  const { verdict, simulation } = evaluation;
  const warning = verdict.rules.filter(({ outcome }) => outcome === 'warn');
  const missing = new Set(
    verdict.rules
      .filter(({ outcome }) => outcome !== 'off')
      .flatMap(({ facts }) => facts.filter(({ at }) => at === null).map(({ name }) => name)),
  );
  const flags = externalTextFlags([words.reason, words.strategyTag ?? '']);
  const found: readonly (readonly [isSo: boolean, check: string, why: string])[] = [
    [isHalted, 'halted', 'trading is halted'],
    [round !== 1, 'round', 'something did not hold when the order was to be sent'],
    [requiredApprovals !== 1, 'quorum', `${requiredApprovals} people must approve`],
    [verdict.outcome !== 'pass', 'verdict', `the gate says ${verdict.outcome}`],
    [
      warning.length > 0 || verdict.warnings > 0,
      'warnings',
      `the gate warns: ${warning.map(({ rule }) => rule).join(', ')}`,
    ],
    [missing.size > 0, 'facts', `missing: ${[...missing].join(', ')}`],
    [simulation.status !== 'ok', 'simulation', `the simulation says ${simulation.status}`],
    [flags.length > 0, 'external-text', `the words hold ${flags.join(', ')}`],
  ];
  return found.flatMap(([isSo, check, why]) => (isSo ? [{ check, why }] : []));
}

function withinThreshold(
  { evaluation }: AutoInput,
  { threshold }: AutoApprovalPolicy,
): CategoryAnswer {
  const notional = notionalOf(evaluation);
  if (notional === null) return refuse('the order could not be simulated');
  if (!notional.isPositive()) return refuse('the notional is not above zero');
  return notional.gt(fixed(threshold))
    ? refuse(`${notional.text()} is above ${threshold}`)
    : { matches: true, observed: notional.text(), limit: threshold };
}

function withinCumulative(
  { evaluation, usage }: AutoInput,
  policy: AutoApprovalPolicy,
): CategoryAnswer {
  const { limit } = policy.cumulative;
  const notional = notionalOf(evaluation);
  if (notional === null) return refuse('the order could not be simulated');
  const total = fixed(usage.notionalToday).plus(notional);
  return total.gt(fixed(limit))
    ? refuse(`${total.text()} together with today's earlier ones is above ${limit}`)
    : { matches: true, observed: total.text(), limit };
}
