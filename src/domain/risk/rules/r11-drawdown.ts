import { z } from 'zod';
import { isKnown } from '../facts.ts';
import { cannotEvaluate } from '../judge.ts';
import { accountScope, latchedAnswer, latching } from '../latched.ts';
import { flag, share } from '../limits.ts';
import { judgeDrawdown } from '../losses.ts';
import { riskRule } from '../rule.ts';

/** R11. The marks are the ledger's, so neither a restart nor a quiet hour lowers them. */
export const drawdown = riskRule({
  id: 'R11',
  slug: 'r11-drawdown',
  title: 'Drawdown',
  protects:
    'A slow bleed that no single day shows, and a fast one that a flat limit in money misses.',
  unit: 'share of the mark',
  configKey: 'drawdown',
  limits: z
    .strictObject({
      enabled: flag,
      max_drawdown: share,
      max_daily_loss: share,
      max_weekly_loss: share,
    })
    .transform((entry) => ({
      enabled: entry.enabled,
      maxDrawdown: entry.max_drawdown,
      maxDailyLoss: entry.max_daily_loss,
      maxWeeklyLoss: entry.max_weekly_loss,
    })),
  needs: ['ledger'],
  alsoReads: ['portfolio', 'workingOrders'],
  exits: 'pass',
  check: ({ facts: { ledger, portfolio } }, limits) => {
    const { latches, equity } = ledger.value;
    const latched = latchedAnswer('R11', accountScope, latches);
    if (latched !== null) return latched;
    if (!isKnown(portfolio)) return cannotEvaluate(`portfolio: ${portfolio.missing}`);
    return latching(judgeDrawdown(portfolio.value, equity, limits), accountScope);
  },
});
