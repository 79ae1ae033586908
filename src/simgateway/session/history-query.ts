// A request for bars, parsed and checked, and the bars it means as they go on the wire.
import { BAR_SIZE_NAMES, durationFault, parseBarSize, parseDuration } from '../market/bar-sizes.ts';
import type { BarSize, Duration } from '../market/bar-sizes.ts';
import { barCount, historicalBars } from '../market/bars.ts';
import type { Bar } from '../market/bars.ts';
import { calendarOf } from '../market/calendars.ts';
import { firstInstant } from '../market/head.ts';
import type { Instrument } from '../market/instrument.ts';
import { MICROS } from '../market/money.ts';
import { formatDay } from '../market/new-york-time.ts';
import { parseWallTime } from '../market/wall-time.ts';
import { showFor, volatilityBars } from '../market/what-to-show.ts';
import type { Show } from '../market/what-to-show.ts';
import { formatZoned } from '../market/zone.ts';
import type { ClientSession } from './client-session.ts';
import { priceText, refuse, refuseHistory, sizeText } from './market-line.ts';

/** Bars that one answer may hold. */
const MOST_BARS = 10_000;
/** Seconds back that one-second bars reach. */
const MOST_SECONDS = 2000;

/** A checked request; `end` is UTC milliseconds, never after now. */
export type Query = {
  i: Instrument;
  show: Show;
  size: BarSize;
  duration: Duration;
  end: number;
  regularOnly: boolean;
};

/** A bar's time: a date, wall time with zone, or seconds since 1970. */
function barDate(i: Instrument, bar: Bar, size: BarSize, formatDate: number): string {
  if (size.unit !== 'intraday') return formatDay(bar.day);
  return formatDate === 2
    ? String(Math.floor(bar.start / 1000))
    : formatZoned(calendarOf(i.calendar).row.zone, bar.start);
}

/** The weighted average price of a bar. */
function wapOf(bar: Bar): string {
  return priceText(bar.volume === 0 ? 0 : Math.round(bar.notional / (bar.volume / MICROS)));
}

/** A bar as bar messages carry it; volume, average and count are −1 where nothing is traded. */
export function barValues(q: Query, bar: Bar, formatDate: number) {
  const traded = q.show.kind === 'last' && q.i.secType !== 'IND';
  return {
    date: barDate(q.i, bar, q.size, formatDate),
    open: priceText(bar.open),
    high: priceText(bar.high),
    low: priceText(bar.low),
    close: priceText(bar.close),
    volume: traded ? sizeText(bar.volume) : '-1',
    wap: traded ? wapOf(bar) : '-1',
    count: traded ? bar.count : -1,
  };
}

/** The bars of a query, oldest first. */
export function barsOf(session: ClientSession, q: Query): Bar[] {
  const { tape } = session.sim.market;
  const cut = { ...q, kind: q.show.kind };
  const earliest = firstInstant(q.i);
  const bars =
    q.show.volatility === undefined
      ? historicalBars(tape, q.i, cut)
      : volatilityBars(tape, q.i, cut, q.show.volatility);
  return bars.filter((bar) => bar.end > earliest);
}

/** The fields of a bar request that decide about it. */
type HistoryValues = {
  reqId?: number | undefined;
  barSize?: string | undefined;
  duration?: string | undefined;
  endDateTime?: string | undefined;
  whatToShow?: string | undefined;
  useRth?: boolean | undefined;
  keepUpToDate?: boolean | undefined;
};

/** Why a request is refused with 321; undefined when it is not. */
function fault(v: HistoryValues, size: BarSize | undefined, duration: Duration | undefined) {
  if (size === undefined)
    return `Historical data bar size setting is invalid. Legal ones are: ${BAR_SIZE_NAMES.join(',')}`;
  if (duration === undefined) {
    return 'Invalid duration: a whole number and S, D, W, M or Y are needed, as in 1 D';
  }
  const tooLong = durationFault(duration);
  if (tooLong !== undefined) return tooLong;
  const isOpenEnded = v.endDateTime === undefined;
  if (v.keepUpToDate === true && !isOpenEnded) {
    return 'End date not supported with keepUpToDate';
  }
  if (v.whatToShow === 'ADJUSTED_LAST' && !isOpenEnded) {
    return 'End date not supported with adjusted last';
  }
  return undefined;
}

function isTooLong(i: Instrument, q: Query): boolean {
  const { size, duration } = q;
  if (size.unit === 'intraday' && size.seconds === 1) {
    if (duration.unit !== 'S' || duration.count > MOST_SECONDS) return true;
  }
  return barCount(i, { ...q, kind: q.show.kind }) > MOST_BARS;
}

/** Parses and checks a bar request; answers the error and returns undefined when it is refused. */
export function queryOf(
  session: ClientSession,
  i: Instrument,
  v: HistoryValues,
): Query | undefined {
  const { reqId = -1, barSize = '', duration: span = '', whatToShow = 'TRADES' } = v;
  const size = parseBarSize(barSize);
  const duration = parseDuration(span);
  const now = session.sim.clock.now();
  const end = v.endDateTime === undefined ? now : parseWallTime(v.endDateTime);
  const text = fault(v, size, duration);
  if (text !== undefined || size === undefined || duration === undefined || end === undefined) {
    refuse(session, reqId, text ?? 'Invalid end time');
    return undefined;
  }
  const show = showFor(i, whatToShow, size);
  if (typeof show === 'string') {
    refuseHistory(session, reqId, show);
    return undefined;
  }
  const regularOnly = v.useRth === true;
  const query = { i, show, size, duration, end: Math.min(end, now), regularOnly };
  if (!isTooLong(i, query)) return query;
  refuseHistory(session, reqId, 'Time length exceed max.');
  return undefined;
}
