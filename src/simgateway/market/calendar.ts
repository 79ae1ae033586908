// Trading sessions of US equities: pre-market 04:00, regular 09:30–16:00 (13:00 on half days), after
// hours to 20:00, New York time, with the NYSE holidays computed by rule. It knows no unscheduled closings.
import { DAY_MS, dayOf, formatDay, instantOf } from './new-york-time.ts';
import type { Day } from './new-york-time.ts';

/** One trading day; instants are UTC milliseconds, ends exclusive. */
export type Session = { day: Day; open: number; close: number; preOpen: number; postClose: number };

const dayFrom = (year: number, month: number, date: number): Day =>
  Date.UTC(year, month - 1, date) / DAY_MS;
const weekday = (day: Day) => (day + 4) % 7;

function nthWeekday(year: number, month: number, wanted: number, nth: number): Day {
  const first = dayFrom(year, month, 1);
  return first + ((wanted - weekday(first) + 7) % 7) + 7 * (nth - 1);
}

/** Easter Sunday, Gauss's method in its Gregorian form; exact for 1900–2099 after the two corrections. */
function easter(year: number): Day {
  const moon = (19 * (year % 19) + 24) % 30;
  const sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7;
  const offset = moon + sunday;
  if (moon === 29 && sunday === 6) return dayFrom(year, 4, 19);
  if (moon === 28 && sunday === 6 && year % 19 > 10) return dayFrom(year, 4, 18);
  return dayFrom(year, 3, 22) + offset;
}

/** A fixed-date holiday moves off the weekend: Saturday to Friday, Sunday to Monday. */
function observed(day: Day): Day {
  if (weekday(day) === 6) return day - 1;
  return weekday(day) === 0 ? day + 1 : day;
}

function holidaysOf(year: number): Set<Day> {
  const newYear = dayFrom(year, 1, 1);
  return new Set([
    // A Saturday New Year's Day is not moved into the old year.
    weekday(newYear) === 6 ? newYear : observed(newYear),
    nthWeekday(year, 1, 1, 3),
    nthWeekday(year, 2, 1, 3),
    easter(year) - 2,
    nthWeekday(year, 6, 1, 1) - 7,
    observed(dayFrom(year, 6, 19)),
    observed(dayFrom(year, 7, 4)),
    nthWeekday(year, 9, 1, 1),
    nthWeekday(year, 11, 4, 4),
    observed(dayFrom(year, 12, 25)),
  ]);
}

function halfDaysOf(year: number): Set<Day> {
  return new Set([dayFrom(year, 7, 3), nthWeekday(year, 11, 4, 4) + 1, dayFrom(year, 12, 24)]);
}

const holidays = new Map<number, Set<Day>>();
const halfDays = new Map<number, Set<Day>>();

function cached(map: Map<number, Set<Day>>, year: number, make: (year: number) => Set<Day>) {
  let days = map.get(year);
  if (days === undefined) map.set(year, (days = make(year)));
  return days;
}

/** The session of a New York day, or undefined when the exchange is closed all day. */
export function sessionOn(day: Day): Session | undefined {
  const year = new Date(day * DAY_MS).getUTCFullYear();
  if (weekday(day) === 0 || weekday(day) === 6) return undefined;
  if (cached(holidays, year, holidaysOf).has(day)) return undefined;
  const half = cached(halfDays, year, halfDaysOf).has(day);
  return {
    day,
    preOpen: instantOf(day, 4 * 60),
    open: instantOf(day, 9 * 60 + 30),
    close: instantOf(day, half ? 13 * 60 : 16 * 60),
    postClose: instantOf(day, half ? 17 * 60 : 20 * 60),
  };
}

/** The session of the latest day not after `day`, skipping closed days backwards. */
export function sessionOnOrBefore(day: Day): Session {
  for (let d = day; ; d -= 1) {
    const session = sessionOn(d);
    if (session !== undefined) return session;
  }
}

/** The first session whose after-hours end lies after the instant. */
export function currentOrNextSession(instant: number): Session {
  for (let d = dayOf(instant); ; d += 1) {
    const session = sessionOn(d);
    if (session !== undefined && instant < session.postClose) return session;
  }
}

/** Which part of the trading day an instant falls in. */
export function phaseAt(instant: number): 'closed' | 'extended' | 'regular' {
  const session = sessionOn(dayOf(instant));
  if (session === undefined) return 'closed';
  if (instant < session.preOpen || instant >= session.postClose) return 'closed';
  return instant >= session.open && instant < session.close ? 'regular' : 'extended';
}

const hhmm = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}${String(minutes % 60).padStart(2, '0')}`;

/** Trading-hours text of contract details: `20260413:0930-20260413:1600;20260414:CLOSED;…`. */
export function hoursText(from: Day, days: number, kind: 'trading' | 'liquid'): string {
  const parts: string[] = [];
  for (let day = from; day < from + days; day += 1) {
    const session = sessionOn(day);
    const date = formatDay(day);
    if (session === undefined) {
      parts.push(`${date}:CLOSED`);
      continue;
    }
    const midnight = instantOf(day, 0);
    const [a, b] =
      kind === 'liquid' ? [session.open, session.close] : [session.preOpen, session.postClose];
    const at = (instant: number) => hhmm(Math.round((instant - midnight) / 60_000));
    parts.push(`${date}:${at(a)}-${date}:${at(b)}`);
  }
  return parts.join(';');
}
