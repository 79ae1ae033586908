import { Fixed } from '../money/fixed.ts';
import type { RuleResult } from './rule.ts';

/** An answer with figures. */
export type Judged = Extract<RuleResult, { readonly observed: string }>;

/** From this share of its limit on a rule warns. */
const warnPercent = new Fixed(80, 0);
const hundred = new Fixed(100, 0);

/** A quotient for people: rounded away from zero, so that a denial never reads as if it were at the limit. */
function quotient(numerator: Fixed, denominator: Fixed, decimals: number): string {
  return numerator.dividedBy(denominator, decimals, 'up').text();
}

/**
 * Holds `numerator ÷ denominator` against a limit without dividing, so the comparison is exact: above the
 * limit denies, 80 % and more of it warns, exactly at the limit still passes. `denominator` > 0.
 */
export function judgeRatio(
  numerator: Fixed,
  denominator: Fixed,
  limit: Fixed,
  decimals: number,
): Judged {
  const allowed = limit.times(denominator);
  return {
    outcome: outcomeOf(numerator, allowed),
    observed: quotient(numerator, denominator, decimals),
    limit: limit.text(),
    share: allowed.isZero() ? null : quotient(numerator, allowed, 4),
  };
}

/** Holds an amount against a limit: above denies, 80 % and more warns, exactly at the limit passes. */
export function judgeAmount(observed: Fixed, limit: Fixed): Judged {
  return {
    outcome: outcomeOf(observed, limit),
    observed: observed.text(),
    limit: limit.text(),
    share: limit.isZero() ? null : quotient(observed, limit, 4),
  };
}

/**
 * Holds an amount against the least that is asked for: below denies, exactly at it and up to 125 % of it (the least is
 * 80 % of the amount or more) warns. `least` > 0.
 */
export function judgeFloor(observed: Fixed, least: Fixed): Judged {
  return {
    outcome: outcomeOf(least, observed),
    observed: observed.text(),
    limit: least.text(),
    share: observed.isPositive() ? quotient(least, observed, 4) : null,
  };
}

function outcomeOf(observed: Fixed, limit: Fixed): 'pass' | 'warn' | 'deny' {
  if (observed.gt(limit)) return 'deny';
  const isNear = !observed.times(hundred).lt(limit.times(warnPercent));
  return isNear && !observed.isZero() ? 'warn' : 'pass';
}

/** The answer of a rule that does not judge exits. */
export const exitPasses: Judged = { outcome: 'pass', observed: 'exit', limit: 'none', share: null };

/** The answer of a rule that never stops an exit: what would have stopped it is a warning. */
export function onlyWarned(result: RuleResult): RuleResult {
  if (result.outcome === 'deny') return { ...result, outcome: 'warn' };
  if (result.outcome !== 'cannot-evaluate') return result;
  return { outcome: 'warn', observed: `not known: ${result.missing}`, limit: 'none', share: null };
}

/** The answer with the higher severity; the first where both are the same. */
export function worseOf(first: Judged, second: Judged): Judged {
  return severity[second.outcome] > severity[first.outcome] ? second : first;
}

const severity = { pass: 0, warn: 1, deny: 2 } as const;

/** The answer of a rule that cannot be answered. `missing` is our own text. */
export function cannotEvaluate(missing: string): RuleResult {
  return { outcome: 'cannot-evaluate', missing };
}
