import type { DecimalText } from '../money/decimal.ts';
import { fixed, larger } from '../money/fixed.ts';
import type { Currency, Money } from '../money/money.ts';
import type { TradingDay } from '../time/trading-day.ts';
import type { DayText } from '../time/zoned.ts';

/**
 * Marks of an account's net liquidation value: the highest ever seen and the values with which the week and the
 * trading day began. Deposits and withdrawals count like profit and loss; IBKR does not tell them apart in time.
 */
export type MarkedEquity = {
  readonly currency: Currency;
  readonly highest: DecimalText;
  readonly weekStart: DecimalText;
  readonly dayStart: DecimalText;
  /** The value that was seen last, and the market's day and week (its Monday) that it belongs to. */
  readonly last: DecimalText;
  readonly week: DayText;
  readonly day: DayText;
};

/**
 * The marks after one more value was seen. A new day or week begins with the last value before it; where there is
 * none (the first value ever, or another base currency) everything begins with this one. A market clock that has
 * gone back begins nothing.
 */
export function marksAfter(
  before: MarkedEquity | null,
  seen: Money,
  { day, week }: Pick<TradingDay, 'day' | 'week'>,
): MarkedEquity {
  const { amount, currency } = seen;
  if (before?.currency !== currency) {
    return {
      ...{ currency, highest: amount, weekStart: amount, dayStart: amount, last: amount },
      ...{ week, day },
    };
  }
  return {
    currency,
    highest: larger(fixed(before.highest), fixed(amount)).text(),
    weekStart: week > before.week ? before.last : before.weekStart,
    dayStart: day > before.day ? before.last : before.dayStart,
    last: amount,
    week: week > before.week ? week : before.week,
    day: day > before.day ? day : before.day,
  };
}
