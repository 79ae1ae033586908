import { z } from 'zod';
import { fixed } from '../../money/fixed.ts';
import { exposureOf } from '../../risk/exposure.ts';
import { isKnown } from '../../risk/facts.ts';
import { share } from '../../risk/limits.ts';
import { autoCategory, notionalOf, refuse } from './category.ts';

/**
 * How much of the account the instrument may be after the order, with everything that works or is reserved in it,
 * long or short, valued at the order's own worst price.
 */
export const positionShare = autoCategory({
  key: 'position_share',
  title: 'Position share of NAV',
  settings: z.strictObject({ limit: share }),
  check({ terms, facts, evaluation }, { limit }) {
    const exposure = exposureOf(terms, facts);
    const { portfolio } = facts;
    if (exposure === null || !isKnown(portfolio)) {
      return refuse('portfolio or working orders are missing');
    }
    const notional = notionalOf(evaluation);
    if (notional === null) return refuse('the order could not be simulated');
    const netLiquidation = fixed(portfolio.value.netLiquidation.amount);
    if (!netLiquidation.isPositive()) return refuse('the net liquidation value is not above zero');
    // worst × (notional ÷ quantity) ÷ NAV against the limit, without dividing: the comparison is exact.
    const value = exposure.worst.times(notional);
    const whole = netLiquidation.times(fixed(terms.quantity));
    if (!whole.isPositive()) return refuse('the quantity is not above zero');
    const observed = value.dividedBy(whole, 4, 'up').text();
    return value.gt(whole.times(fixed(limit)))
      ? refuse(`the position would be ${observed} of NAV, above ${limit}`)
      : { matches: true, observed, limit };
  },
});
