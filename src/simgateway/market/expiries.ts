// When derivatives expire. All from the exchange's calendar, so holidays move what they really move.
import { calendarOf } from './calendars.ts';
import { dayFrom, nthWeekday, weekday, yearOf } from './civil-days.ts';
import { DAY_MS } from './new-york-time.ts';
import type { Day } from './new-york-time.ts';

const FRIDAY = 5;
const WEEKLY_WEEKS = 8;
const MONTHLY_MONTHS = 12;
const QUARTERLY_QUARTERS = 4;

const monthOf = (day: Day) => new Date(day * DAY_MS).getUTCMonth() + 1;
const tradesOn = (day: Day) => calendarOf('US').on(day) !== undefined;

/** The day itself when stocks trade, else the last trading day before it. */
function tradingDayBy(day: Day): Day {
  let d = day;
  while (!tradesOn(d)) d -= 1;
  return d;
}

const thirdFriday = (year: number, month: number) => nthWeekday(year, month, FRIDAY, 3);
const quarterEnd = (year: number, month: number) => tradingDayBy(dayFrom(year, month + 1, 1) - 1);

/** Whether options can expire on a day: a Friday (or the day before a closed one) or a quarter's end. */
export function isOptionExpiry(day: Day): boolean {
  if (!tradesOn(day)) return false;
  const friday = day + ((FRIDAY - weekday(day) + 7) % 7);
  if (tradingDayBy(friday) === day) return true;
  const month = monthOf(day);
  return month % 3 === 0 && quarterEnd(yearOf(day), month) === day;
}

/** Whether a day is the third Friday of its month, or stands in for it. */
export const isMonthlyExpiry = (day: Day): boolean =>
  tradingDayBy(thirdFriday(yearOf(day), monthOf(day))) === day;

/** Expiries listed on a day, ascending: eight weeks, twelve months, four quarters, two Januaries. */
export function optionExpiries(today: Day): Day[] {
  const found = new Set<Day>();
  const add = (day: Day) => {
    if (day >= today) found.add(day);
  };
  const friday = today + ((FRIDAY - weekday(today) + 7) % 7);
  for (let week = 0; week < WEEKLY_WEEKS; week += 1) add(tradingDayBy(friday + 7 * week));
  const [year, month] = [yearOf(today), monthOf(today)];
  for (let m = 0; m < MONTHLY_MONTHS; m += 1) {
    add(tradingDayBy(thirdFriday(year, month + m)));
  }
  for (let q = 0; q < QUARTERLY_QUARTERS; q += 1)
    add(quarterEnd(year, 3 * (Math.ceil(month / 3) + q)));
  for (const january of [year + 1, year + 2]) add(tradingDayBy(thirdFriday(january, 1)));
  return [...found].sort((a, b) => a - b);
}

const globexDay = (day: Day) => weekday(day) !== 0 && weekday(day) !== 6 && tradesOn(day);
/** Moves by business days; negative goes back. The start itself is not counted. */
function businessDays(from: Day, count: number): Day {
  let [day, left] = [from, Math.abs(count)];
  while (left > 0) {
    day += Math.sign(count);
    if (globexDay(day)) left -= 1;
  }
  return day;
}

/** Last trading days of futures by rule name, for a contract month. */
export const FUTURE_EXPIRY_RULES: Readonly<Record<string, (year: number, month: number) => Day>> = {
  /** Third Friday: equity indices. */
  'third-friday': (y, m) => tradingDayBy(thirdFriday(y, m)),
  /** Second business day before the third Wednesday: currencies. */
  'before-third-wednesday': (y, m) => businessDays(nthWeekday(y, m, 3, 3), -2),
  /** Third business day before the 25th of the month before: crude oil. */
  crude: (y, m) => businessDays(tradingDayBy(dayFrom(y, m - 1, 25)), -3),
  /** Third business day before the first of the month: natural gas. */
  gas: (y, m) => businessDays(dayFrom(y, m, 1), -3),
  /** Last business day of the month before: refined products. */
  products: (y, m) => businessDays(dayFrom(y, m, 1), -1),
  /** Third last business day of the month: metals. */
  metals: (y, m) => businessDays(dayFrom(y, m + 1, 1), -3),
  /** Seven business days before the month's last one: notes and bonds over five years. */
  notes: (y, m) => businessDays(dayFrom(y, m + 1, 1), -8),
  /** The month's last business day: two- and five-year notes. */
  'month-end': (y, m) => businessDays(dayFrom(y, m + 1, 1), -1),
  /** Business day before the 15th: grains. */
  grains: (y, m) => businessDays(dayFrom(y, m, 15), -1),
  /** Last Friday: bitcoin and ether. */
  'last-friday': (y, m) => tradingDayBy(lastFriday(y, m)),
  /** Wednesday before the third Friday of the month after, less thirty days: volatility. */
  volatility: (y, m) => tradingDayBy(thirdFriday(y, m + 1) - 30),
};
function lastFriday(year: number, month: number): Day {
  const last = dayFrom(year, month + 1, 1) - 1;
  return last - ((weekday(last) - FRIDAY + 7) % 7);
}
