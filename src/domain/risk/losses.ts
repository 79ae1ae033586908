import type { DecimalText } from '../money/decimal.ts';
import { fixed, Fixed, larger } from '../money/fixed.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import type { EquityMarks } from './facts.ts';
import { cannotEvaluate, judgeAmount, judgeRatio } from './judge.ts';
import { accountScope } from './latched.ts';
import { judgeTogether } from './parts.ts';
import type { RuleResult } from './rule.ts';
import type { RuleLimits } from './rules/index.ts';

/**
 * How much an account has lost, for the rules that stop after a loss and for the monitor that watches without an
 * order: one set of formulas, so that the two cannot disagree.
 */

/** A loss above its limit: what the latch has to say. */
export type LossBreach = {
  readonly rule: 'R8' | 'R11';
  readonly scope: typeof accountScope;
  readonly observed: string;
  readonly limit: string;
};

const zero = new Fixed(0, 0);
const shareDecimals = 4;

/** The losses that are above their limits now, in rule order; a rule that is off or cannot be evaluated finds none. */
export function lossBreaches(
  portfolio: Portfolio,
  equity: EquityMarks,
  rules: Pick<RuleLimits, 'daily_loss' | 'drawdown'>,
): readonly LossBreach[] {
  const { daily_loss: daily, drawdown } = rules;
  const answers = [
    ['R8', daily.enabled ? judgeDailyLoss(portfolio, daily.limit) : null],
    ['R11', drawdown.enabled ? judgeDrawdown(portfolio, equity, drawdown) : null],
  ] as const;
  return answers.flatMap(([rule, answer]) =>
    answer?.outcome === 'deny'
      ? [{ rule, scope: accountScope, observed: answer.observed, limit: answer.limit }]
      : [],
  );
}

/** The loss of the trading day, realised and unrealised, against a limit in base currency. */
export function judgeDailyLoss(portfolio: Portfolio, limit: DecimalText): RuleResult {
  const { dailyPnl, baseCurrency } = portfolio;
  if (dailyPnl === null) return cannotEvaluate('the daily profit and loss');
  if (dailyPnl.currency !== baseCurrency) {
    return cannotEvaluate('the daily profit and loss in base currency');
  }
  return judgeAmount(larger(zero, fixed(dailyPnl.amount).neg()), fixed(limit));
}

type DrawdownLimits = {
  readonly maxDrawdown: DecimalText;
  readonly maxDailyLoss: DecimalText;
  readonly maxWeeklyLoss: DecimalText;
};

/** How far the net liquidation value is below its highest, its day's and its week's mark, as shares of each. */
export function judgeDrawdown(
  portfolio: Portfolio,
  equity: EquityMarks,
  limits: DrawdownLimits,
): RuleResult {
  const { netLiquidation, baseCurrency } = portfolio;
  if (netLiquidation.currency !== baseCurrency) {
    return cannotEvaluate('the net liquidation value in base currency');
  }
  const current = fixed(netLiquidation.amount);
  return judgeTogether([
    { name: 'below highest', answer: below(equity.highest, current, limits.maxDrawdown) },
    { name: 'below day start', answer: below(equity.dayStart, current, limits.maxDailyLoss) },
    { name: 'below week start', answer: below(equity.weekStart, current, limits.maxWeeklyLoss) },
  ]);
}

function below(mark: DecimalText | null, current: Fixed, limit: DecimalText): RuleResult {
  if (mark === null) return cannotEvaluate('no mark yet');
  const from = fixed(mark);
  if (!from.isPositive()) return cannotEvaluate('the mark is not above 0');
  return judgeRatio(larger(zero, from.minus(current)), from, fixed(limit), shareDecimals);
}
