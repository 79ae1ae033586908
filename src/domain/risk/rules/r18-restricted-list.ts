import { z } from 'zod';
import type { Contract } from '../../instrument/contract.ts';
import { isKnown } from '../facts.ts';
import { cannotEvaluate } from '../judge.ts';
import { flag } from '../limits.ts';
import { judgeFit } from '../parts.ts';
import { riskRule, type RuleResult } from '../rule.ts';

const conIds = z.array(z.int({ error: 'a conId, e.g. 265598' }).positive());
const restrictedListLimits = z.strictObject({
  enabled: flag,
  restricted: conIds,
  /** Null = every instrument that is not restricted. */
  allowed: conIds.nullable(),
});
type Limits = z.output<typeof restrictedListLimits>;

/** R18. By conId, which no look-alike of a symbol can match. */
export const restrictedList = riskRule({
  id: 'R18',
  slug: 'r18-restricted-list',
  title: 'Restricted list',
  protects: 'An order in an instrument that must not be traded, however its name is written.',
  unit: 'conId',
  configKey: 'restricted_list',
  limits: restrictedListLimits,
  needs: ['contract'],
  alsoReads: ['portfolio', 'workingOrders'],
  exits: 'pass',
  check: ({ facts: { contract } }, limits) =>
    isKnown(contract)
      ? judgeContract(contract.value.contract, limits)
      : cannotEvaluate(contract.missing),
});

/** A derivative counts by its own conId and by its underlying's: restricted by either, allowed by either. */
function judgeContract(contract: Contract, { restricted, allowed }: Limits): RuleResult {
  const { conId, underlyingConId } = contract;
  const counted = underlyingConId === undefined ? [conId] : [conId, underlyingConId];
  const observed = counted.join(' of underlying ');
  const limit =
    allowed === null
      ? `none of ${restricted.length} restricted`
      : `none of ${restricted.length} restricted, one of ${allowed.length} allowed`;
  const banned = counted.find((id) => restricted.includes(id));
  if (banned !== undefined) return judgeFit(false, `${banned} is restricted`, limit);
  const isAllowed = allowed === null || counted.some((id) => allowed.includes(id));
  const isUnsure = isDerivative(contract) && underlyingConId === undefined;
  if (isUnsure && (restricted.length > 0 || !isAllowed)) return cannotEvaluate('the underlying');
  return judgeFit(isAllowed, isAllowed ? observed : `${observed} is not allowed`, limit);
}

function isDerivative({ secType }: Contract): boolean {
  return secType === 'OPT' || secType === 'FUT';
}
