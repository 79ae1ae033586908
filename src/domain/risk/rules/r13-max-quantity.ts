import { fixed } from '../../money/fixed.ts';
import { isKnown } from '../facts.ts';
import { cannotEvaluate, judgeAmount } from '../judge.ts';
import type { RuleOf } from '../rule.ts';

/** R13. */
export const maxQuantity: RuleOf<'max_quantity'> = {
  id: 'R13',
  slug: 'r13-max-quantity',
  title: 'Max quantity',
  protects: 'A slip of the finger in the quantity, which a low price would hide from the notional.',
  unit: 'units',
  configKey: 'max_quantity',
  needs: ['contract'],
  check: ({ terms, facts: { contract } }, { limits }) =>
    isKnown(contract)
      ? judgeAmount(fixed(terms.quantity), fixed(limits[contract.value.contract.secType]))
      : cannotEvaluate('contract'),
};
