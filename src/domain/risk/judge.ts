import { Dec, decimalText } from '../money/decimal.ts';
import type { RuleResult } from './rule.ts';

/** An answer with figures. */
export type Judged = Extract<RuleResult, { readonly observed: string }>;

/** From this share of its limit on a rule warns. */
const warnPercent = 80;

/** A quotient for people: rounded away from zero, so that a denial never reads as if it were at the limit. */
export function quotient(numerator: Dec, denominator: Dec, decimals: number): string {
  return decimalText(numerator.div(denominator).toDecimalPlaces(decimals, Dec.ROUND_UP));
}

/**
 * Holds `numerator ÷ denominator` against a limit without dividing, so the comparison is exact: above the
 * limit denies, 80 % and more of it warns, exactly at the limit still passes. `denominator` > 0.
 */
export function judgeRatio(numerator: Dec, denominator: Dec, limit: Dec, decimals: number): Judged {
  const allowed = limit.times(denominator);
  const near = !numerator.isZero() && !numerator.times(100).lt(allowed.times(warnPercent));
  return {
    outcome: numerator.gt(allowed) ? 'deny' : near ? 'warn' : 'pass',
    observed: quotient(numerator, denominator, decimals),
    limit: decimalText(limit),
    share: allowed.isZero() ? null : quotient(numerator, allowed, 4),
  };
}

/** Holds an amount against a limit: above denies, 80 % and more warns, exactly at the limit passes. */
export function judgeAmount(observed: Dec, limit: Dec): Judged {
  const near = !observed.isZero() && !observed.times(100).lt(limit.times(warnPercent));
  return {
    outcome: observed.gt(limit) ? 'deny' : near ? 'warn' : 'pass',
    observed: decimalText(observed),
    limit: decimalText(limit),
    share: limit.isZero() ? null : quotient(observed, limit, 4),
  };
}

/** The answer of a rule that cannot be answered. `missing` is our own text. */
export function cannotEvaluate(missing: string): RuleResult {
  return { outcome: 'cannot-evaluate', missing };
}
