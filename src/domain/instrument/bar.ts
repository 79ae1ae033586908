import type { ConId } from '../ids.ts';
import type { DecimalText } from '../money/decimal.ts';
import { localTime, type DayText } from '../time/zoned.ts';
import type { Instant } from '../time/instant.ts';

/**
 * Bars of prices. Which have ended is worked out here, from the market's clock and the exchange's zone; where they come
 * from is the adapter's business.
 */

/** How long a bar is; `seconds` for those shorter than a day. Adding one is a row here and in the adapter. */
export const barSizeTable = {
  '1m': { seconds: 60 },
  '5m': { seconds: 300 },
  '15m': { seconds: 900 },
  '30m': { seconds: 1800 },
  '1h': { seconds: 3600 },
  '4h': { seconds: 14_400 },
  '1d': { seconds: null },
  '1w': { seconds: null },
  '1M': { seconds: null },
} as const satisfies Record<string, { seconds: number | null }>;
export type BarSize = keyof typeof barSizeTable;
export const barSizes = Object.keys(barSizeTable) as [BarSize, ...BarSize[]];

/** What the bars are made of. `ADJUSTED` = trades adjusted for splits and dividends; TRADES for splits alone. */
export const barPrices = ['TRADES', 'ADJUSTED', 'MIDPOINT', 'BID', 'ASK'] as const;
export type BarPrices = (typeof barPrices)[number];

/** The most bars of one answer. */
export const mostBars = 5000;

export type Bar = {
  /** Begin of the bar: an instant in UTC, or the day `YYYY-MM-DD` for bars of a day and longer (the last day of a week or month). */
  readonly time: string;
  readonly open: DecimalText;
  readonly high: DecimalText;
  readonly low: DecimalText;
  readonly close: DecimalText;
  /** Null where the kind of price has none (MIDPOINT, BID, ASK). */
  readonly volume: DecimalText | null;
  /** Volume-weighted average price. */
  readonly average: DecimalText | null;
  readonly trades: number | null;
  /** False for a bar that still changes. */
  readonly isComplete: boolean;
};

/** The newest `limit` bars that begin at or after `start` and before `end` (null = no bound, now). */
export type BarRequest = {
  readonly conId: ConId;
  readonly size: BarSize;
  readonly start: Instant | null;
  readonly end: Instant | null;
  readonly limit: number;
  /** Regular trading hours only. */
  readonly regularHours: boolean;
  /** Null = what the kind of instrument has: trades, for currencies the midpoint. */
  readonly prices: BarPrices | null;
  /** Do not answer from what is kept. IBKR forbids the same question within 15 s: such an answer is kept all the same. */
  readonly fresh: boolean;
};

export type BarSeries = {
  readonly conId: ConId;
  readonly size: BarSize;
  readonly prices: BarPrices;
  readonly regularHours: boolean;
  /** Ascending. */
  readonly bars: readonly Bar[];
  /** The `end` that gives the bars before these; null where none are left in the range. */
  readonly nextEnd: Instant | null;
  /** Of the oldest part of the answer. */
  readonly ageMs: number;
  readonly isCached: boolean;
};

/**
 * Whether a bar that begins at `time` has ended at `nowMs`. A bar shorter than a day ends after its length or with its
 * session (`closesAtMs`, null = not known); a longer one when its day, week (from Monday) or month is over in the zone.
 */
export function hasBarEnded(
  { time, size }: { readonly time: string; readonly size: BarSize },
  timeZone: string,
  nowMs: number,
  closesAtMs: number | null = null,
): boolean {
  const { seconds } = barSizeTable[size];
  if (seconds !== null) {
    const fullMs = Date.parse(time) + seconds * 1000;
    return nowMs >= Math.min(fullMs, closesAtMs ?? fullMs);
  }
  const today = localTime(nowMs, timeZone).day;
  const day = time.replaceAll('-', '') as DayText;
  if (size === '1d') return day < today || (closesAtMs !== null && nowMs >= closesAtMs);
  if (size === '1M') return day.slice(0, 6) < today.slice(0, 6);
  return mondayOf(day) < mondayOf(today);
}

/** The first day, `YYYY-MM-DD`, of the week or month that a bar's day lies in; of any other size the time itself. */
export function periodStart(time: string, size: BarSize): string {
  if (size === '1M') return `${time.slice(0, 7)}-01`;
  if (size !== '1w') return time;
  const monday = mondayOf(time.replaceAll('-', '') as DayText);
  return new Date(monday * 86_400_000).toISOString().slice(0, 10);
}

/** Days since the epoch of the Monday of the day's week. */
function mondayOf(day: DayText): number {
  const [year, month, date] = [day.slice(0, 4), day.slice(4, 6), day.slice(6, 8)].map(Number);
  const days = Math.floor(Date.UTC(year ?? 0, (month ?? 1) - 1, date) / 86_400_000);
  // The epoch was a Thursday.
  return days - ((((days + 3) % 7) + 7) % 7);
}
