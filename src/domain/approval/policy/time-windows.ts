import { z } from 'zod';
import { isKnown } from '../../risk/facts.ts';
import { epochMs } from '../../time/instant.ts';
import { clockText } from '../../time/zoned.ts';
import { autoCategory, refuse } from './category.ts';
import { TimeOfDay, TimeZone, wallClock, Weekdays } from './week.ts';

/** One window: from (inclusive) to (exclusive) on the wall clock of its own zone; it never runs past midnight. */
const window = z
  .strictObject({ time_zone: TimeZone, days: Weekdays, from: TimeOfDay, to: TimeOfDay })
  .refine(({ from, to }) => from < to, {
    path: ['to'],
    error: 'a time after from; a window over midnight is two windows',
  })
  .transform(({ time_zone: timeZone, ...rest }) => ({ timeZone, ...rest }));

/** When orders may leave without a human, by the market's clock. */
export const timeWindows = autoCategory({
  key: 'time_windows',
  title: 'Time windows',
  settings: z
    .strictObject({ windows: z.array(window).min(1, 'at least one window') })
    .transform(({ windows }) => windows),
  check({ facts: { marketTime } }, windows) {
    if (!isKnown(marketTime)) return refuse(`the market's time is missing: ${marketTime.missing}`);
    const nowMs = epochMs(marketTime.value);
    if (!Number.isFinite(nowMs)) return refuse("the market's time cannot be read");
    for (const { timeZone, days, from, to } of windows) {
      const { weekday, minute } = wallClock(nowMs, timeZone);
      if (!days.includes(weekday) || minute < from || minute >= to) continue;
      return {
        matches: true,
        observed: `${weekday} ${clockText(minute)} ${timeZone}`,
        limit: `${days.join(' ')} ${clockText(from)}-${clockText(to)} ${timeZone}`,
      };
    }
    return refuse(`${marketTime.value} is in none of the ${windows.length} windows`);
  },
});
