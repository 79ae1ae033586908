// Quotes, streaming or as a snapshot, and historical bars.
import { parseBarSize, parseDuration } from '../market/bar-sizes.ts';
import type { BarSize } from '../market/bar-sizes.ts';
import { barCount, historicalBars } from '../market/bars.ts';
import type { Bar } from '../market/bars.ts';
import { findInstruments } from '../market/contract-book.ts';
import { tickAt } from '../market/market-rules.ts';
import type { ContractQuery } from '../market/contract-book.ts';
import type { Instrument } from '../market/instrument.ts';
import { formatMicros } from '../market/money.ts';
import {
  formatDay,
  formatWallTime,
  formatZonedTime,
  parseWallTime,
} from '../market/new-york-time.ts';
import * as events from '../wire/events.ts';
import * as requests from '../wire/requests.ts';
import type { ClientSession } from './client-session.ts';
import { NOT_FOUND } from './contract-requests.ts';
import { sendTicks } from './market-stream.ts';
import { request } from './request.ts';

const MAX_QUERY_BARS = 5000;

function oneInstrument(
  session: ClientSession,
  reqId: number,
  query: ContractQuery,
): Instrument | undefined {
  const isStock = query.secType === undefined || query.secType === 'STK';
  const [first, second] = isStock ? findInstruments(query) : [];
  if (first !== undefined && second === undefined) return first;
  const ambiguous = `The contract description specified for ${query.symbol ?? ''} is ambiguous.`;
  session.sendError(reqId, 200, first === undefined ? NOT_FOUND : ambiguous);
  return undefined;
}

/** Whether delayed data is sent, or undefined when the user may see none at all. */
function delayFor(session: ClientSession, reqId: number): boolean | undefined {
  const { dataAccess } = session.sim;
  if (dataAccess === 'live') return false;
  const wantsDelayed = session.subscriptions.marketDataType >= 3;
  if (dataAccess === 'delayed' && wantsDelayed) {
    const text = 'Requested market data is not subscribed. Displaying delayed market data.';
    session.sendError(reqId, 10167, text);
    return true;
  }
  const code = wantsDelayed ? 10168 : 354;
  const tail = wantsDelayed ? ' Delayed market data is not enabled.' : '';
  session.sendError(reqId, code, `Requested market data is not subscribed.${tail}`);
  return undefined;
}

const marketData = request(requests.reqMktData, (session, v) => {
  const reqId = v.reqId ?? -1;
  if (session.subscriptions.marketData.has(reqId)) {
    session.sendError(reqId, 322, `Error processing request.-'bH' : cause - Duplicate ticker id`);
    return;
  }
  const instrument = oneInstrument(session, reqId, v);
  if (instrument === undefined) return;
  const isDelayed = delayFor(session, reqId);
  if (isDelayed === undefined) return;
  session.send(events.tickReqParams, {
    reqId,
    minTick: formatMicros(tickAt(instrument, instrument.basePrice)),
    bboExchange: 'a60001',
    snapshotPermissions: 3,
  });
  session.send(events.marketDataType, { reqId, type: isDelayed ? 3 : 1 });
  const line = { instrument, isDelayed, sent: new Map<number, string>() };
  if (session.sim.desk.linkUp) sendTicks(session, reqId, line);
  if (v.snapshot === true) session.send(events.tickSnapshotEnd, { reqId });
  else session.subscriptions.marketData.set(reqId, line);
});

function barValues(bar: Bar, size: BarSize, formatDate: number) {
  const isIntraday = size.unit === 'intraday';
  const text = isIntraday ? formatZonedTime(bar.start) : formatDay(bar.day);
  return {
    date: formatDate === 2 && isIntraday ? String(bar.start / 1000) : text,
    open: formatMicros(bar.open, 2),
    high: formatMicros(bar.high, 2),
    low: formatMicros(bar.low, 2),
    close: formatMicros(bar.close, 2),
    volume: String(bar.volume / 1_000_000),
    wap: formatMicros(Math.round(bar.notional / Math.max(1, bar.volume / 1_000_000)), 2),
    count: bar.count,
  };
}

const history = request(requests.reqHistoricalData, (session, v) => {
  const reqId = v.reqId ?? -1;
  const instrument = oneInstrument(session, reqId, v);
  if (instrument === undefined) return;
  const size = parseBarSize(v.barSize ?? '');
  const duration = parseDuration(v.duration ?? '');
  const now = session.sim.clock.now();
  const end = v.endDateTime === undefined ? now : parseWallTime(v.endDateTime);
  if (size === undefined || duration === undefined || end === undefined) {
    const cause = 'bar size, duration or end time is not valid';
    session.sendError(reqId, 321, `Error validating request.-'bT' : cause - ${cause}`);
    return;
  }
  const cut = { end: Math.min(end, now), duration, size, regularOnly: true, kind: 'last' } as const;
  if (barCount(instrument, cut) > MAX_QUERY_BARS) {
    const cause = 'Historical data request for too many bars; ask for a shorter duration';
    session.sendError(reqId, 162, `Historical Market Data Service error message:${cause}`);
    return;
  }
  const bars = historicalBars(session.sim.quotes.market.tape, instrument, cut);
  const span = {
    start: formatWallTime(bars[0]?.start ?? end),
    end: formatWallTime(end),
  };
  session.send(events.historicalData, {
    reqId,
    ...span,
    bars: bars.map((bar) => barValues(bar, size, v.formatDate ?? 1)),
  });
  if (session.version >= 196) session.send(events.historicalDataEnd, { reqId, ...span });
});

/** Requests for quotes and bars. */
export const marketRequests = [
  marketData,
  history,
  request(requests.cancelMktData, (session, v) => {
    if (session.subscriptions.marketData.delete(v.reqId ?? -1)) return;
    session.sendError(v.reqId ?? -1, 300, `Can't find EId with tickerId:${v.reqId ?? -1}`);
  }),
  request(requests.cancelHistoricalData, (session, v) => {
    // Bars are answered in full at once, so there is never a running query to cancel.
    session.sendError(
      v.reqId ?? -1,
      366,
      `No historical data query found for ticker id:${v.reqId ?? -1}`,
    );
  }),
  request(requests.reqMarketDataType, (session, v) => {
    const type = v.type ?? 0;
    if (type >= 1 && type <= 4) session.subscriptions.marketDataType = type;
    else session.sendError(-1, 321, `Error validating request.-'bU' : cause - market data type`);
  }),
];
