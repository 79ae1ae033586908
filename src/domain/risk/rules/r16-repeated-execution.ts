import { z } from 'zod';
import { Fixed } from '../../money/fixed.ts';
import { epochMs, instantFromEpochMs } from '../../time/instant.ts';
import { cannotEvaluate, judgeAmount } from '../judge.ts';
import { latchedAnswer, latching } from '../latched.ts';
import { flag, whole } from '../limits.ts';
import { cutList, isCut } from '../recent-intents.ts';
import { riskRule } from '../rule.ts';

/** Stands for an order without a strategy tag. */
const untagged = '-';

/** R16. Judged by what was really sent, so that a loop is stopped however its orders got their approval. */
export const repeatedExecution = riskRule({
  id: 'R16',
  slug: 'r16-repeated-execution',
  title: 'Repeated execution',
  protects: 'A strategy in a loop that does the same again and again.',
  unit: 'orders sent in the window',
  configKey: 'repeated_execution',
  limits: z
    .strictObject({ enabled: flag, count: whole(1, 99), window_seconds: whole(1, 14_400) })
    .transform((entry) => ({
      enabled: entry.enabled,
      count: entry.count,
      windowSeconds: entry.window_seconds,
    })),
  needs: ['ledger'],
  alsoReads: ['portfolio', 'workingOrders'],
  exits: 'pass',
  check: ({ terms, facts }, { count, windowSeconds }) => {
    const { now, recentIntents, latches, agent } = facts.ledger.value;
    const tag = agent.strategyTag ?? untagged;
    const scope = `${terms.conId}/${terms.side}/${tag}`;
    const latched = latchedAnswer('R16', scope, latches);
    if (latched !== null) return latched;
    const from = instantFromEpochMs(epochMs(now) - windowSeconds * 1000);
    let orders = 1;
    for (const recent of recentIntents) {
      const isSame =
        recent.conId === terms.conId &&
        recent.side === terms.side &&
        (recent.strategyTag ?? untagged) === tag;
      // Instants compare as text.
      if (isSame && recent.wasSent && recent.at >= from) orders += 1;
    }
    const judged = judgeAmount(new Fixed(orders, 0), new Fixed(count, 0));
    if (judged.outcome !== 'deny' && isCut(recentIntents, from)) return cannotEvaluate(cutList);
    return latching(judged, scope);
  },
});
