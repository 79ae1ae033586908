// Requests about the past: bars, trading schedules, earliest data, histograms.
import { historicalBars, spanDays } from '../market/bars.ts';
import { calendarOf } from '../market/calendars.ts';
import { firstInstant } from '../market/head.ts';
import { formatDay, formatWallTime } from '../market/new-york-time.ts';
import { showFor } from '../market/what-to-show.ts';
import { formatUtc } from '../market/zone.ts';
import * as events from '../wire/market-events.ts';
import * as requests from '../wire/market-requests.ts';
import type { ValuesOf } from '../wire/field-table.ts';
import type { ClientSession } from './client-session.ts';
import { foldAhead } from './fold-ahead.ts';
import { barsOf, barValues, queryOf } from './history-query.ts';
import type { Query } from './history-query.ts';
import { keepUp, liveBarRequests } from './live-bars.ts';
import { oneInstrument, priceText, refuse, refuseHistory, sizeText } from './market-line.ts';
import { request } from './request.ts';

type BarRequestValues = ValuesOf<(typeof requests.reqHistoricalData)['entries']>;

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

function sendBars(session: ClientSession, v: BarRequestValues, q: Query): void {
  const reqId = v.reqId ?? -1;
  const bars = barsOf(session, q);
  if (bars.length === 0 && v.keepUpToDate !== true) {
    const what = `${q.i.symbol}@${q.i.exchange} ${v.whatToShow ?? 'TRADES'}`;
    refuseHistory(session, reqId, `HMDS query returned no data: ${what}`);
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
  foldAhead(session, q, () => {
    sendBars(session, v, q);
  });
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

/** Requests about bars. */
export const historyRequests = [
  history,
  head,
  histogram,
  ...liveBarRequests,
  // Answered at once, so there is never anything to cancel.
  request(requests.cancelHeadTimestamp, () => undefined),
  request(requests.cancelHistogramData, () => undefined),
];
