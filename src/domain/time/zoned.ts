import { Temporal } from 'temporal-polyfill';

/**
 * Exchange time: from UTC milliseconds to the wall clock of an IANA zone and back, daylight saving included.
 * Offsets are remembered per quarter of an hour, the finest step at which any zone changes.
 */

/** A calendar day as IBKR writes it, `YYYYMMDD`. */
export type DayText = string & { readonly __brand: 'DayText' };

/** A wall-clock moment of a zone: the day and the minutes since its midnight (0..1439). */
export type LocalTime = { readonly day: DayText; readonly minute: number };

const quarterMs = 900_000;
const minuteMs = 60_000;
/** Offsets in milliseconds by zone and quarter. */
const offsets = new Map<string, Map<number, number>>();
const rememberedQuarters = 10_000;
/** Moments by day, minute and zone: rules ask for the same few again and again. */
const moments = new Map<string, number>();
const rememberedMoments = 10_000;

/** Zone names of IBKR that are not IANA's. */
const aliases: Readonly<Record<string, string>> = { JST: 'Asia/Tokyo', HKT: 'Asia/Hong_Kong' };

/** The wall clock of `timeZone` at `epochMs`. Throws `RangeError` for an unknown zone. */
export function localTime(epochMs: number, timeZone: string): LocalTime {
  const local = new Date(epochMs + offsetMs(epochMs, timeZone));
  const day =
    local.getUTCFullYear() * 10_000 + (local.getUTCMonth() + 1) * 100 + local.getUTCDate();
  return {
    day: String(day) as DayText,
    minute: local.getUTCHours() * 60 + local.getUTCMinutes(),
  };
}

/** Milliseconds since the epoch at which the clock of `timeZone` shows `minute` (0..1440) of `day`. */
export function zonedEpochMs(day: DayText, minute: number, timeZone: string): number {
  const key = `${day}|${minute}|${timeZone}`;
  let at = moments.get(key);
  if (at === undefined) {
    at = zonedAfresh(day, minute, timeZone);
    if (moments.size >= rememberedMoments) moments.clear();
    moments.set(key, at);
  }
  return at;
}

function zonedAfresh(day: DayText, minute: number, timeZone: string): number {
  const midnight = new Temporal.PlainDateTime(
    Number(day.slice(0, 4)),
    Number(day.slice(4, 6)),
    Number(day.slice(6, 8)),
  );
  return midnight.add({ minutes: minute }).toZonedDateTime(zoneName(timeZone)).epochMilliseconds;
}

/** Whether the zone is known; IBKR also sends names that are not IANA's. */
export function isTimeZone(timeZone: string): boolean {
  try {
    return localTime(0, timeZone).minute >= 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** `HH:MM` of minutes since midnight. */
export function clockText(minute: number): string {
  const hours = String(Math.floor(minute / 60)).padStart(2, '0');
  return `${hours}:${String(minute % 60).padStart(2, '0')}`;
}

/** `YYYY-MM-DD` of a day. */
export function dashedDay(day: DayText): string {
  return `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}`;
}

function offsetMs(epochMs: number, timeZone: string): number {
  const quarter = Math.floor(epochMs / quarterMs);
  let known = offsets.get(timeZone);
  const remembered = known?.get(quarter);
  if (remembered !== undefined) return remembered;
  const zoned = Temporal.Instant.fromEpochMilliseconds(quarter * quarterMs).toZonedDateTimeISO(
    zoneName(timeZone),
  );
  const offset = Math.round(zoned.offsetNanoseconds / 1e6 / minuteMs) * minuteMs;
  if (known === undefined || known.size >= rememberedQuarters) {
    known = new Map();
    offsets.set(timeZone, known);
  }
  known.set(quarter, offset);
  return offset;
}

function zoneName(timeZone: string): string {
  return aliases[timeZone] ?? timeZone;
}
