import { z } from 'zod';
import { isKnown } from '../facts.ts';
import { cannotEvaluate } from '../judge.ts';
import { accountScope, latchedAnswer, latching } from '../latched.ts';
import { amount, flag } from '../limits.ts';
import { judgeDailyLoss } from '../losses.ts';
import { riskRule } from '../rule.ts';

/** R8. Stops new risk after a bad day, until an operator releases it; exits pass, whatever the day was like. */
export const dailyLoss = riskRule({
  id: 'R8',
  slug: 'r08-daily-loss',
  title: 'Daily loss',
  protects: 'An agent that keeps adding risk while the account loses money.',
  unit: 'base currency',
  configKey: 'daily_loss',
  limits: z.strictObject({ enabled: flag, limit: amount }),
  needs: ['ledger'],
  alsoReads: ['portfolio', 'workingOrders'],
  exits: 'pass',
  check: ({ facts: { ledger, portfolio } }, { limit }) => {
    const latched = latchedAnswer('R8', accountScope, ledger.value.latches);
    if (latched !== null) return latched;
    if (!isKnown(portfolio)) return cannotEvaluate(`portfolio: ${portfolio.missing}`);
    return latching(judgeDailyLoss(portfolio.value, limit), accountScope);
  },
});
