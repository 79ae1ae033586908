import type { Bar } from '../instrument/bar.ts';
import { fixed, Fixed } from '../money/fixed.ts';
import type { DailyVolume } from '../risk/facts.ts';

const windowDays = 20;
const leastDays = 5;
const decimals = 6;

/**
 * Mean volume of the last 20 of complete `days` (ascending), exact and then cut to six decimals: rounded up it would
 * pass a minimum that it does not meet. A day without a stated volume is left out; null below five days.
 */
export function averageVolume(days: readonly Bar[]): DailyVolume | null {
  const volumes = days
    .slice(-windowDays)
    .flatMap(({ volume }) => (volume === null ? [] : [volume]));
  if (volumes.length < leastDays) return null;
  const total = volumes.reduce((sum, volume) => sum.plus(fixed(volume)), new Fixed(0, 0));
  const average = total.dividedBy(new Fixed(volumes.length, 0), decimals, 'floor');
  return { average: average.text(), days: volumes.length };
}
