import { z } from 'zod';
import { fixed } from '../../money/fixed.ts';
import { cannotEvaluate, judgeAmount } from '../judge.ts';
import { amount, flag } from '../limits.ts';
import { riskRule } from '../rule.ts';

/** R1. Counts every order, exits too: an exit that is too large can be sent in parts. */
export const maxNotional = riskRule({
  id: 'R1',
  slug: 'r01-max-notional',
  title: 'Max notional',
  protects: 'A single order that moves more money than anyone would sign for by habit.',
  unit: 'base currency',
  configKey: 'max_notional',
  limits: z.strictObject({ enabled: flag, limit: amount }),
  needs: ['contract', 'portfolio', 'fxToBase', 'quote'],
  alsoReads: ['dailyVolume', 'instruments'],
  check: ({ simulation }, { limit }) =>
    'missing' in simulation
      ? cannotEvaluate(simulation.missing)
      : judgeAmount(fixed(simulation.worstNotionalBase), fixed(limit)),
});
