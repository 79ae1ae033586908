import { z } from 'zod';
import type { ConId } from '../../ids.ts';
import { fixed, type Fixed } from '../../money/fixed.ts';
import { reachesOf, sumOf, type Reach } from '../reach.ts';
import { isKnown, type Correlation } from '../facts.ts';
import { cannotEvaluate, judgeRatio } from '../judge.ts';
import { flag, share } from '../limits.ts';
import { isWorth } from '../notional.ts';
import { riskRule } from '../rule.ts';

/** R10. Of what nobody can say how it moves with the instrument it is assumed that it moves with it. */
export const correlation = riskRule({
  id: 'R10',
  slug: 'r10-correlation',
  title: 'Correlation',
  protects: 'Many positions that are one bet, because they rise and fall together.',
  unit: 'share of net liquidation',
  configKey: 'correlation',
  limits: z
    .strictObject({ enabled: flag, limit: share, min_coefficient: share })
    .transform((entry) => ({
      enabled: entry.enabled,
      limit: entry.limit,
      /** From this coefficient on, whatever its sign, two instruments are one group. */
      minCoefficient: entry.min_coefficient,
    })),
  needs: ['contract', 'portfolio', 'workingOrders', 'instruments', 'correlations'],
  alsoReads: ['quote', 'fxToBase', 'exchangeRates', 'ledger'],
  exits: 'pass',
  check: ({ terms, facts, simulation }, { limit, minCoefficient }) => {
    const { portfolio, correlations } = facts;
    if (!isKnown(portfolio) || !isKnown(correlations)) return cannotEvaluate('correlations');
    if ('missing' in simulation) return cannotEvaluate(simulation.missing);
    const reaches = reachesOf(facts);
    if ('missing' in reaches) return cannotEvaluate(reaches.missing);
    const key = `correlation ${minCoefficient} ${terms.conId}`;
    const held = sumOf(
      reaches,
      key,
      inGroup(terms.conId, correlations.value, fixed(minCoefficient)),
    );
    if (!isWorth(held)) return cannotEvaluate(held.missing);
    const netLiquidation = fixed(portfolio.value.netLiquidation.amount);
    if (!netLiquidation.isPositive()) return cannotEvaluate('net liquidation value above zero');
    const value = held.plus(fixed(simulation.worstNotionalBase));
    return judgeRatio(value, netLiquidation, fixed(limit), 4);
  },
});

function inGroup(
  own: ConId,
  correlations: readonly Correlation[],
  min: Fixed,
): (entry: Reach) => boolean {
  let known: ReadonlyMap<ConId, Correlation> | null = null;
  return ({ conId }) => {
    known ??= new Map(correlations.map((row) => [row.conId, row]));
    const coefficient = known.get(conId)?.coefficient ?? null;
    return conId === own || coefficient === null || !fixed(coefficient).abs().lt(min);
  };
}
