import { z } from 'zod';
import { fixed, larger } from '../../money/fixed.ts';
import { priceOrder } from '../../simulate/order-pricing.ts';
import { isKnown } from '../facts.ts';
import { cannotEvaluate, judgeRatio } from '../judge.ts';
import { flag, share } from '../limits.ts';
import { riskRule } from '../rule.ts';

/** R2. Exits pass whatever the share is: getting smaller must never be harder than staying large. */
export const maxPositionShare = riskRule({
  id: 'R2',
  slug: 'r02-max-position-share',
  title: 'Max position share',
  protects:
    'A concentration of the account in one instrument, long or short, in one order or in ten.',
  unit: 'share of net liquidation',
  configKey: 'max_position_share',
  limits: z.strictObject({ enabled: flag, limit: share }),
  needs: ['portfolio', 'workingOrders', 'quote', 'fxToBase'],
  check: ({ terms, facts, exposure, collarBps }, { limit }) => {
    const { portfolio, quote, fxToBase } = facts;
    if (exposure === null || !isKnown(portfolio) || !isKnown(quote) || !isKnown(fxToBase)) {
      return cannotEvaluate('portfolio, working orders, quote or exchange rate');
    }
    const pricing = priceOrder(terms, quote.value, collarBps);
    if ('missing' in pricing) return cannotEvaluate(pricing.missing);
    const netLiquidation = fixed(portfolio.value.netLiquidation.amount);
    if (!netLiquidation.isPositive()) return cannotEvaluate('net liquidation value above zero');
    const price = larger(pricing.touch.mid, pricing.worst);
    const value = exposure.worst.times(price).times(fixed(fxToBase.value));
    const judged = judgeRatio(value, netLiquidation, fixed(limit), 4);
    return exposure.isExit ? { ...judged, outcome: 'pass' } : judged;
  },
});
