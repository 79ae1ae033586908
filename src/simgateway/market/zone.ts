// Wall-clock time at the exchanges, by the daylight-saving rules in force since 2008. Pure arithmetic,
// because it is on the hot path. Names are those that contract details carry.
import { DAY_MS, formatDay, HOUR_MS, MINUTE_MS } from './new-york-time.ts';
import type { Day } from './new-york-time.ts';

/** A time zone; `offsetMs` is what to add to UTC milliseconds to get wall time. */
export type Zone = { readonly name: string; offsetMs(instant: number): number };

/** UTC instants at which summer time starts and ends in a year; a start after the end is southern. */
type Summer = (year: number) => { start: number; end: number };

function nthSunday(year: number, month: number, nth: number): number {
  const first = Date.UTC(year, month, 1);
  return first + (((7 - new Date(first).getUTCDay()) % 7) + 7 * (nth - 1)) * DAY_MS;
}
const lastSunday = (year: number, month: number) => nthSunday(year, month + 1, 1) - 7 * DAY_MS;

const american =
  (standardHours: number): Summer =>
  (year) => ({
    start: nthSunday(year, 2, 2) + (2 - standardHours) * HOUR_MS,
    end: nthSunday(year, 10, 1) + (1 - standardHours) * HOUR_MS,
  });
const european: Summer = (year) => ({
  start: lastSunday(year, 2) + HOUR_MS,
  end: lastSunday(year, 9) + HOUR_MS,
});
/** New South Wales changes at 02:00 standard time, 16:00 UTC on the Saturday before. */
const australian: Summer = (year) => ({
  start: nthSunday(year, 9, 1) - 8 * HOUR_MS,
  end: nthSunday(year, 3, 1) - 8 * HOUR_MS,
});

function zone(name: string, standardHours: number, summer?: Summer): Zone {
  const standard = standardHours * HOUR_MS;
  if (summer === undefined) return { name, offsetMs: () => standard };
  // The last stretch with one offset is remembered: almost every call falls into it.
  let from = 0;
  let to = 0;
  let offset = standard;
  const look = (instant: number) => {
    const year = new Date(instant).getUTCFullYear();
    const yearEnds = [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)] as const;
    const { start, end } = summer(year);
    const [first, second] = start < end ? [start, end] : [end, start];
    const isMiddle = instant >= first && instant < second;
    const isSummer = start < end ? isMiddle : !isMiddle;
    [from, to] = isMiddle
      ? [first, second]
      : instant < first
        ? [yearEnds[0], first]
        : [second, yearEnds[1]];
    offset = isSummer ? standard + HOUR_MS : standard;
  };
  return {
    name,
    offsetMs: (instant) => {
      if (instant < from || instant >= to) look(instant);
      return offset;
    },
  };
}

/** Zones of the exchanges, by the name that IBKR gives them. */
export const ZONES = {
  'US/Eastern': zone('US/Eastern', -5, american(-5)),
  'US/Central': zone('US/Central', -6, american(-6)),
  'GB-Eire': zone('GB-Eire', 0, european),
  MET: zone('MET', 1, european),
  Japan: zone('Japan', 9),
  Hongkong: zone('Hongkong', 8),
  'Australia/NSW': zone('Australia/NSW', 10, australian),
} as const;

/** The civil day of an instant. */
export const dayIn = (z: Zone, instant: number): Day =>
  Math.floor((instant + z.offsetMs(instant)) / DAY_MS);

/** The instant of a wall time, in minutes after (or before) a day's midnight. */
export function instantIn(z: Zone, day: Day, minutes: number): number {
  const wall = day * DAY_MS + minutes * MINUTE_MS;
  const near = wall - z.offsetMs(wall);
  return wall - z.offsetMs(near);
}

const clockText = (instant: number) => new Date(instant).toISOString().slice(11, 19);

/** `20260413 15:27:04 US/Eastern`. */
export function formatZoned(z: Zone, instant: number): string {
  const wall = instant + z.offsetMs(instant);
  return `${formatDay(Math.floor(wall / DAY_MS))} ${clockText(wall)} ${z.name}`;
}

/** `20260413-15:27:04`, UTC. */
export const formatUtc = (instant: number): string =>
  `${formatDay(Math.floor(instant / DAY_MS))}-${clockText(instant)}`;
