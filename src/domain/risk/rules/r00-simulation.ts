import { z } from 'zod';
import { fixed } from '../../money/fixed.ts';
import type { Simulation } from '../../simulate/simulation.ts';
import { flag } from '../limits.ts';
import { riskRule, type RuleResult } from '../rule.ts';
import { cannotEvaluate } from '../judge.ts';

/** R0. The only rule that no policy can switch off: what cannot be simulated cannot be signed either. */
export const simulation = riskRule({
  id: 'R0',
  slug: 'r00-simulation',
  title: 'Simulation',
  protects: 'An order that the account cannot pay for, or that sells what it does not hold.',
  unit: 'simulation status',
  configKey: 'simulation',
  limits: z
    .strictObject({
      enabled: z.literal(true, { error: 'true: this rule cannot be switched off' }),
      allow_short: flag,
    })
    .transform((entry) => ({ enabled: entry.enabled, allowShort: entry.allow_short })),
  needs: ['contract', 'portfolio', 'workingOrders', 'fxToBase', 'quote'],
  alsoReads: ['dailyVolume', 'instruments', 'exchangeRates', 'ledger'],
  check: ({ terms, simulation: simulated, exposure }, { allowShort }) => {
    if ('missing' in simulated) {
      return simulated.status === 'invalid-quantity'
        ? answer(simulated.status, allowShort)
        : cannotEvaluate(simulated.missing);
    }
    if (exposure === null) return cannotEvaluate('portfolio and working orders');
    // Sells that still wait count too: each alone may be covered, all together not. Of a pair it is cash that is sold.
    const { pairCashAfter, status } = simulated;
    const left =
      pairCashAfter === null ? exposure.lowest : fixed(pairCashAfter).minus(exposure.pendingSells);
    const goesShort = terms.side === 'SELL' && left.isNegative();
    return answer(status === 'ok' && goesShort ? 'sells-without-position' : status, allowShort);
  },
});

function answer(status: Simulation['status'], allowShort: boolean): RuleResult {
  const isFine = status === 'ok' || (status === 'sells-without-position' && allowShort);
  return {
    outcome: isFine ? 'pass' : 'deny',
    observed: status,
    limit: allowShort ? 'ok, sells-without-position' : 'ok',
    share: null,
  };
}
