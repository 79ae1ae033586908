import type { ContractDetails } from '../instrument/contract.ts';
import { isUsEquity, parseSessions, type SessionTable } from './exchange-calendar.ts';
import { usEquityDay, usEquityZone } from './us-equity-days.ts';
import { localTime, zonedEpochMs, type DayText } from './zoned.ts';

/**
 * When the regular session of an exchange opens and closes on a day, which is when its auctions are. As everywhere
 * the broker's session text is the authority, our own table the second opinion, and the narrower one counts.
 */

/** The outer bounds of a day's regular sessions; milliseconds since the epoch. */
export type RegularDay = { readonly opensAt: number; readonly closesAt: number };
type Missing = { readonly missing: string };

const dayMs = 86_400_000;
/** The longest closure of an exchange that is looked over: a week and the weekends around it. */
const mostDaysAhead = 10;

/** The regular hours of the exchange's day at `epochMs`; null where it is closed that day; else why not known. */
export function regularDayAt(
  details: ContractDetails,
  epochMs: number,
): RegularDay | null | Missing {
  const broker = brokerDay(details, epochMs);
  if (broker !== null && broker !== 'unknown' && 'missing' in broker) return broker;
  const own = isUsEquity(details.contract) ? ownDay(epochMs) : 'unknown';
  if (broker === 'unknown' && own === 'unknown') {
    return { missing: 'no trading hours for the day, from the broker or from our calendar' };
  }
  if (broker === null || own === null) return null;
  if (broker === 'unknown') return own === 'unknown' ? null : own;
  if (own === 'unknown') return broker;
  return {
    opensAt: Math.max(broker.opensAt, own.opensAt),
    closesAt: Math.min(broker.closesAt, own.closesAt),
  };
}

/**
 * The regular hours that `epochMs` is in, from first opening to last close: of its own day, or of the next one where
 * they began the evening before. Null outside of them.
 */
export function regularHoursAt(
  details: ContractDetails,
  epochMs: number,
): RegularDay | null | Missing {
  // Half a day and a whole one ahead, so that the next day is met on days of 23 and 25 hours too.
  for (const aheadMs of [0, dayMs / 2, dayMs]) {
    const day = regularDayAt(details, epochMs + aheadMs);
    if (day === null) continue;
    if ('missing' in day) return day;
    if (day.opensAt <= epochMs && epochMs < day.closesAt) return day;
  }
  return null;
}

/** The next opening after `epochMs`, or why it is not known. */
export function nextOpening(
  details: ContractDetails,
  epochMs: number,
): { readonly opensAt: number } | Missing {
  for (let ahead = 0; ahead <= mostDaysAhead; ahead += 1) {
    const day = regularDayAt(details, epochMs + ahead * dayMs);
    if (day === null) continue;
    if ('missing' in day) return day;
    if (day.opensAt > epochMs) return { opensAt: day.opensAt };
  }
  return { missing: `an opening within ${mostDaysAhead} days` };
}

type Found = RegularDay | null | 'unknown';

/** What a day was found to be, by the text that says so: the hours of a day do not change with the time of day. */
const brokerDays = new WeakMap<SessionTable, Map<DayText, Found>>();
const ownDays = new Map<DayText, Found>();

function brokerDay(details: ContractDetails, epochMs: number): Found | Missing {
  if (details.liquidHours === '') return 'unknown';
  const table = parseSessions(details.liquidHours, details.timeZone);
  if (table === null) return { missing: "the broker's trading hours cannot be read" };
  const { day } = localTime(epochMs, details.timeZone);
  const days = brokerDays.get(table) ?? new Map<DayText, Found>();
  brokerDays.set(table, days);
  let found = days.get(day);
  if (found === undefined) {
    found = dayOf(table, day, details.timeZone);
    // A text names few days; the others are not worth remembering.
    if (found !== 'unknown') days.set(day, found);
  }
  return found;
}

function dayOf(table: SessionTable, day: DayText, timeZone: string): Found {
  if (!table.hours.has(day)) return 'unknown';
  // A session belongs to the day on which it ends, which for an end at midnight is the day before.
  const sessions = table.sessions.filter(({ closesAt }) => isOn(day, closesAt, timeZone));
  const [first] = sessions;
  const last = sessions.at(-1);
  return first === undefined || last === undefined
    ? null
    : { opensAt: first.opensAt, closesAt: last.closesAt };
}

function isOn(day: DayText, closesAt: number, timeZone: string): boolean {
  return localTime(closesAt - 1, timeZone).day === day;
}

function ownDay(epochMs: number): Found {
  const { day } = localTime(epochMs, usEquityZone);
  const known = ownDays.get(day);
  if (known !== undefined) return known;
  const rule = usEquityDay(day);
  if (rule === null) return 'unknown';
  const found = rule.kind === 'closed' ? null : hoursOf(day, rule.regular);
  ownDays.set(day, found);
  return found;
}

function hoursOf(day: DayText, [opens, closes]: readonly [number, number]): RegularDay {
  return {
    opensAt: zonedEpochMs(day, opens, usEquityZone),
    closesAt: zonedEpochMs(day, closes, usEquityZone),
  };
}
