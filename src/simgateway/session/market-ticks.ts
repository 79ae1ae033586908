// Single ticks: past ones by number, and every new one as it happens.
import { lookUp } from '../look-up.ts';
import { calendarOf } from '../market/calendars.ts';
import { firstInstant } from '../market/head.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Trade } from '../market/market.ts';
import { MINUTE_MS } from '../market/new-york-time.ts';
import { parseWallTime } from '../market/wall-time.ts';
import type { SimMarket } from '../market/sim-market.ts';
import * as events from '../wire/market-events.ts';
import * as requests from '../wire/market-requests.ts';
import type { ClientSession } from './client-session.ts';
import {
  feedsOf,
  oneInstrument,
  priceText,
  refuse,
  refuseHistory,
  sizeText,
  startFeed,
  stopFeed,
} from './market-line.ts';
import { request } from './request.ts';

const MOST_TICKS = 1000;
/** Subscriptions to single ticks that a client may have. */
const MOST_FEEDS = 5;
/** Ticks sent at once after the clock has jumped. */
const MOST_LATE = 100;
/** Minutes looked through for ticks of one request: a week of them. */
const MOST_MINUTES = 10_080;
const FEED = 'ticks';

const exchangeOf = (i: Instrument) => (i.primaryExch === '' ? i.exchange : i.primaryExch);

/** Seconds of [from, to) in which the market was open, oldest first, as UTC milliseconds. */
function openSeconds(
  market: SimMarket,
  i: Instrument,
  from: number,
  to: number,
  rth: boolean,
): number[] {
  const found: number[] = [];
  for (const s of market.tape.openSegments(i, from, to, rth)) {
    for (let at = Math.ceil(s.from / 1000) * 1000; at < s.to; at += 1000) found.push(at);
  }
  return found;
}

type Search = {
  market: SimMarket;
  i: Instrument;
  start: number | undefined;
  end: number;
  count: number;
  rth: boolean;
};

/** Collects ticks minute by minute: forward from a start, or backward from the end. */
function collect<T>(q: Search, ticksIn: (from: number, to: number) => T[]): T[] {
  const found: T[] = [];
  const isForward = q.start !== undefined;
  const calendar = calendarOf(q.i.calendar);
  const limit = isForward ? q.end : firstInstant(q.i);
  let at = q.start ?? Math.min(q.end, calendar.lastOpenInstant(q.end) + 1000);
  for (let n = 0; n < MOST_MINUTES && found.length < q.count; n += 1) {
    const next = isForward ? Math.min(at + MINUTE_MS, limit) : Math.max(at - MINUTE_MS, limit);
    if (next === at) break;
    const part = isForward ? ticksIn(at, next) : ticksIn(next, at);
    found.splice(isForward ? found.length : 0, 0, ...part);
    at = next;
    if (!isForward && part.length === 0)
      at = calendar.lastOpenInstant(at) + 1000 < at ? calendar.lastOpenInstant(at) + 1000 : at;
  }
  return isForward ? found.slice(0, q.count) : found.slice(-q.count);
}

const seconds = (at: number) => Math.floor(at / 1000);

function sendPast(session: ClientSession, reqId: number, what: string, q: Search): boolean {
  const { market, i, rth } = q;
  const trades = (from: number, to: number): Trade[] =>
    market.tape.openSegments(i, from, to, rth).flatMap((s) => market.tape.trades(i, s.from, s.to));
  const instants = (from: number, to: number) => openSeconds(market, i, from, to, rth);
  if (what === 'TRADES') {
    const ticks = collect(q, trades).map((t) => ({
      time: seconds(t.at),
      price: priceText(t.price),
      size: sizeText(t.size),
      exchange: exchangeOf(i),
    }));
    session.send(events.historicalTicksLast, { reqId, ticks, done: true });
  } else if (what === 'BID_ASK') {
    const ticks = collect(q, instants).map((at) => {
      const shown = market.shownAt(i, at);
      return {
        time: seconds(at),
        bid: priceText(market.tape.priceAt(i, at, 'bid')),
        ask: priceText(market.tape.priceAt(i, at, 'ask')),
        bidSize: sizeText(shown.bid),
        askSize: sizeText(shown.ask),
      };
    });
    session.send(events.historicalTicksBidAsk, { reqId, ticks, done: true });
  } else if (what === 'MIDPOINT') {
    const ticks = collect(q, instants).map((at) => ({
      time: seconds(at),
      price: priceText(market.tape.priceAt(i, at, 'mid')),
      size: '0',
    }));
    session.send(events.historicalTicks, { reqId, ticks, done: true });
  } else return false;
  return true;
}

const past = request(requests.reqHistoricalTicks, (session, v) => {
  const reqId = v.reqId ?? -1;
  const i = oneInstrument(session, reqId, v);
  if (i === undefined) return;
  const start = v.startDateTime === undefined ? undefined : parseWallTime(v.startDateTime);
  const end = v.endDateTime === undefined ? undefined : parseWallTime(v.endDateTime);
  const count = v.count ?? 0;
  if (count < 1 || count > MOST_TICKS || (start === undefined) === (end === undefined)) {
    refuse(session, reqId, 'Invalid tick request: 1…1000 ticks and either a start or an end time');
    return;
  }
  const { market, clock } = session.sim;
  const until = Math.min(end ?? clock.now(), clock.now());
  const q = { market, i, start, end: until, count, rth: v.useRth === true };
  const what = v.whatToShow ?? 'TRADES';
  const isTradeless = what === 'TRADES' && i.secType === 'CASH';
  if (isTradeless || !sendPast(session, reqId, what, q)) {
    refuseHistory(session, reqId, `No historical market data for ${i.symbol} ${what}`);
  }
});

const KINDS: Readonly<Record<string, 1 | 2 | 3 | 4>> = {
  Last: 1,
  AllLast: 2,
  BidAsk: 3,
  MidPoint: 4,
};
const PAST_OF = { 1: 'TRADES', 2: 'TRADES', 3: 'BID_ASK', 4: 'MIDPOINT' } as const;

/** Sends what is new since the last call. */
function pulseOf(session: ClientSession, reqId: number, i: Instrument, kind: 1 | 2 | 3 | 4) {
  const { market, clock } = session.sim;
  let since = clock.now();
  let told = '';
  return () => {
    const now = clock.now();
    const time = seconds(now);
    if (kind <= 2) {
      const from = Math.max(Math.min(since, now), now - MINUTE_MS);
      for (const t of market.trades(i, from, now).slice(-MOST_LATE)) {
        const values = {
          price: priceText(t.price),
          size: sizeText(t.size),
          exchange: exchangeOf(i),
        };
        session.send(events.tickByTick, { reqId, kind, time: seconds(t.at), ...values });
      }
      since = now;
      return;
    }
    const { bid, ask, bidSize, askSize } = market.top(i);
    if (bid === undefined || ask === undefined) return;
    const text = kind === 3 ? `${bid} ${ask} ${bidSize} ${askSize}` : `${bid + ask}`;
    if (text === told) return;
    told = text;
    const quote = { bid: priceText(bid), ask: priceText(ask) };
    const sizes = { bidSize: sizeText(bidSize), askSize: sizeText(askSize) };
    const midPoint = priceText(Math.floor((bid + ask) / 2));
    const values = kind === 3 ? { ...quote, ...sizes } : { midPoint };
    session.send(events.tickByTick, { reqId, kind, time, ...values });
  };
}

const live = request(requests.reqTickByTickData, (session, v) => {
  const reqId = v.reqId ?? -1;
  const kind = lookUp(KINDS, v.tickType ?? '');
  if (kind === undefined) {
    refuse(session, reqId, 'Invalid tick type: Last, AllLast, BidAsk or MidPoint');
    return;
  }
  const i = oneInstrument(session, reqId, v);
  if (i === undefined) return;
  if (i.secType === 'OPT' || (i.secType === 'CASH' && kind <= 2) || i.secType === 'IND') {
    const text = `Failed to request tick-by-tick data.:No market data permissions for ${i.symbol} ${i.secType}`;
    session.sendError(reqId, 10189, text);
    return;
  }
  if (feedsOf(session, FEED) >= MOST_FEEDS) {
    session.sendError(reqId, 10190, 'Max number of tick-by-tick requests has been reached.');
    return;
  }
  const { market, clock } = session.sim;
  const pulse = pulseOf(session, reqId, i, kind);
  if (!startFeed(session, { kind: FEED, reqId, pulse })) return;
  const count = Math.min(v.count ?? 0, MOST_TICKS);
  if (count > 0) {
    const q = { market, i, start: undefined, end: clock.now(), count, rth: false };
    sendPast(session, reqId, PAST_OF[kind], q);
  }
});

/** Requests about single ticks. */
export const tickRequests = [
  past,
  live,
  request(requests.cancelTickByTickData, (session, v) => {
    const reqId = v.reqId ?? -1;
    if (stopFeed(session, FEED, reqId)) return;
    session.sendError(reqId, 300, `Can't find EId with tickerId:${reqId}`);
  }),
];
