import { z } from 'zod';
import { fixed, Fixed } from '../../money/fixed.ts';
import { isKnown, type Fact, type Volatility } from '../facts.ts';
import { cannotEvaluate, judgeAmount, judgeRatio, worseOf, type Judged } from '../judge.ts';
import { amount, flag, off, positiveAmount, share } from '../limits.ts';
import { riskRule } from '../rule.ts';

/** Square root of 252 trading days, cut off, so that a daily volatility is never too small. */
const tradingDaysRoot = new Fixed(158_745, 4);

const sources = ['close-to-close', 'parkinson', 'implied', 'fixed'] as const;
const fieldOf = {
  'close-to-close': 'closeToClose',
  parkinson: 'parkinson',
  implied: 'implied',
} as const satisfies Partial<Record<(typeof sources)[number], keyof Volatility>>;

const volatilitySizeLimits = z
  .strictObject({
    enabled: flag,
    limit: share,
    source: z.enum(sources, { error: `one of ${sources.join(', ')}` }),
    fixed: z.union([positiveAmount, off]),
    min_notional: amount,
    max_notional: z.union([amount, off]),
  })
  .refine((entry) => entry.source !== 'fixed' || entry.fixed !== 'off', {
    path: ['fixed'],
    error: 'a share per year, as `source` is fixed, e.g. "0.30"',
  })
  .transform((entry) => ({
    enabled: entry.enabled,
    limit: entry.limit,
    /** Which volatility counts; `fixed` is the one stated here, in shares per year. */
    source: entry.source,
    fixed: entry.fixed,
    /** Base currency; a minimum of 0 is none. */
    minNotional: entry.min_notional,
    maxNotional: entry.max_notional,
  }));
type Limits = z.output<typeof volatilitySizeLimits>;

/** R9. What one order may move in a day as markets go: the wilder the instrument, the smaller the order. */
export const volatilitySize = riskRule({
  id: 'R9',
  slug: 'r09-volatility-size',
  title: 'Volatility-aware size',
  protects: 'A size that is ordinary for a calm instrument and ruinous for a wild one.',
  unit: 'share of net liquidation',
  configKey: 'volatility_size',
  limits: volatilitySizeLimits,
  needs: ['contract', 'portfolio', 'fxToBase', 'quote'],
  alsoReads: ['volatility'],
  exits: 'pass',
  check: ({ facts: { portfolio, volatility }, simulation }, limits) => {
    if ('missing' in simulation) return cannotEvaluate(simulation.missing);
    if (!isKnown(portfolio)) return cannotEvaluate('portfolio');
    const yearly = yearlyOf(volatility, limits);
    if ('missing' in yearly) return cannotEvaluate(yearly.missing);
    const netLiquidation = fixed(portfolio.value.netLiquidation.amount);
    if (!netLiquidation.isPositive()) return cannotEvaluate('net liquidation value above zero');
    const notional = fixed(simulation.worstNotionalBase);
    const scale = netLiquidation.times(tradingDaysRoot);
    const judged = judgeRatio(notional.times(yearly), scale, fixed(limits.limit), 4);
    const most = fixed(limits.limit).times(scale).dividedBy(yearly, 2, 'floor');
    const sized =
      judged.outcome === 'deny'
        ? { ...judged, observed: `${judged.observed}, a notional of ${most.text()} would pass` }
        : judged;
    return worseOf(sized, judgeBounds(notional, limits));
  },
});

/** Shares per year, above zero, from where the policy wants it taken. */
function yearlyOf(
  fact: Fact<Volatility>,
  { source, fixed: stated }: Limits,
): Fixed | { readonly missing: string } {
  if (source !== 'fixed' && !isKnown(fact)) return { missing: `volatility: ${fact.missing}` };
  const value = source === 'fixed' ? stated : isKnown(fact) ? fact.value[fieldOf[source]] : null;
  const yearly = value === null || value === 'off' ? null : fixed(value);
  return yearly?.isPositive() === true ? yearly : { missing: `volatility: no ${source} one` };
}

/** The order's notional against the bounds that hold whatever the volatility is. */
function judgeBounds(notional: Fixed, { minNotional, maxNotional }: Limits): Judged {
  const least = fixed(minNotional);
  const isTooSmall = notional.lt(least);
  if (isTooSmall || maxNotional === 'off') {
    return {
      outcome: isTooSmall ? 'deny' : 'pass',
      observed: `notional ${notional.text()}`,
      limit: `at least ${minNotional}`,
      share: null,
    };
  }
  const judged = judgeAmount(notional, fixed(maxNotional));
  return {
    ...judged,
    observed: `notional ${judged.observed}`,
    limit: `at most ${judged.limit}`,
  };
}
