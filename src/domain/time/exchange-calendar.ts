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

/** A session text after parsing, ascending. `hours` has exactly the days that it speaks of. */
export type SessionTable = {
  readonly sessions: readonly Session[];
  /** For people: the hours of each day, e.g. `09:30-16:00`, or `closed`. */
  readonly hours: ReadonlyMap<string, string>;
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
  const known = lastStates[kind].get(details);
  if (known?.epochMs === epochMs) return known.state;
  const state = stateAt(details, epochMs, kind);
  lastStates[kind].set(details, { epochMs, state });
  return state;
}

/** A gate asks for one moment and contract over and over: the last answer is kept with the details. */
const lastStates: Readonly<
  Record<HoursKind, WeakMap<ContractDetails, { epochMs: number; state: MarketState }>>
> = { regular: new WeakMap(), extended: new WeakMap() };

function stateAt(details: ContractDetails, epochMs: number, kind: HoursKind): MarketState {
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
  if (!open && !table.hours.has(day)) return null;
  return {
    open,
    local: localText(day, minute, details.timeZone),
    hours: table.hours.get(day) ?? 'an overnight session',
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

const sessionPattern = /^(\d{8}):(\d\d)(\d\d)-(\d{8}):(\d\d)(\d\d)$/;

function parseAfresh(text: string, timeZone: string): SessionTable | null {
  if (!isTimeZone(timeZone)) return null;
  const hours = new Map<string, string>();
  const sessions: Session[] = [];
  for (const segment of text.split(';')) {
    const closedDay = /^(\d{8}):CLOSED$/.exec(segment)?.[1];
    if (closedDay !== undefined) {
      if (!isDay(closedDay) || hours.has(closedDay)) return null;
      hours.set(closedDay, 'closed');
      continue;
    }
    for (const part of segment.split(',')) {
      const session = parseSession(part, timeZone);
      if (session === null) return null;
      const { day, label, ...span } = session;
      const earlier = hours.get(day);
      if (earlier === 'closed') return null;
      hours.set(day, earlier === undefined ? label : `${earlier}, ${label}`);
      sessions.push(span);
    }
  }
  sessions.sort((a, b) => a.opensAt - b.opensAt);
  const overlaps = sessions.some((s, i) => s.opensAt < (sessions[i - 1]?.closesAt ?? -Infinity));
  return overlaps ? null : { hours, sessions };
}

/** A session belongs to the day on which it ends: it may start the evening before. */
function parseSession(
  part: string,
  timeZone: string,
): (Session & { readonly day: DayText; readonly label: string }) | null {
  const match = sessionPattern.exec(part);
  if (match === null) return null;
  const [, fromDay = '', fromHour, fromMinute, toDay = '', toHour, toMinute] = match;
  const from = minuteOf(fromHour, fromMinute);
  const to = minuteOf(toHour, toMinute);
  if (!isDay(fromDay) || !isDay(toDay) || from === null || to === null) return null;
  const opensAt = zonedEpochMs(fromDay, from, timeZone);
  const closesAt = zonedEpochMs(toDay, to, timeZone);
  if (closesAt <= opensAt) return null;
  return { opensAt, closesAt, day: toDay, label: `${clockText(from)}-${clockText(to)}` };
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
