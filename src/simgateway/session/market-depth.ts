// Depth of book: five synthetic levels a side, the first of which is always the quote.
import type { Instrument } from '../market/instrument.ts';
import type { SimMarket } from '../market/sim-market.ts';
import * as events from '../wire/market-events.ts';
import * as requests from '../wire/market-requests.ts';
import type { ClientSession } from './client-session.ts';
import {
  feedsOf,
  oneInstrument,
  priceText,
  refuse,
  sizeText,
  startFeed,
  stopFeed,
} from './market-line.ts';
import { request } from './request.ts';

/** Levels a side, and requests a client may have. */
const MOST_ROWS = 5;
const MOST_FEEDS = 3;
const FEED = 'depth';
const INSERT = 0;
const UPDATE = 1;
const DELETE = 2;

type Level = { price: string; size: string };

/** The levels of one side, best first; deeper ones are a tick apart and thicker. */
function levels(market: SimMarket, i: Instrument, side: 'bid' | 'ask', rows: number): Level[] {
  const top = market.top(i);
  const best = top[side];
  if (best === undefined) return [];
  const size = side === 'bid' ? top.bidSize : top.askSize;
  const found: Level[] = [];
  let price = best;
  for (let n = 0; n < rows && price > 0; n += 1) {
    // Half as much again at every level further out.
    const shown = Math.floor((size * (2 + n)) / 2 / i.sizeIncrement) * i.sizeIncrement;
    found.push({ price: priceText(price), size: sizeText(n === 0 ? size : shown) });
    price += market.tickAt(i, price) * (side === 'bid' ? -1 : 1);
  }
  return found;
}

type Depth = { reqId: number; i: Instrument; rows: number; isSmart: boolean };

function sendLevel(
  session: ClientSession,
  d: Depth,
  row: { position: number; operation: number; side: number } & Level,
) {
  const values = { reqId: d.reqId, ...row };
  if (!d.isSmart) session.send(events.marketDepth, values);
  else {
    const marketMaker = d.i.primaryExch === '' ? d.i.exchange : d.i.primaryExch;
    session.send(events.marketDepthL2, { ...values, marketMaker, isSmartDepth: true });
  }
}

/** Sends what changed of the book since the last call. */
function pulseOf(session: ClientSession, d: Depth): () => void {
  const told = { bid: [] as Level[], ask: [] as Level[] };
  return () => {
    for (const side of ['ask', 'bid'] as const) {
      const now = levels(session.sim.market, d.i, side, d.rows);
      const before = told[side];
      const wireSide = side === 'bid' ? 1 : 0;
      now.forEach((level, position) => {
        const old = before[position];
        if (old?.price === level.price && old.size === level.size) return;
        const operation = old === undefined ? INSERT : UPDATE;
        sendLevel(session, d, { position, operation, side: wireSide, ...level });
      });
      for (let position = before.length - 1; position >= now.length; position -= 1) {
        sendLevel(session, d, {
          position,
          operation: DELETE,
          side: wireSide,
          price: '0',
          size: '0',
        });
      }
      told[side] = now;
    }
  };
}

/** Requests for depth of book. */
export const depthRequests = [
  request(requests.reqMktDepth, (session, v) => {
    const reqId = v.reqId ?? -1;
    const i = oneInstrument(session, reqId, v);
    if (i === undefined) return;
    const rows = Math.min(v.rows ?? MOST_ROWS, MOST_ROWS);
    if (rows < 1 || i.secType === 'IND') {
      refuse(session, reqId, 'Invalid number of rows, or nothing that has a book');
      return;
    }
    if (feedsOf(session, FEED) >= MOST_FEEDS) {
      session.sendError(reqId, 309, 'Max number (3) of market depth requests has been reached.');
      return;
    }
    const isSmart = v.isSmartDepth === true;
    const pulse = pulseOf(session, { reqId, i, rows, isSmart });
    if (startFeed(session, { kind: FEED, reqId, pulse })) pulse();
  }),
  request(requests.cancelMktDepth, (session, v) => {
    const reqId = v.reqId ?? -1;
    if (stopFeed(session, FEED, reqId)) return;
    session.sendError(reqId, 310, `Can't find the subscribed market depth with tickerId:${reqId}`);
  }),
];
