// Wall-clock time in New York, by the daylight-saving rule in force since 2007 (second Sunday of
// March 02:00 to first Sunday of November 02:00). Pure arithmetic: formatting is on the hot path.

/** Milliseconds of a minute. */
export const MINUTE_MS = 60_000;
/** Milliseconds of an hour. */
export const HOUR_MS = 60 * MINUTE_MS;
/** Milliseconds of a day without a clock change. */
export const DAY_MS = 24 * HOUR_MS;
/** Zone name as the gateway writes it. */
export const ZONE = 'US/Eastern';

/** Days since 1970-01-01 of a civil date in New York. */
export type Day = number;

const two = (n: number) => String(n).padStart(2, '0');

function nthSunday(year: number, month: number, nth: number): number {
  const first = Date.UTC(year, month, 1);
  const offset = (7 - new Date(first).getUTCDay()) % 7;
  return first + (offset + 7 * (nth - 1)) * DAY_MS;
}

/** Milliseconds to add to UTC to get New York wall time. */
export function offsetMs(instant: number): number {
  const year = new Date(instant).getUTCFullYear();
  const start = nthSunday(year, 2, 2) + 7 * HOUR_MS;
  const end = nthSunday(year, 10, 1) + 6 * HOUR_MS;
  return instant >= start && instant < end ? -4 * HOUR_MS : -5 * HOUR_MS;
}

/** The New York day an instant (UTC milliseconds) falls on. */
export const dayOf = (instant: number): Day => Math.floor((instant + offsetMs(instant)) / DAY_MS);

/** The instant of a New York wall time, given in minutes after midnight of a day. */
export function instantOf(day: Day, minutes: number): number {
  const wall = day * DAY_MS + minutes * MINUTE_MS;
  return wall - offsetMs(wall + 5 * HOUR_MS);
}

/** `20260413`. */
export function formatDay(day: Day): string {
  const d = new Date(day * DAY_MS);
  return `${d.getUTCFullYear()}${two(d.getUTCMonth() + 1)}${two(d.getUTCDate())}`;
}

/** `20260413 15:27:04`. */
export function formatWallTime(instant: number): string {
  const d = new Date(instant + offsetMs(instant));
  const time = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
  return `${formatDay(dayOf(instant))} ${time}`;
}

/** `20260413 15:27:04 US/Eastern`, as executions carry it. */
export const formatZonedTime = (instant: number): string => `${formatWallTime(instant)} ${ZONE}`;
