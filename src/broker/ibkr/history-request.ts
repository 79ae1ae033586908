import { BarSizeSetting, WhatToShow } from '@stoqey/ib';
import type { BarPrices, BarSize } from '../../domain/instrument/bar.ts';
import type { SecType } from '../../domain/instrument/contract.ts';
import { instantFromEpochMs, type Instant } from '../../domain/time/instant.ts';

/**
 * A question for bars in IBKR's words: sizes, the longest duration each may be asked over (TWS API "Historical bar
 * data"), and what the prices are made of.
 */
type SizeRow = {
  readonly setting: BarSizeSetting;
  /** The shortest and the longest that is asked at once, in days. */
  readonly leastDays: number;
  readonly mostDays: number;
  /** About how many bars an instrument with short hours has in a day of the calendar. */
  readonly barsPerDay: number;
};

const { MINUTES_ONE, MINUTES_FIVE, MINUTES_FIFTEEN, MINUTES_THIRTY } = BarSizeSetting;
const { HOURS_ONE, HOURS_FOUR, DAYS_ONE, WEEKS_ONE, MONTHS_ONE } = BarSizeSetting;

// Bars of a week and a month: long enough for two of them, because the oldest of an answer may be a part.
const sizes: Readonly<Record<BarSize, SizeRow>> = {
  '1m': { setting: MINUTES_ONE, leastDays: 1, mostDays: 1, barsPerDay: 270 },
  '5m': { setting: MINUTES_FIVE, leastDays: 1, mostDays: 7, barsPerDay: 54 },
  '15m': { setting: MINUTES_FIFTEEN, leastDays: 1, mostDays: 7, barsPerDay: 18 },
  '30m': { setting: MINUTES_THIRTY, leastDays: 1, mostDays: 30, barsPerDay: 9 },
  '1h': { setting: HOURS_ONE, leastDays: 1, mostDays: 30, barsPerDay: 4.5 },
  '4h': { setting: HOURS_FOUR, leastDays: 1, mostDays: 30, barsPerDay: 1.3 },
  '1d': { setting: DAYS_ONE, leastDays: 1, mostDays: 1825, barsPerDay: 0.68 },
  '1w': { setting: WEEKS_ONE, leastDays: 21, mostDays: 1825, barsPerDay: 0.14 },
  '1M': { setting: MONTHS_ONE, leastDays: 93, mostDays: 1825, barsPerDay: 0.03 },
};

/** IBKR's name of a bar size. */
export function settingOf(size: BarSize): BarSizeSetting {
  return sizes[size].setting;
}

/** A duration that holds about `bars` bars, never above the longest that may be asked; with its length in days. */
export function durationOf(
  size: BarSize,
  bars: number,
): { readonly text: string; readonly days: number } {
  const { leastDays, mostDays, barsPerDay } = sizes[size];
  const wanted = Math.max(leastDays, Math.ceil(bars / barsPerDay) + 1);
  const days = Math.min(wanted, mostDays);
  // More than 365 days have to be asked for in years.
  if (days <= 365) return { text: `${days} D`, days };
  const years = Math.ceil(days / 365);
  return { text: `${years} Y`, days: years * 365 };
}

/** What there is of a kind of instrument where nothing was said: a currency pair has no trades. */
export function usualPrices(secType: SecType): BarPrices {
  return secType === 'CASH' ? 'MIDPOINT' : 'TRADES';
}

/** IBKR's `whatToShow`. Coins are traded at several places: their trades have a word of their own. */
export function showOf(prices: BarPrices, secType: SecType): WhatToShow {
  if (prices === 'TRADES' && secType === 'CRYPTO') return WhatToShow.AGGTRADES;
  return {
    TRADES: WhatToShow.TRADES,
    ADJUSTED: WhatToShow.ADJUSTED_LAST,
    MIDPOINT: WhatToShow.MIDPOINT,
    BID: WhatToShow.BID,
    ASK: WhatToShow.ASK,
  }[prices];
}

/** An end in IBKR's UTC form, `20261124-15:30:00`. */
export function endText(end: Instant): string {
  return `${end.slice(0, 10).replaceAll('-', '')}-${end.slice(11, 19)}`;
}

/** The time of a bar: seconds since the epoch for short bars, `yyyymmdd` for longer ones; null for anything else. */
export function barTime(text: string): string | null {
  if (/^\d{8}$/.test(text)) return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
  if (/^\d{9,11}$/.test(text)) return instantFromEpochMs(Number(text) * 1000);
  return null;
}

/** The instant at which a bar's time begins; of a day, its midnight in UTC. */
export function barInstant(time: string): Instant {
  return time.length === 10 ? (`${time}T00:00:00.000Z` as Instant) : (time as Instant);
}
