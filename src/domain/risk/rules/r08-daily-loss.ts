import { z } from 'zod';
import { fixed, Fixed, larger } from '../../money/fixed.ts';
import { isKnown } from '../facts.ts';
import { cannotEvaluate, judgeAmount } from '../judge.ts';
import { amount, flag } from '../limits.ts';
import { riskRule } from '../rule.ts';

const noLoss = new Fixed(0, 0);

/** R8. Stops new risk after a bad day; exits pass, whatever the day was like. */
export const dailyLoss = riskRule({
  id: 'R8',
  slug: 'r08-daily-loss',
  title: 'Daily loss',
  protects: 'An agent that keeps adding risk while the account loses money.',
  unit: 'base currency',
  configKey: 'daily_loss',
  limits: z.strictObject({ enabled: flag, limit: amount }),
  needs: ['portfolio', 'workingOrders'],
  check: ({ facts: { portfolio }, exposure }, { limit }) => {
    if (exposure === null || !isKnown(portfolio)) return cannotEvaluate('portfolio');
    const { dailyPnl, baseCurrency } = portfolio.value;
    if (exposure.isExit) {
      const pnl = dailyPnl === null ? 'not known' : dailyPnl.amount;
      return { outcome: 'pass', observed: `exit, daily P&L ${pnl}`, limit, share: null };
    }
    if (dailyPnl === null) return cannotEvaluate('the daily profit and loss');
    if (dailyPnl.currency !== baseCurrency) {
      return cannotEvaluate('the daily profit and loss in base currency');
    }
    return judgeAmount(larger(noLoss, fixed(dailyPnl.amount).neg()), fixed(limit));
  },
});
