// Bar sizes and durations of historical requests, and the rules about them.
import { lookUp } from '../look-up.ts';
import { DAY_MS } from './new-york-time.ts';
import type { Day } from './new-york-time.ts';

/** A bar size: a stretch of seconds within a day, or whole days, weeks, months. */
export type BarSize =
  | { readonly unit: 'intraday'; readonly seconds: number }
  | { readonly unit: 'day' | 'week' | 'month' };
/** How far back a request goes. */
export type Duration = { readonly unit: 'S' | 'D' | 'W' | 'M' | 'Y'; readonly count: number };

const seconds = (count: number): BarSize => ({ unit: 'intraday', seconds: count });
const SIZES: Readonly<Record<string, BarSize>> = {
  '1 secs': seconds(1),
  '5 secs': seconds(5),
  '10 secs': seconds(10),
  '15 secs': seconds(15),
  '30 secs': seconds(30),
  '1 min': seconds(60),
  '2 mins': seconds(120),
  '3 mins': seconds(180),
  '5 mins': seconds(300),
  '10 mins': seconds(600),
  '15 mins': seconds(900),
  '20 mins': seconds(1200),
  '30 mins': seconds(1800),
  '1 hour': seconds(3600),
  '2 hours': seconds(7200),
  '3 hours': seconds(10_800),
  '4 hours': seconds(14_400),
  '8 hours': seconds(28_800),
  '1 day': { unit: 'day' },
  '1 week': { unit: 'week' },
  '1 month': { unit: 'month' },
};
/** Other spellings that the real gateway takes. */
const ALIASES: Readonly<Record<string, string>> = {
  '1 sec': '1 secs',
  '1 mins': '1 min',
  '1 hours': '1 hour',
  '1 days': '1 day',
  '1D': '1 day',
  '1W': '1 week',
  '1M': '1 month',
};

/** Every bar size by name. */
export const BAR_SIZE_NAMES: readonly string[] = Object.keys(SIZES);

/** The bar size of a text such as `5 mins`; undefined when it is none. */
export const parseBarSize = (text: string): BarSize | undefined =>
  lookUp(SIZES, lookUp(ALIASES, text) ?? text);

/** The duration of a text such as `3600 S` or `1 M`; undefined when it is none. */
export function parseDuration(text: string): Duration | undefined {
  const match = /^(\d{1,6}) ([SDWMY])$/.exec(text.trim());
  const count = Number(match?.[1] ?? 0);
  return count === 0 ? undefined : { unit: match?.[2] as Duration['unit'], count };
}

/** Why the real gateway refuses this duration; undefined when it does not (error 321). */
export function durationFault({ unit, count }: Duration): string | undefined {
  const days = unit === 'D' ? count : 0;
  if (days > 365) {
    return 'Historical data requests for durations longer than 365 days must be made in years.';
  }
  if (unit === 'M' && count > 12) {
    return 'Historical data requests for durations longer than 12 months must be made in years.';
  }
  if (unit === 'S' && count > 86_400) {
    return 'Historical data requests for durations longer than 86400 seconds must be made in days.';
  }
  return undefined;
}

/** The first civil day of a span of weeks, months or years that ends with a day. */
export function firstDay(last: Day, { unit, count }: Duration): Day {
  if (unit === 'W') return last - 7 * count + 1;
  const d = new Date(last * DAY_MS);
  const months = unit === 'Y' ? 12 * count : count;
  return Date.UTC(d.getUTCFullYear(), d.getUTCMonth() - months, d.getUTCDate()) / DAY_MS + 1;
}
