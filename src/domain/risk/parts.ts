import { fixed } from '../money/fixed.ts';
import { cannotEvaluate, type Judged } from './judge.ts';
import type { RuleResult } from './rule.ts';

/** One of several figures that a rule judges together; `name` says which, e.g. `orders today`. */
export type Part = {
  readonly name: string;
  readonly answer: RuleResult;
};

const severity = { off: 0, pass: 0, warn: 1, 'cannot-evaluate': 2, deny: 3 } as const;

/**
 * One answer for all parts: the worst outcome (deny, then cannot-evaluate, then warn), every part's figures in the
 * order given, and the largest share. `parts` is not empty.
 */
export function judgeTogether(parts: readonly Part[]): RuleResult {
  let worst: RuleResult['outcome'] = 'pass';
  for (const { answer } of parts) {
    if (severity[answer.outcome] > severity[worst]) worst = answer.outcome;
  }
  if (worst === 'cannot-evaluate') return cannotEvaluate(listed(parts, missingText));
  return {
    outcome: worst === 'off' ? 'pass' : worst,
    observed: listed(parts, observedText),
    limit: listed(parts, limitText),
    share: largestShare(parts),
  };
}

/** The answer for something that is either as asked or not. */
export function judgeFit(fits: boolean, observed: string, limit: string): Judged {
  return { outcome: fits ? 'pass' : 'deny', observed, limit, share: null };
}

function listed(parts: readonly Part[], textOf: (part: Part) => string | null): string {
  let text = '';
  for (const part of parts) {
    const piece = textOf(part);
    if (piece !== null) text += text === '' ? piece : `; ${piece}`;
  }
  return text;
}

function missingText({ name, answer }: Part): string | null {
  return 'missing' in answer ? `${name}: ${answer.missing}` : null;
}

function observedText({ name, answer }: Part): string {
  return 'observed' in answer ? `${name} ${answer.observed}` : `${name} not known`;
}

function limitText({ name, answer }: Part): string | null {
  return 'limit' in answer ? `${name} ${answer.limit}` : null;
}

function largestShare(parts: readonly Part[]): string | null {
  let largest: string | null = null;
  for (const { answer } of parts) {
    const share = 'share' in answer ? answer.share : null;
    if (share === null) continue;
    if (largest === null || fixed(share).gt(fixed(largest))) largest = share;
  }
  return largest;
}
