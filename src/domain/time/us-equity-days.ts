import { Temporal } from 'temporal-polyfill';
import type { DayText } from './zoned.ts';

/**
 * The days of the US stock exchanges (NYSE, Nasdaq) by rule, 2020 to 2035: a cross-check of what the broker
 * says, and the stand-in where it says nothing. Sources: NYSE "Holidays & Trading Hours", NYSE rule 7.2.
 * Unscheduled closures that are announced later than this file are known to the broker only.
 */

/** The zone in which the exchanges keep their hours. */
export const usEquityZone = 'America/New_York';

/** A day of the exchanges; minutes since midnight in New York. `holiday` is null on a weekend. */
export type UsEquityDay =
  | { readonly kind: 'closed'; readonly holiday: string | null }
  | {
      readonly kind: 'full' | 'half';
      readonly regular: readonly [opens: number, closes: number];
      readonly extended: readonly [opens: number, closes: number];
    };

const firstYear = 2020;
const lastYear = 2035;
const full: UsEquityDay = { kind: 'full', regular: [570, 960], extended: [240, 1200] };
const half: UsEquityDay = { kind: 'half', regular: [570, 780], extended: [240, 1020] };

/** Closures that no rule foretells. */
const mourning: Readonly<Record<string, string>> = {
  '20250109': 'National day of mourning for James Carter',
};

type Year = {
  readonly holidays: ReadonlyMap<string, string>;
  readonly halfDays: ReadonlySet<string>;
};
const years = new Map<number, Year>();
/** Of the days that were asked for; there are less than 6,000 in all these years, and nothing else is kept. */
const days = new Map<string, UsEquityDay>();

/** What the US stock exchanges do on `day`, or null outside 2020–2035 and for a day that does not exist. */
export function usEquityDay(day: DayText): UsEquityDay | null {
  const remembered = days.get(day);
  if (remembered !== undefined) return remembered;
  const found = dayByRule(day);
  if (found !== null) days.set(day, found);
  return found;
}

function dayByRule(day: DayText): UsEquityDay | null {
  const year = Number(day.slice(0, 4));
  if (!(year >= firstYear && year <= lastYear)) return null;
  const weekday = weekdayOf(day);
  if (weekday === null) return null;
  let known = years.get(year);
  if (known === undefined) {
    known = daysOfYear(year);
    years.set(year, known);
  }
  const holiday = known.holidays.get(day) ?? mourning[day];
  if (holiday !== undefined) return { kind: 'closed', holiday };
  if (weekday > 5) return { kind: 'closed', holiday: null };
  return known.halfDays.has(day) ? half : full;
}

/** The full holidays of a year, ascending, as `[day, name]`; weekends are not listed. */
export function usEquityHolidays(year: number): readonly (readonly [string, string])[] {
  const listed = [...daysOfYear(year).holidays];
  for (const [day, name] of Object.entries(mourning)) {
    if (Number(day.slice(0, 4)) === year) listed.push([day, name]);
  }
  return listed.sort(([a], [b]) => (a < b ? -1 : 1));
}

function weekdayOf(day: DayText): number | null {
  const ms = Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6)));
  const date = new Date(ms);
  const same = Number.isFinite(ms) && date.toISOString().slice(0, 10).replaceAll('-', '') === day;
  return same ? date.getUTCDay() || 7 : null;
}

function daysOfYear(year: number): Year {
  const holidays = new Map<string, string>();
  const close = (date: Temporal.PlainDate | null, name: string): void => {
    if (date !== null) holidays.set(text(date), name);
  };
  // A New Year's Day on a Saturday is not made up for: the Friday before ends the old year's books.
  const newYear = date(year, 1, 1);
  close(newYear.dayOfWeek === 6 ? null : observed(newYear), "New Year's Day");
  close(nthWeekday(year, 1, 1, 3), 'Martin Luther King, Jr. Day');
  close(nthWeekday(year, 2, 1, 3), "Washington's Birthday");
  close(easter(year).subtract({ days: 2 }), 'Good Friday');
  close(lastMonday(year, 5), 'Memorial Day');
  if (year >= 2022) close(observed(date(year, 6, 19)), 'Juneteenth');
  close(observed(date(year, 7, 4)), 'Independence Day');
  close(nthWeekday(year, 9, 1, 1), 'Labor Day');
  const thanksgiving = nthWeekday(year, 11, 4, 4);
  close(thanksgiving, 'Thanksgiving Day');
  close(observed(date(year, 12, 25)), 'Christmas Day');

  const halfDays = new Set(
    [thanksgiving.add({ days: 1 }), date(year, 7, 3), date(year, 12, 24)]
      .filter((day) => day.dayOfWeek <= 5)
      .map(text)
      .filter((day) => !holidays.has(day)),
  );
  return { holidays, halfDays };
}

function date(year: number, month: number, day: number): Temporal.PlainDate {
  return new Temporal.PlainDate(year, month, day);
}

function text(day: Temporal.PlainDate): string {
  return day.toString().replaceAll('-', '');
}

/** A Saturday's holiday is kept on the Friday before, a Sunday's on the Monday after. */
function observed(day: Temporal.PlainDate): Temporal.PlainDate {
  if (day.dayOfWeek === 6) return day.subtract({ days: 1 });
  return day.dayOfWeek === 7 ? day.add({ days: 1 }) : day;
}

function nthWeekday(year: number, month: number, weekday: number, nth: number): Temporal.PlainDate {
  const first = date(year, month, 1);
  return first.add({ days: ((weekday - first.dayOfWeek + 7) % 7) + 7 * (nth - 1) });
}

function lastMonday(year: number, month: number): Temporal.PlainDate {
  const last = date(year, month, 1).add({ months: 1 }).subtract({ days: 1 });
  return last.subtract({ days: last.dayOfWeek - 1 });
}

/** Easter Sunday of the Gregorian calendar by Gauss's rule; its exceptions (next: 2049, 2076) are beyond our years. */
function easter(year: number): Temporal.PlainDate {
  const epact = (19 * (year % 19) + 24) % 30;
  const toSunday = (2 * (year % 4) + 4 * (year % 7) + 6 * epact + 5) % 7;
  return date(year, 3, 1).add({ days: 21 + epact + toSunday });
}
