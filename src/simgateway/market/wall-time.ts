// Times as clients write them in requests (TWS API, "Date/Time formats"): with a zone, in UTC by a dash,
// or without either, which is the time of this gateway: New York.
import { DAY_MS, MINUTE_MS } from './new-york-time.ts';
import { instantIn, ZONES } from './zone.ts';
import type { Zone } from './zone.ts';

const UTC: Zone = { name: 'UTC', offsetMs: () => 0 };
const NEW_YORK = ZONES['US/Eastern'];

/** Zones by every name that clients use for them. */
const BY_NAME: ReadonlyMap<string, Zone> = new Map<string, Zone>([
  ...Object.entries(ZONES),
  ...['UTC', 'GMT', 'Etc/UTC'].map((name) => [name, UTC] as const),
  ...['America/New_York', 'EST5EDT', 'EST', 'EDT'].map((name) => [name, NEW_YORK] as const),
  ...['America/Chicago', 'CST6CDT'].map((name) => [name, ZONES['US/Central']] as const),
  ['Europe/London', ZONES['GB-Eire']],
  ...['CET', 'Europe/Berlin', 'Europe/Paris', 'Europe/Zurich'].map(
    (name) => [name, ZONES.MET] as const,
  ),
  ...['JST', 'Asia/Tokyo'].map((name) => [name, ZONES.Japan] as const),
  ['Asia/Hong_Kong', ZONES.Hongkong],
  ['Australia/Sydney', ZONES['Australia/NSW']],
]);

const FORM = /^(\d{4})(\d\d)(\d\d)(?:([- ])(\d\d):(\d\d)(?::(\d\d))?)?(?: (\S+))?$/;

/** Days since 1970-01-01 of a civil date; undefined when there is no such date. */
function dayFrom(year: number, month: number, date: number): number | undefined {
  const at = new Date(Date.UTC(year, month - 1, date));
  return at.getUTCMonth() === month - 1 ? at.getTime() / DAY_MS : undefined;
}

/**
 * Reads `yyyymmdd hh:mm:ss`, `yyyymmdd-hh:mm:ss` (UTC unless a zone follows) or `yyyymmdd`, each with or
 * without a zone; seconds may be left out. Undefined for anything else, also for an unknown zone.
 */
export function parseWallTime(text: string): number | undefined {
  const match = FORM.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, date, separator, hour = '0', minute = '0', second = '0', name] = match;
  const zone = name === undefined ? (separator === '-' ? UTC : NEW_YORK) : BY_NAME.get(name);
  const day = dayFrom(Number(year), Number(month), Number(date));
  if (zone === undefined || day === undefined) return undefined;
  const minutes = Number(hour) * 60 + Number(minute);
  if (Number(minute) > 59 || Number(second) > 59 || minutes >= DAY_MS / MINUTE_MS) return undefined;
  return instantIn(zone, day, minutes) + Number(second) * 1000;
}
