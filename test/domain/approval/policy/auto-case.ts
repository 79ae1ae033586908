import { parseAutoApprovalPolicy } from '../../../../src/config/auto-approval-policy.ts';
import type { AutoInput } from '../../../../src/domain/approval/policy/category.ts';
import {
  judgeAutoApproval,
  type AutoJudgement,
} from '../../../../src/domain/approval/policy/judge-auto-approval.ts';
import { isKnown } from '../../../../src/domain/risk/facts.ts';
import { evaluateGate } from '../../../../src/domain/risk/evaluate.ts';
import { contract, d, gateCase, type Change } from '../../gate-facts.ts';

/** What a case changes: of the gate's base case, of the input that comes from it, of the policy file. */
export type AutoChange = {
  readonly gate?: Change;
  readonly input?: Partial<AutoInput>;
  readonly file?: Readonly<Record<string, unknown>>;
  readonly categories?: Readonly<Record<string, unknown>>;
  readonly environment?: 'dev' | 'paper' | 'live';
};

/** A policy that is on and whose categories are off. */
export const file = {
  version: 'test',
  enabled: true,
  environments: ['dev'],
  threshold: '1000',
  cumulative: { limit: '5000', time_zone: 'America/New_York' },
  categories: {
    symbols: 'off',
    security_types: 'off',
    time_windows: 'off',
    order_types: 'off',
    dca_schedules: 'off',
    position_share: 'off',
  },
};

/** The base case (BUY 5 AAPL at 200, worth 1000) as the gate evaluates it. */
export function autoInput(change: Change = {}, more: Partial<AutoInput> = {}): AutoInput {
  const { terms, facts, policy } = gateCase(change);
  return {
    terms,
    contract: isKnown(facts.contract) ? facts.contract.value.contract : contract,
    facts,
    evaluation: evaluateGate(terms, facts, policy),
    words: { reason: 'rebalance the core holding', strategyTag: null },
    usage: { notionalToday: d(0), lastBySchedule: {} },
    round: 1,
    requiredApprovals: 1,
    isHalted: false,
    ...more,
  };
}

/** The judgement of a changed base case. */
export function judged(change: AutoChange = {}): AutoJudgement {
  const categories = { ...file.categories, ...change.categories };
  const policy = parseAutoApprovalPolicy(JSON.stringify({ ...file, ...change.file, categories }));
  const input = autoInput(change.gate, change.input);
  return judgeAutoApproval(input, policy, change.environment ?? 'dev');
}

/** The checks that refuse a changed base case; empty = approved. */
export function refusals(change: AutoChange = {}): readonly string[] {
  const judgement = judged(change);
  return judgement.approved ? [] : judgement.why.map(({ check }) => check);
}
