// Days as numbers since 1970-01-01, and the rules from which holidays are made.
import { DAY_MS } from './new-york-time.ts';
import type { Day } from './new-york-time.ts';

/** A civil date as a day number; months count from 1. */
export const dayFrom = (year: number, month: number, date: number): Day =>
  Date.UTC(year, month - 1, date) / DAY_MS;

/** 0 Sunday … 6 Saturday. */
export const weekday = (day: Day): number => (day + 4) % 7;

/** Year of a day. */
export const yearOf = (day: Day): number => new Date(day * DAY_MS).getUTCFullYear();

/** The nth such weekday of a month; `nth` counts from 1. */
export function nthWeekday(year: number, month: number, wanted: number, nth: number): Day {
  const first = dayFrom(year, month, 1);
  return first + ((wanted - weekday(first) + 7) % 7) + 7 * (nth - 1);
}

/** The last such weekday of a month. */
export function lastWeekday(year: number, month: number, wanted: number): Day {
  const last = dayFrom(year, month + 1, 1) - 1;
  return last - ((weekday(last) - wanted + 7) % 7);
}

/** Easter Sunday, Gauss's method in its Gregorian form; exact for 1900–2099. */
export function easter(year: number): Day {
  const moon = (19 * (year % 19) + 24) % 30;
  const sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7;
  const offset = moon + sunday;
  if (moon === 29 && sunday === 6) return dayFrom(year, 4, 19);
  if (moon === 28 && sunday === 6 && year % 19 > 10) return dayFrom(year, 4, 18);
  return dayFrom(year, 3, 22) + offset;
}

/** US custom: a Saturday holiday is kept on Friday, a Sunday one on Monday. */
export function observed(day: Day): Day {
  if (weekday(day) === 6) return day - 1;
  return weekday(day) === 0 ? day + 1 : day;
}

/** British custom: a weekend holiday is kept on the next free weekday. */
export function substituted(day: Day, taken: readonly Day[] = []): Day {
  let d = day;
  while (weekday(d) === 0 || weekday(d) === 6 || taken.includes(d)) d += 1;
  return d;
}
