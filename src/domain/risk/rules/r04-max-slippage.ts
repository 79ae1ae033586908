import { z } from 'zod';
import { fixed, Fixed, larger } from '../../money/fixed.ts';
import { auctionOf } from '../../order/order-type.ts';
import { priceOrder } from '../../simulate/order-pricing.ts';
import { isKnown } from '../facts.ts';
import { cannotEvaluate, judgeRatio } from '../judge.ts';
import { bps, flag } from '../limits.ts';
import { riskRule } from '../rule.ts';

const basisPoints = new Fixed(10_000, 0);
const none = new Fixed(0, 0);

/** R4. What an order lets itself be filled at counts, so that the slippage of one with a limit is not 0 by nature. */
export const maxSlippage = riskRule({
  id: 'R4',
  slug: 'r04-max-slippage',
  title: 'Max slippage',
  protects: 'A fill that costs more against the market than the idea behind the order is worth.',
  unit: 'bps',
  configKey: 'max_slippage',
  limits: z
    .strictObject({ enabled: flag, limit_bps: bps })
    .transform((entry) => ({ enabled: entry.enabled, limitBps: entry.limit_bps })),
  needs: ['contract', 'portfolio', 'fxToBase', 'quote'],
  exits: 'warn',
  check: ({ terms, facts: { quote }, simulation, collarBps }, { limitBps }) => {
    if ('missing' in simulation) return cannotEvaluate(simulation.missing);
    if (!isKnown(quote)) return cannotEvaluate('quote');
    const pricing = priceOrder(terms, quote.value, collarBps);
    if ('missing' in pricing) return cannotEvaluate(pricing.missing);
    const { limit, reference } = pricing;
    const cost = (price: Fixed): Fixed =>
      terms.side === 'BUY' ? price.minus(reference) : reference.minus(price);
    const expected = cost(fixed(simulation.fillPrice));
    // An auction has one price for all: its limit is a bound that nobody expects to pay.
    const allowed = limit === null || auctionOf(terms) !== null ? expected : cost(limit);
    const worst = larger(none, larger(expected, allowed));
    return judgeRatio(worst.times(basisPoints), reference, fixed(limitBps), 2);
  },
});
