import { z } from 'zod';
import { isKnown } from '../facts.ts';
import { cannotEvaluate } from '../judge.ts';
import { flag } from '../limits.ts';
import { riskRule } from '../rule.ts';
import { sessionFit } from '../session-fit.ts';

/** R5. The market's clock is the broker's server time, the calendar the exchange's own. */
export const tradingHours = riskRule({
  id: 'R5',
  slug: 'r05-trading-hours',
  title: 'Trading hours',
  protects: 'An order that would wait for an opening that nobody looked at when they signed.',
  unit: 'exchange time',
  configKey: 'trading_hours',
  limits: z
    .strictObject({ enabled: flag, allow_outside_rth: flag })
    .transform((entry) => ({ enabled: entry.enabled, allowOutsideRth: entry.allow_outside_rth })),
  needs: ['marketTime', 'contract'],
  check: ({ terms, facts: { marketTime, contract } }, { allowOutsideRth }) => {
    if (!isKnown(marketTime) || !isKnown(contract))
      return cannotEvaluate('market time or contract');
    const fit = sessionFit(terms, contract.value, marketTime.value, allowOutsideRth);
    if ('missing' in fit) return cannotEvaluate(fit.missing);
    return {
      outcome: fit.fits ? 'pass' : 'deny',
      observed: fit.observed,
      limit: fit.limit,
      share: null,
    };
  },
});
