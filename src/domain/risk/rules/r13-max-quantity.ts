import { z } from 'zod';
import { isOrderable, orderableSecTypes } from '../../instrument/contract.ts';
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
  limits: z.strictObject({ enabled: flag, limits: z.record(z.enum(orderableSecTypes), amount) }),
  needs: ['contract'],
  check: ({ terms, facts: { contract } }, { limits }) => {
    if (!isKnown(contract)) return cannotEvaluate('contract');
    const { secType } = contract.value.contract;
    if (!isOrderable(secType)) return cannotEvaluate(`a limit for ${secType}`);
    return judgeAmount(fixed(terms.quantity), fixed(limits[secType]));
  },
});
