// Bars as they form: the newest of a historical request kept up to date, and five-second bars.
import { showFor } from '../market/what-to-show.ts';
import * as events from '../wire/market-events.ts';
import * as requests from '../wire/market-requests.ts';
import type { ClientSession } from './client-session.ts';
import { barsOf, barValues } from './history-query.ts';
import type { Query } from './history-query.ts';
import { oneInstrument, refuse, startFeed, stopFeed } from './market-line.ts';
import { request } from './request.ts';

const FEED = 'bars';

/** Sends the newest bar whenever it changes, and the one before it once it is whole. */
export function keepUp(session: ClientSession, reqId: number, q: Query, formatDate: number): void {
  let told = new Map<number, string>();
  const look = () => {
    const newest = barsOf(session, { ...q, end: session.sim.clock.now() }).slice(-2);
    const seen = new Map<number, string>();
    const changed = newest.filter((bar) => {
      const text = `${bar.open} ${bar.high} ${bar.low} ${bar.close} ${bar.volume}`;
      seen.set(bar.start, text);
      return told.get(bar.start) !== text;
    });
    told = seen;
    return changed;
  };
  look();
  const pulse = () => {
    for (const bar of look()) {
      session.send(events.historicalDataUpdate, { ...barValues(q, bar, formatDate), reqId });
    }
  };
  startFeed(session, { kind: FEED, reqId, pulse });
}

const REAL_TIME = 'real-time bars';
const FIVE_SECONDS = 5000;
/** Bars sent at once after the clock has jumped. */
const MOST_LATE = 12;
const REAL_TIME_SHOWS = new Set('TRADES MIDPOINT BID ASK'.split(' '));

const realTimeBars = request(requests.reqRealTimeBars, (session, v) => {
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
      session.send(events.realTimeBar, { ...barValues(q, bar, 2), reqId, time: at / 1000 });
    }
  };
  startFeed(session, { kind: REAL_TIME, reqId, pulse });
});

/** Requests about bars as they form, and their ends. */
export const liveBarRequests = [
  realTimeBars,
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
];
