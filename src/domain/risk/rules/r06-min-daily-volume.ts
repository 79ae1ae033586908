import { z } from 'zod';
import { isOrderable, orderableSecTypes } from '../../instrument/contract.ts';
import { fixed, type Fixed } from '../../money/fixed.ts';
import { isKnown } from '../facts.ts';
import { cannotEvaluate, judgeFloor, judgeRatio, worseOf, type Judged } from '../judge.ts';
import { flag, off, positiveAmount, share } from '../limits.ts';
import { riskRule } from '../rule.ts';

/** R6. A type that is `off` has no volume that could be compared, so neither of the two limits holds for it. */
export const minDailyVolume = riskRule({
  id: 'R6',
  slug: 'r06-min-daily-volume',
  title: 'Min daily volume',
  protects: 'An order in an instrument that hardly trades, or one too large for what trades in it.',
  unit: 'units a day',
  configKey: 'min_daily_volume',
  limits: z
    .strictObject({
      enabled: flag,
      limits: z.record(z.enum(orderableSecTypes), z.union([positiveAmount, off])),
      max_share_of_volume: z.union([share, off]),
    })
    .transform((entry) => ({
      enabled: entry.enabled,
      limits: entry.limits,
      /** Of the average that one order may be. */
      maxShareOfVolume: entry.max_share_of_volume,
    })),
  needs: ['contract'],
  alsoReads: ['dailyVolume'],
  exits: 'pass',
  check: ({ terms, facts: { contract, dailyVolume } }, { limits, maxShareOfVolume }) => {
    if (!isKnown(contract)) return cannotEvaluate('contract');
    const { secType } = contract.value.contract;
    if (!isOrderable(secType)) return cannotEvaluate(`a limit for ${secType}`);
    const least = limits[secType];
    if (least === 'off') {
      return { outcome: 'pass', observed: `${secType} is exempt`, limit: 'off', share: null };
    }
    if (!isKnown(dailyVolume)) return cannotEvaluate(`dailyVolume: ${dailyVolume.missing}`);
    const average = fixed(dailyVolume.value.average);
    if (average.isNegative()) return cannotEvaluate('a daily volume of 0 or more');
    const volume = judgeFloor(average, fixed(least));
    // Without any volume the floor, which is above 0, denies already.
    if (maxShareOfVolume === 'off' || average.isZero()) return volume;
    return worseOf(volume, judgeShare(fixed(terms.quantity), average, fixed(maxShareOfVolume)));
  },
});

function judgeShare(quantity: Fixed, average: Fixed, limit: Fixed): Judged {
  const judged = judgeRatio(quantity, average, limit, 6);
  return {
    ...judged,
    observed: `order is ${judged.observed} of ${average.text()}`,
    limit: `${judged.limit} of the daily volume`,
  };
}
