import type { Contract, ContractDetails } from '../instrument/contract.ts';
import { usEquityDay, usEquityZone } from './us-equity-days.ts';
import {
  clockText,
  dashedDay,
  isTimeZone,
  localTime,
  zonedEpochMs,
  type DayText,
} from './zoned.ts';

/**
 * Whether an exchange is open at a moment. The authority is IBKR's session text of the contract; for US stocks
 * our own table cross-checks it and stands in where the text does not cover the day. Where the two differ the
 * stricter one counts: open means open by both.
 */

/** Which hours count: regular trading hours, or everything the exchange trades. */
export type HoursKind = 'regular' | 'extended';

/** One session; milliseconds since the epoch, start inclusive, end exclusive. */
export type Session = { readonly opensAt: number; readonly closesAt: number };

/** A session text after parsing: the days it speaks of and all its sessions. */
export type SessionTable = {
  readonly days: ReadonlySet<string>;
  readonly sessions: readonly Session[];
};

/** The answer for one moment. `hours` and `local` are for people, in the exchange's own time. */
export type MarketState =
  | { readonly open: boolean; readonly local: string; readonly hours: string }
  | { readonly missing: string };

/** Primary exchanges of US stocks, in IBKR's spelling. */
const usStockExchanges: ReadonlySet<string> = new Set(
  'NASDAQ NYSE ARCA AMEX BATS IEX ISLAND CHX NYSENAT PSX BEX EDGEA BYX LTSE MEMX PEARL'.split(' '),
);

const parsedTexts = new Map<string, SessionTable | null>();
const rememberedTexts = 5_000;

/**
 * Parses IBKR's `liquidHours` / `tradingHours` text strictly. Null for anything unexpected: an unreadable
 * segment, a day that does not exist, an end before its start, overlap, or CLOSED beside a session.
 */
export function parseSessions(text: string, timeZone: string): SessionTable | null {
  const key = `${timeZone}|${text}`;
  const known = parsedTexts.get(key);
  if (known !== undefined) return known;
  const parsed = parseAfresh(text, timeZone);
  if (parsedTexts.size >= rememberedTexts) parsedTexts.clear();
  parsedTexts.set(key, parsed);
  return parsed;
}

/** Whether `contract` trades by the calendar of the US stock exchanges. */
export function isUsEquity(contract: Contract): boolean {
  return contract.currency === 'USD' && usStockExchanges.has(contract.primaryExchange);
}

/** Whether the contract's exchange is open at `epochMs`, or why that is not known. */
export function marketState(
  details: ContractDetails,
  epochMs: number,
  kind: HoursKind,
): MarketState {
  const broker = brokerState(details, epochMs, kind);
  const own = isUsEquity(details.contract) ? ownState(epochMs, kind) : null;
  if (broker === null) {
    return own ?? { missing: 'no trading hours for the day, from the broker or from our calendar' };
  }
  if (own === null || 'missing' in broker || broker.open === own.open) return broker;
  return broker.open ? own : broker;
}

type Known = Exclude<MarketState, { missing: string }>;

function brokerState(
  details: ContractDetails,
  epochMs: number,
  kind: HoursKind,
): MarketState | null {
  const text = kind === 'regular' ? details.liquidHours : details.tradingHours;
  if (text === '') return null;
  const table = parseSessions(text, details.timeZone);
  if (table === null) return { missing: "the broker's trading hours cannot be read" };
  const { day, minute } = localTime(epochMs, details.timeZone);
  const open = table.sessions.some((s) => s.opensAt <= epochMs && epochMs < s.closesAt);
  if (!open && !table.days.has(day)) return null;
  return {
    open,
    local: localText(day, minute, details.timeZone),
    hours: sessionsText(table, day, details.timeZone),
  };
}

function ownState(epochMs: number, kind: HoursKind): Known | null {
  const { day, minute } = localTime(epochMs, usEquityZone);
  const rule = usEquityDay(day);
  if (rule === null) return null;
  const local = localText(day, minute, usEquityZone);
  if (rule.kind === 'closed') {
    return { open: false, local, hours: `closed (${rule.holiday ?? 'weekend'})` };
  }
  const [opens, closes] = kind === 'regular' ? rule.regular : rule.extended;
  return {
    open: opens <= minute && minute < closes,
    local,
    hours: `${clockText(opens)}-${clockText(closes)}`,
  };
}

function localText(day: DayText, minute: number, timeZone: string): string {
  return `${dashedDay(day)} ${clockText(minute)} ${timeZone}`;
}

function sessionsText(table: SessionTable, day: DayText, timeZone: string): string {
  const texts: string[] = [];
  for (const { opensAt, closesAt } of table.sessions) {
    const opens = localTime(opensAt, timeZone);
    const closes = localTime(closesAt, timeZone);
    if (opens.day !== day && closes.day !== day) continue;
    texts.push(`${clockText(opens.minute)}-${clockText(closes.minute)}`);
  }
  return texts.length === 0 ? 'closed' : texts.join(', ');
}

const sessionPattern = /^(\d{8}):(\d\d)(\d\d)-(\d{8}):(\d\d)(\d\d)$/;

function parseAfresh(text: string, timeZone: string): SessionTable | null {
  if (!isTimeZone(timeZone)) return null;
  const days = new Set<string>();
  const closed = new Set<string>();
  const sessions: Session[] = [];
  for (const segment of text.split(';')) {
    const holiday = /^(\d{8}):CLOSED$/.exec(segment)?.[1];
    if (holiday !== undefined) {
      if (!isDay(holiday)) return null;
      closed.add(holiday);
      continue;
    }
    for (const part of segment.split(',')) {
      const session = parseSession(part, timeZone, days);
      if (session === null) return null;
      sessions.push(session);
    }
  }
  sessions.sort((a, b) => a.opensAt - b.opensAt);
  const overlaps = sessions.some((s, i) => s.opensAt < (sessions[i - 1]?.closesAt ?? -Infinity));
  for (const day of closed) if (days.has(day)) return null;
  return overlaps ? null : { days: new Set([...days, ...closed]), sessions };
}

function parseSession(part: string, timeZone: string, days: Set<string>): Session | null {
  const match = sessionPattern.exec(part);
  if (match === null) return null;
  const [, fromDay = '', fromHour, fromMinute, toDay = '', toHour, toMinute] = match;
  const from = minuteOf(fromHour, fromMinute);
  const to = minuteOf(toHour, toMinute);
  if (!isDay(fromDay) || !isDay(toDay) || from === null || to === null) return null;
  const opensAt = zonedEpochMs(fromDay, from, timeZone);
  const closesAt = zonedEpochMs(toDay, to, timeZone);
  if (closesAt <= opensAt) return null;
  // A session that starts the evening before belongs to the day on which it ends.
  days.add(toDay);
  return { opensAt, closesAt };
}

function minuteOf(hour: string | undefined, minute: string | undefined): number | null {
  const minutes = Number(hour) * 60 + Number(minute);
  return Number(hour) <= 24 && Number(minute) <= 59 && minutes <= 1440 ? minutes : null;
}

function isDay(text: string): text is DayText {
  const iso = dashedDay(text as DayText);
  const ms = Date.parse(`${iso}T00:00:00Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(iso);
}
