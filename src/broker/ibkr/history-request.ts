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
  /** The longest that is asked at once, in days. */
  readonly mostDays: number;
  /** The longest in IBKR's words. */
  readonly longest: string;
  /** About how many bars an instrument with short hours has in a day of the calendar. */
  readonly barsPerDay: number;
};

const sizes: Readonly<Record<BarSize, SizeRow>> = {
  '1m': { setting: BarSizeSetting.MINUTES_ONE, mostDays: 1, longest: '1 D', barsPerDay: 270 },
  '5m': { setting: BarSizeSetting.MINUTES_FIVE, mostDays: 7, longest: '1 W', barsPerDay: 54 },
  '15m': { setting: BarSizeSetting.MINUTES_FIFTEEN, mostDays: 7, longest: '1 W', barsPerDay: 18 },
  '30m': { setting: BarSizeSetting.MINUTES_THIRTY, mostDays: 30, longest: '1 M', barsPerDay: 9 },
  '1h': { setting: BarSizeSetting.HOURS_ONE, mostDays: 30, longest: '1 M', barsPerDay: 4.5 },
  '4h': { setting: BarSizeSetting.HOURS_FOUR, mostDays: 30, longest: '1 M', barsPerDay: 1.3 },
  '1d': { setting: BarSizeSetting.DAYS_ONE, mostDays: 365, longest: '1 Y', barsPerDay: 0.68 },
  '1w': { setting: BarSizeSetting.WEEKS_ONE, mostDays: 365, longest: '1 Y', barsPerDay: 0.14 },
  '1M': { setting: BarSizeSetting.MONTHS_ONE, mostDays: 365, longest: '1 Y', barsPerDay: 0.03 },
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
  const { mostDays, longest, barsPerDay } = sizes[size];
  const days = Math.max(1, Math.ceil(bars / barsPerDay) + 1);
  return days >= mostDays ? { text: longest, days: mostDays } : { text: `${days} D`, days };
}

/** What there is of a kind of instrument where nothing was said: a currency pair has no trades. */
export function usualPrices(secType: SecType): BarPrices {
  return secType === 'CASH' ? 'MIDPOINT' : 'TRADES';
}

/** IBKR's `whatToShow`. Coins are traded at several places: their trades have a word of their own. */
export function showOf(prices: BarPrices, secType: SecType): WhatToShow {
  if (prices === 'TRADES' && secType === 'CRYPTO') return 'AGGTRADES' as WhatToShow;
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
