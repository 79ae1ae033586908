import { z } from 'zod';
import { marketState } from '../../time/exchange-calendar.ts';
import { epochMs } from '../../time/instant.ts';
import { isKnown } from '../facts.ts';
import { cannotEvaluate } from '../judge.ts';
import { flag } from '../limits.ts';
import { riskRule } from '../rule.ts';

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
    const kind = terms.outsideRth && allowOutsideRth ? 'extended' : 'regular';
    const state = marketState(contract.value, epochMs(marketTime.value), kind);
    if ('missing' in state) return cannotEvaluate(state.missing);
    const isAllowed = state.open && (!terms.outsideRth || allowOutsideRth);
    return {
      outcome: isAllowed ? 'pass' : 'deny',
      observed: terms.outsideRth ? `${state.local}, outside regular hours` : state.local,
      limit: `${kind} hours ${state.hours}`,
      share: null,
    };
  },
});
