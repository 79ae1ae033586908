import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { isTimeZone, localTime, type DayText } from '../../time/zoned.ts';

/** Days and times of day as the auto-approval policy writes them, on the wall clock of a zone that it names. */

/** Monday first, as ISO 8601 counts. */
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** Some days of the week. */
export const Weekdays = z.array(z.enum(weekdays)).min(1, 'at least one of mon … sun');

/** An IANA zone, or one of IBKR's own names for one. */
export const TimeZone = z.string().refine(isTimeZone, 'a time zone, e.g. "America/New_York"');

/** `HH:MM` from 00:00 to 24:00, as minutes after midnight. */
export const TimeOfDay = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'a time of day as HH:MM, 00:00 to 24:00')
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

/** A moment on a zone's wall clock. */
export type WallClock = {
  readonly day: DayText;
  readonly weekday: Weekday;
  readonly dayOfMonth: number;
  /** After midnight, 0..1439. */
  readonly minute: number;
};

/** What the clock of `timeZone` shows at `epochMs`. */
export function wallClock(epochMs: number, timeZone: string): WallClock {
  const { day, minute } = localTime(epochMs, timeZone);
  const date = new Temporal.PlainDate(
    Number(day.slice(0, 4)),
    Number(day.slice(4, 6)),
    Number(day.slice(6, 8)),
  );
  return { day, weekday: weekdays[date.dayOfWeek - 1] ?? 'sun', dayOfMonth: date.day, minute };
}
