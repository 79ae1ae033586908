import type { Bar } from '../instrument/bar.ts';

/**
 * Complete trading days of one instrument as statistics want them. Prices are binary numbers here: a statistic is no
 * money. Formulas: docs/statistics.md.
 */
export type DailyPrice = {
  /** `YYYY-MM-DD` in the exchange's zone. */
  readonly day: string;
  readonly high: number;
  readonly low: number;
  readonly close: number;
};

/** The days that volatility and correlation look back. */
export const windowDays = 60;
/** Fewer days say nothing. */
export const leastDays = 20;

/** The bars that no longer change, each day once, ascending. */
export function completeDays(bars: readonly Bar[]): readonly Bar[] {
  const byDay = new Map(bars.filter((bar) => bar.isComplete).map((bar) => [bar.time, bar]));
  return [...byDay.values()].sort((a, b) => (a.time < b.time ? -1 : 1));
}

/**
 * Prices of the last `windowDays` of complete days (`completeDays`), ascending. Null where one of them is not above
 * zero or its high is below its low: a day left out would make the rest look calmer than it was.
 */
export function windowOf(days: readonly Bar[]): readonly DailyPrice[] | null {
  const prices = days.slice(-windowDays).map(({ time, high, low, close }) => ({
    day: time,
    high: Number(high),
    low: Number(low),
    close: Number(close),
  }));
  return prices.every(isUsable) ? prices : null;
}

function isUsable({ high, low, close }: DailyPrice): boolean {
  return low > 0 && close > 0 && high >= low && Number.isFinite(high);
}
