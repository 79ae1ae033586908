// Requests about the past: bars (once or kept up to date), trading schedules, earliest data, histograms,
// and five-second bars as they form.
import { parseBarSize, parseDuration, durationFault } from '../market/bar-sizes.ts';
import type { BarSize, Duration } from '../market/bar-sizes.ts';
import { barCount, historicalBars, spanDays } from '../market/bars.ts';
import type { Bar } from '../market/bars.ts';
import { calendarOf } from '../market/calendars.ts';
import { firstInstant } from '../market/head.ts';
import type { Instrument } from '../market/instrument.ts';
import { MICROS } from '../market/money.ts';
import { formatDay, formatWallTime, parseWallTime } from '../market/new-york-time.ts';
import { showFor, volatilityBars } from '../market/what-to-show.ts';
import type { Show } from '../market/what-to-show.ts';
import { formatZoned, formatUtc } from '../market/zone.ts';
import * as events from '../wire/market-events.ts';
import * as requests from '../wire/market-requests.ts';
import type { ClientSession } from './client-session.ts';
import {
  oneInstrument,
  priceText,
  refuse,
  refuseHistory,
  sizeText,
  startFeed,
  stopFeed,
} from './market-line.ts';
import { request } from './request.ts';

/** Bars that one answer may hold. */
const MOST_BARS = 10_000;
/** Seconds back that one-second bars reach. */
const MOST_SECONDS = 2000;
const FEED = 'bars';

type Query = {
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

function barValues(q: Query, bar: Bar, formatDate: number) {
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
function barsOf(session: ClientSession, q: Query): Bar[] {
  const { tape } = session.sim.market;
  const cut = { ...q, kind: q.show.kind };
  const earliest = firstInstant(q.i);
  const bars =
    q.show.volatility === undefined
      ? historicalBars(tape, q.i, cut)
      : volatilityBars(tape, q.i, cut, q.show.volatility);
  return bars.filter((bar) => bar.end > earliest);
}

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
    return `Historical data bar size setting is invalid. Legal ones are: 1 secs … 1 month`;
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

/** Parses and checks a bar request; answers the error and returns undefined when it is refused. */
function queryOf(session: ClientSession, i: Instrument, v: HistoryValues): Query | undefined {
  const reqId = v.reqId ?? -1;
  const size = parseBarSize(v.barSize ?? '');
  const duration = parseDuration(v.duration ?? '');
  const now = session.sim.clock.now();
  const end = v.endDateTime === undefined ? now : parseWallTime(v.endDateTime);
  const text = fault(v, size, duration) ?? (end === undefined ? 'Invalid end time' : undefined);
  if (text !== undefined || size === undefined || duration === undefined || end === undefined) {
    refuse(session, reqId, text ?? '');
    return undefined;
  }
  const show = showFor(i, v.whatToShow ?? 'TRADES', size);
  if (typeof show === 'string') {
    refuseHistory(session, reqId, show);
    return undefined;
  }
  const regularOnly = v.useRth === true;
  const query = { i, show, size, duration, end: Math.min(end, now), regularOnly };
  const isTooFine =
    size.unit === 'intraday' &&
    size.seconds === 1 &&
    !(duration.unit === 'S' && duration.count <= MOST_SECONDS);
  if (isTooFine || barCount(i, { ...query, kind: show.kind }) > MOST_BARS) {
    refuseHistory(session, reqId, 'Time length exceed max.');
    return undefined;
  }
  return query;
}

/** Sends the newest bar whenever it changes, and the one before it once it is whole. */
function keepUp(session: ClientSession, reqId: number, q: Query, formatDate: number): void {
  const told = new Map<number, string>();
  const span: Duration =
    q.size.unit === 'intraday' ? { unit: 'S', count: 2 * q.size.seconds } : { unit: 'D', count: 1 };
  const pulse = () => {
    const now = session.sim.clock.now();
    for (const bar of barsOf(session, { ...q, end: now, duration: span }).slice(-2)) {
      const { date, open, high, low, close, volume, wap, count } = barValues(q, bar, formatDate);
      const text = `${open} ${high} ${low} ${close} ${volume}`;
      if (told.get(bar.start) === text) continue;
      told.clear();
      told.set(bar.start, text);
      session.send(events.historicalDataUpdate, {
        reqId,
        count,
        date,
        open,
        close,
        high,
        low,
        wap,
        volume,
      });
    }
  };
  startFeed(session, { kind: FEED, reqId, pulse });
}

function sendSchedule(session: ClientSession, reqId: number, q: Query): void {
  const { zone } = calendarOf(q.i.calendar).row;
  const wall = (instant: number) => formatUtc(instant + zone.offsetMs(instant));
  const sessions = spanDays(q.i, q.end, q.duration).map((day) => {
    const segments = q.regularOnly ? day.liquid : day.trading;
    const [from, to] = [segments[0]?.from ?? day.start, segments.at(-1)?.to ?? day.end];
    return { start: wall(from), end: wall(to), refDate: formatDay(day.day) };
  });
  session.send(events.historicalSchedule, {
    reqId,
    start: sessions[0]?.start,
    end: sessions.at(-1)?.end,
    timeZone: zone.name,
    sessions,
  });
}

const history = request(requests.reqHistoricalData, (session, v) => {
  const reqId = v.reqId ?? -1;
  const i = oneInstrument(session, reqId, v);
  if (i === undefined) return;
  const isSchedule = v.whatToShow === 'SCHEDULE';
  const q = queryOf(session, i, isSchedule ? { ...v, whatToShow: 'MIDPOINT' } : v);
  if (q === undefined) return;
  if (isSchedule) {
    sendSchedule(session, reqId, q);
    return;
  }
  const bars = barsOf(session, q);
  if (bars.length === 0 && v.keepUpToDate !== true) {
    const what = v.whatToShow ?? 'TRADES';
    refuseHistory(session, reqId, `HMDS query returned no data: ${i.symbol}@${i.exchange} ${what}`);
    return;
  }
  const span = { start: formatWallTime(bars[0]?.start ?? q.end), end: formatWallTime(q.end) };
  const formatDate = v.formatDate ?? 1;
  session.send(events.historicalData, {
    reqId,
    ...span,
    bars: bars.map((bar) => barValues(q, bar, formatDate)),
  });
  if (session.version >= 196) session.send(events.historicalDataEnd, { reqId, ...span });
  if (v.keepUpToDate === true) keepUp(session, reqId, q, formatDate);
});

const head = request(requests.reqHeadTimestamp, (session, v) => {
  const reqId = v.reqId ?? -1;
  const i = oneInstrument(session, reqId, v);
  if (i === undefined) return;
  const show = showFor(i, v.whatToShow ?? 'TRADES', { unit: 'day' });
  if (typeof show === 'string') {
    refuseHistory(session, reqId, show);
    return;
  }
  const first = firstInstant(i);
  const timestamp = v.formatDate === 2 ? String(first / 1000) : formatUtc(first);
  session.send(events.headTimestamp, { reqId, timestamp });
});

const PERIOD = /^(\d+) (second|minute|hour|day|week|month|year)s?$/;
const PERIOD_DAYS: Readonly<Record<string, number>> = { day: 1, week: 5, month: 21, year: 252 };
const MOST_HISTOGRAM_DAYS = 63;

const histogram = request(requests.reqHistogramData, (session, v) => {
  const reqId = v.reqId ?? -1;
  const i = oneInstrument(session, reqId, v);
  if (i === undefined) return;
  const match = PERIOD.exec(v.period ?? '');
  if (match === null) {
    refuse(session, reqId, 'Invalid time period');
    return;
  }
  const days = Number(match[1]) * (PERIOD_DAYS[match[2] ?? ''] ?? 1);
  const bars = historicalBars(session.sim.market.tape, i, {
    end: session.sim.clock.now(),
    duration: { unit: 'D', count: Math.max(1, Math.min(days, MOST_HISTOGRAM_DAYS)) },
    size: { unit: 'intraday', seconds: 60 },
    regularOnly: v.useRth === true,
    kind: 'last',
  });
  const sizes = new Map<number, number>();
  for (const bar of bars) sizes.set(bar.close, (sizes.get(bar.close) ?? 0) + bar.volume);
  const items = [...sizes]
    .sort(([a], [b]) => a - b)
    .map(([price, size]) => ({ price: priceText(price), size: sizeText(size) }));
  session.send(events.histogramData, { reqId, items });
});

const REAL_TIME = 'real-time bars';
const FIVE_SECONDS = 5000;
/** Bars sent at once after the clock has jumped. */
const MOST_LATE = 12;
const REAL_TIME_SHOWS = new Set('TRADES MIDPOINT BID ASK'.split(' '));

const realTime = request(requests.reqRealTimeBars, (session, v) => {
  const reqId = v.reqId ?? -1;
  const what = v.whatToShow ?? 'TRADES';
  if (v.seconds !== 5 || !REAL_TIME_SHOWS.has(what)) {
    refuse(
      session,
      reqId,
      'Invalid real-time query: bar size is 5 and data is TRADES, MIDPOINT, BID or ASK',
    );
    return;
  }
  const i = oneInstrument(session, reqId, v);
  if (i === undefined) return;
  const show = showFor(i, what, { unit: 'intraday', seconds: 5 });
  if (typeof show === 'string') {
    session.sendError(reqId, 420, `Invalid Real-time Query:${show}`);
    return;
  }
  const { market, clock } = session.sim;
  const boundary = () => Math.floor(clock.now() / FIVE_SECONDS) * FIVE_SECONDS;
  let sent = boundary();
  const pulse = () => {
    const until = boundary();
    const from = Math.max(Math.min(sent, until), until - MOST_LATE * FIVE_SECONDS);
    sent = until;
    for (let at = from; at < until; at += FIVE_SECONDS) {
      const phase = market.phase(i, at);
      if (phase === 'closed' || (v.useRth === true && phase !== 'regular')) continue;
      const fold =
        market.tape.fold(i, at, at + FIVE_SECONDS, show.kind) ?? market.tape.still(i, at);
      const q: Query = {
        i,
        show,
        size: { unit: 'intraday', seconds: 5 },
        duration: { unit: 'S', count: 5 },
        end: at,
        regularOnly: false,
      };
      const bar = { ...fold, start: at, end: at + FIVE_SECONDS, day: 0 };
      const { date: _, ...values } = barValues(q, bar, 2);
      session.send(events.realTimeBar, { reqId, time: at / 1000, ...values });
    }
  };
  startFeed(session, { kind: REAL_TIME, reqId, pulse });
});

/** Requests about bars. */
export const historyRequests = [
  history,
  head,
  histogram,
  realTime,
  request(requests.cancelHistoricalData, (session, v) => {
    const reqId = v.reqId ?? -1;
    if (stopFeed(session, FEED, reqId)) return;
    session.sendError(reqId, 366, `No historical data query found for ticker id:${reqId}`);
  }),
  request(requests.cancelRealTimeBars, (session, v) => {
    const reqId = v.reqId ?? -1;
    if (stopFeed(session, REAL_TIME, reqId)) return;
    session.sendError(reqId, 300, `Can't find EId with tickerId:${reqId}`);
  }),
  // Answered at once, so there is never anything to cancel.
  request(requests.cancelHeadTimestamp, () => undefined),
  request(requests.cancelHistogramData, () => undefined),
];
