import type { DecimalText } from '../money/decimal.ts';
import { leastDays, type DailyPrice } from './daily-series.ts';
import { figure } from './figure.ts';

/** Trading days of a year, by which a daily volatility becomes a yearly one. */
const tradingDays = 252;
const decimals = 6;

/**
 * Yearly volatility from closes: the sample standard deviation (n − 1) of the log returns × √252, six decimals.
 * `prices` ascending; null below `leastDays` of them.
 */
export function closeToClose(prices: readonly DailyPrice[]): DecimalText | null {
  if (prices.length < leastDays) return null;
  const returns = prices
    .slice(1)
    .map(({ close }, index) => Math.log(close / (prices[index]?.close ?? close)));
  const mean = sum(returns) / returns.length;
  const squares = sum(returns.map((value) => (value - mean) ** 2));
  return figure(Math.sqrt(squares / (returns.length - 1)) * Math.sqrt(tradingDays), decimals);
}

/**
 * Yearly volatility from the day's range (Parkinson 1980): √(Σ ln(high ÷ low)² ÷ (4 n ln 2)) × √252, six decimals.
 * Null below `leastDays` of them.
 */
export function parkinson(prices: readonly DailyPrice[]): DecimalText | null {
  if (prices.length < leastDays) return null;
  const squares = sum(prices.map(({ high, low }) => Math.log(high / low) ** 2));
  const daily = Math.sqrt(squares / (4 * prices.length * Math.LN2));
  return figure(daily * Math.sqrt(tradingDays), decimals);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
