import { z } from 'zod';
import { flag } from '../limits.ts';
import { riskRule } from '../rule.ts';
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
  check: ({ terms, simulation: simulated, exposure }, { allowShort }) => {
    if ('missing' in simulated) return cannotEvaluate(simulated.missing);
    if (exposure === null) return cannotEvaluate('portfolio and working orders');
    // Sells that still wait count too: each alone may be covered, all together not.
    const goesShort = terms.side === 'SELL' && exposure.lowest.isNegative();
    const status =
      simulated.status === 'ok' && goesShort ? 'sells-without-position' : simulated.status;
    const isFine = status === 'ok' || (status === 'sells-without-position' && allowShort);
    return {
      outcome: isFine ? 'pass' : 'deny',
      observed: status,
      limit: allowShort ? 'ok, sells-without-position' : 'ok',
      share: null,
    };
  },
});
