import type { Latch } from './facts.ts';
import type { Judged } from './judge.ts';
import type { RuleResult } from './rule.ts';

/** The scope of a latch that stops everything of the account. */
export const accountScope = 'account';

/** The denial of a rule that is latched for `scope`, in the words of when it was set; null where it is not. */
export function latchedAnswer(
  rule: string,
  scope: string,
  latches: readonly Latch[],
): Judged | null {
  const latch = latches.find((active) => active.rule === rule && active.scope === scope);
  if (latch === undefined) return null;
  return {
    outcome: 'deny',
    observed: `latched since ${latch.since}: ${latch.observed}`,
    limit: latch.limit,
    share: null,
  };
}

/** The same answer; a denial latches the rule for `scope`. */
export function latching(answer: RuleResult, scope: string): RuleResult {
  return answer.outcome === 'deny' ? { ...answer, latch: scope } : answer;
}
