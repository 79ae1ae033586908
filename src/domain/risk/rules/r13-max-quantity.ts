import { z } from 'zod';
import { secTypes } from '../../instrument/contract.ts';
import { fixed } from '../../money/fixed.ts';
import { isKnown } from '../facts.ts';
import { cannotEvaluate, judgeAmount } from '../judge.ts';
import { amount, flag } from '../limits.ts';
import { riskRule } from '../rule.ts';

/** R13. */
export const maxQuantity = riskRule({
  id: 'R13',
  slug: 'r13-max-quantity',
  title: 'Max quantity',
  protects: 'A slip of the finger in the quantity, which a low price would hide from the notional.',
  unit: 'units',
  configKey: 'max_quantity',
  limits: z.strictObject({ enabled: flag, limits: z.record(z.enum(secTypes), amount) }),
  needs: ['contract'],
  check: ({ terms, facts: { contract } }, { limits }) =>
    isKnown(contract)
      ? judgeAmount(fixed(terms.quantity), fixed(limits[contract.value.contract.secType]))
      : cannotEvaluate('contract'),
});
