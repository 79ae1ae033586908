import type { DecimalText } from '../money/decimal.ts';
import { leastDays, type DailyPrice } from './daily-series.ts';
import { figure } from './figure.ts';

/** As many days of no correlation at all are believed before anything is seen. */
const shrinkDays = 10;
const decimals = 4;
/** Returns that vary less than this share of their own size are constant; the rest is rounding of the logarithm. */
const leastVariation = 1e-12;

/** A coefficient, -1..1, and the returns that it is from. */
export type Comovement = { readonly coefficient: DecimalText | null; readonly days: number };

/**
 * How two instruments move together: Pearson's coefficient of the log returns between the days on which both have a
 * close, times n ÷ (n + 10), four decimals. Null below `leastDays` returns and where one of the two never moves.
 * Both ascending by day.
 */
export function correlation(a: readonly DailyPrice[], b: readonly DailyPrice[]): Comovement {
  const { left, right } = commonReturns(a, b);
  const days = left.length;
  if (days < leastDays) return { coefficient: null, days };
  const [x, y] = [centred(left), centred(right)];
  if (x === null || y === null) return { coefficient: null, days };
  const pearson = product(x, y) / Math.sqrt(product(x, x) * product(y, y));
  const bounded = Math.max(-1, Math.min(1, pearson));
  return { coefficient: figure((bounded * days) / (days + shrinkDays), decimals), days };
}

/** Returns from one common day to the next, so that both span the same time whatever holidays each market has. */
function commonReturns(a: readonly DailyPrice[], b: readonly DailyPrice[]) {
  const closes = new Map(b.map(({ day, close }) => [day, close]));
  const left: number[] = [];
  const right: number[] = [];
  let before: readonly [number, number] | null = null;
  for (const { day, close } of a) {
    const other = closes.get(day);
    if (other === undefined) continue;
    if (before !== null) {
      left.push(Math.log(close / before[0]));
      right.push(Math.log(other / before[1]));
    }
    before = [close, other];
  }
  return { left, right };
}

/** Deviations from the mean; null where there are none. */
function centred(returns: readonly number[]): readonly number[] | null {
  const mean = returns.reduce((total, value) => total + value, 0) / returns.length;
  const deviations = returns.map((value) => value - mean);
  const size = product(returns, returns);
  return product(deviations, deviations) > leastVariation * size ? deviations : null;
}

function product(x: readonly number[], y: readonly number[]): number {
  return x.reduce((total, value, index) => total + value * (y[index] ?? 0), 0);
}
