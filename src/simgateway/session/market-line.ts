// What runs on market data for one client, and the checks that every request for it passes.
import { findInstruments } from '../market/contract-book.ts';
import type { ContractQuery } from '../market/contract-book.ts';
import type { Instrument } from '../market/instrument.ts';
import { formatMicros } from '../market/money.ts';
import type { Micros } from '../market/money.ts';
import type { Simulation } from '../simulation.ts';
import type { ClientSession } from './client-session.ts';

/** One streaming quote. */
export type MarketDataLine = {
  instrument: Instrument;
  isDelayed: boolean;
  /** Without prices, sizes and volume: only the generic ticks. */
  isBasicOff: boolean;
  /** Generic ticks asked for. */
  generic: ReadonlySet<number>;
  /** Text last sent per tick type, to send changes only. */
  sent: Map<number, string>;
};
/** Anything else that is sent as the market moves; `pulse` sends what is new. */
export type MarketFeed = { readonly pulse: () => void };

/** Text of error 200 for a contract that does not exist. */
export const NOT_FOUND = 'No security definition has been found for the request';
const COMPETING = { code: 10197, text: 'No market data during competing live session' };
/** Streaming lines that all clients of a gateway share, as a new account has them. */
const MAX_LINES = 100;

/** A size in units as decimal text. */
export const sizeText = (size: number): string => formatMicros(size);
/** A price as decimal text, with cents. */
export const priceText = (price: Micros): string => formatMicros(price, 2);
/** A model figure as decimal text. */
export const figure = (value: number): string => String(Number(value.toFixed(8)));

/** Answers 321, the refusal of a malformed request. */
export function refuse(session: ClientSession, reqId: number, cause: string): void {
  session.sendError(reqId, 321, `Error validating request.-'bT' : cause - ${cause}`);
}

/** Answers 162, the refusal of the historical data service. */
export function refuseHistory(session: ClientSession, reqId: number, cause: string): void {
  session.sendError(reqId, 162, `Historical Market Data Service error message:${cause}`);
}

/** The one instrument a request means; otherwise answers 200 and returns undefined. */
export function oneInstrument(
  session: ClientSession,
  reqId: number,
  query: ContractQuery,
): Instrument | undefined {
  const [first, second] = findInstruments(query, session.sim.clock.now());
  if (first !== undefined && second === undefined) return first;
  const ambiguous = `The contract description specified for ${query.symbol ?? ''} is ambiguous.`;
  session.sendError(reqId, 200, first === undefined ? NOT_FOUND : ambiguous);
  return undefined;
}

/** Whether delayed data is sent; answers the error and returns undefined when none may be seen. */
export function delayFor(session: ClientSession, reqId: number): boolean | undefined {
  const { dataAccess } = session.sim;
  if (dataAccess === 'live') return false;
  if (dataAccess === 'competing') {
    session.sendError(reqId, COMPETING.code, COMPETING.text);
    return undefined;
  }
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

/** Takes the user's data away for another session of his: open lines stay, and go silent (10197). */
export function tellCompeting(sim: Simulation): void {
  for (const session of sim.sessions) {
    for (const reqId of session.subscriptions.marketData.keys()) {
      session.sendError(reqId, COMPETING.code, COMPETING.text);
    }
  }
}

/** Streaming lines in use over all clients. */
function linesInUse(sim: Simulation): number {
  let count = 0;
  for (const { subscriptions: s } of sim.sessions) count += s.marketData.size + s.feeds.size;
  return count;
}

/** Whether one more line is free; otherwise answers 101. */
export function hasFreeLine(session: ClientSession, reqId: number): boolean {
  if (linesInUse(session.sim) < MAX_LINES) return true;
  session.sendError(reqId, 101, 'Max number of tickers has been reached');
  return false;
}

/** Starts a feed under its kind and request id; answers 322 for an id in use, 101 without a line. */
export function startFeed(
  session: ClientSession,
  feed: { kind: string; reqId: number; pulse: () => void },
): boolean {
  const { kind, reqId, pulse } = feed;
  const key = `${kind} ${reqId}`;
  const { feeds } = session.subscriptions;
  if (feeds.has(key)) {
    const text = `Error processing request.-'bH' : cause - Duplicate ticker id`;
    session.sendError(reqId, 322, text);
    return false;
  }
  if (!hasFreeLine(session, reqId)) return false;
  feeds.set(key, { pulse });
  return true;
}

/** Ends a feed; false when there is none. */
export const stopFeed = (session: ClientSession, kind: string, reqId: number): boolean =>
  session.subscriptions.feeds.delete(`${kind} ${reqId}`);

/** Feeds of a kind that run for a client. */
export function feedsOf(session: ClientSession, kind: string): number {
  let count = 0;
  for (const key of session.subscriptions.feeds.keys()) if (key.startsWith(`${kind} `)) count += 1;
  return count;
}
