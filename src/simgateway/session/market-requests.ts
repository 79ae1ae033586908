// Streaming quotes and snapshots: opening a line, closing it, and which kind of data is wanted.
import { calendarOf } from '../market/calendars.ts';
import { tickAt } from '../market/market-rules.ts';
import { formatMicros } from '../market/money.ts';
import * as events from '../wire/market-events.ts';
import * as requests from '../wire/market-requests.ts';
import type { ClientSession } from './client-session.ts';
import { BASIC_OFF, genericTicks, genericWords } from './generic-ticks.ts';
import { depthRequests } from './market-depth.ts';
import { historyRequests } from './market-history.ts';
import { delayFor, hasFreeLine, oneInstrument, refuse } from './market-line.ts';
import type { MarketDataLine } from './market-line.ts';
import { optionRequests } from './market-options.ts';
import { sendTicks } from './market-stream.ts';
import { tickRequests } from './market-ticks.ts';
import { request } from './request.ts';

/** The kind of data a line carries, in the numbers of the wire: frozen only while the market is closed. */
function dataType(session: ClientSession, line: MarketDataLine): number {
  const { marketDataType } = session.subscriptions;
  const wantsFrozen = marketDataType === 2 || marketDataType === 4;
  const now = session.sim.clock.now();
  const isClosed = calendarOf(line.instrument.calendar).phase(now) === 'closed';
  const frozen = wantsFrozen && isClosed ? 1 : 0;
  return (line.isDelayed ? 3 : 1) + frozen;
}

const marketData = request(requests.reqMktData, (session, v) => {
  const reqId = v.reqId ?? -1;
  if (session.subscriptions.marketData.has(reqId)) {
    session.sendError(reqId, 322, `Error processing request.-'bH' : cause - Duplicate ticker id`);
    return;
  }
  const instrument = oneInstrument(session, reqId, v);
  if (instrument === undefined) return;
  const isSnapshot = v.snapshot === true || v.regulatorySnapshot === true;
  const words = v.genericTicks ?? '';
  const generic = genericTicks(words, instrument);
  if (typeof generic === 'string') {
    refuse(session, reqId, generic);
    return;
  }
  if (isSnapshot && generic.size > 0) {
    const cause = 'Snapshot market data subscription is not applicable to generic ticks';
    refuse(session, reqId, cause);
    return;
  }
  if (!isSnapshot && !hasFreeLine(session, reqId)) return;
  const isDelayed = delayFor(session, reqId);
  if (isDelayed === undefined) return;
  const isBasicOff = genericWords(words).includes(BASIC_OFF);
  const line: MarketDataLine = { instrument, isDelayed, isBasicOff, generic, sent: new Map() };
  session.send(events.tickReqParams, {
    reqId,
    minTick: formatMicros(tickAt(instrument, instrument.basePrice)),
    bboExchange: 'a60001',
    snapshotPermissions: 3,
  });
  session.send(events.marketDataType, { reqId, type: dataType(session, line) });
  if (session.sim.desk.linkUp) sendTicks(session, reqId, line);
  if (isSnapshot) session.send(events.tickSnapshotEnd, { reqId });
  else session.subscriptions.marketData.set(reqId, line);
});

/** Requests for prices of all kinds. */
export const marketRequests = [
  marketData,
  request(requests.cancelMktData, (session, v) => {
    if (session.subscriptions.marketData.delete(v.reqId ?? -1)) return;
    session.sendError(v.reqId ?? -1, 300, `Can't find EId with tickerId:${v.reqId ?? -1}`);
  }),
  request(requests.reqMarketDataType, (session, v) => {
    const type = v.type ?? 0;
    if (type >= 1 && type <= 4) session.subscriptions.marketDataType = type;
    else session.sendError(-1, 321, `Error validating request.-'bU' : cause - market data type`);
  }),
  ...historyRequests,
  ...tickRequests,
  ...depthRequests,
  ...optionRequests,
];
