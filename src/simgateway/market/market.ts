// What the matching engine, the accounts and the sessions may ask of the market. Everything is a
// function of seed, clock and what the control port changed: no call has an effect of its own except
// `take`, which uses up displayed size.
import type { Instrument, Size } from './instrument.ts';
import type { Micros } from './money.ts';

/** Part of the trading day of one instrument's exchange. */
export type Phase = 'closed' | 'pre' | 'regular' | 'post';

/** Best prices now. An absent side has no quote (an index, a worthless
 * option's bid). While halted the last quotes stay visible and nothing can be taken. */
export type Top = {
  readonly bid?: Micros;
  readonly ask?: Micros;
  readonly last?: Micros;
  /** Displayed sizes still there to be taken in this quote interval. */
  readonly bidSize: Size;
  readonly askSize: Size;
  readonly lastSize: Size;
  readonly halted: boolean;
};

/** One print of the synthetic tape; `at` is UTC milliseconds. */
export type Trade = { readonly at: number; readonly price: Micros; readonly size: Size };

/** An auction of an instrument's exchange; `at` is UTC milliseconds. */
export type Auction = {
  readonly kind: 'open' | 'close';
  readonly at: number;
  readonly price: Micros;
};

/** The market as the rest of the simulation sees it. */
export type Market = {
  top(i: Instrument): Top;
  phase(i: Instrument, at: number): Phase;
  /** Price increment in force at a price, from the instrument's market rule. */
  tickAt(i: Instrument, price: Micros): Micros;
  /**
   * Takes displayed size of the current quote interval (one second); returns what was left of it, at
   * most `wanted`. Sizes are full again in the next interval.
   */
  take(i: Instrument, side: 'bid' | 'ask', wanted: Size): Size;
  /** Prints in (from, to], oldest first: they match what bars and ticks of that time show. */
  trades(i: Instrument, from: number, to: number): readonly Trade[];
  /** Auctions in (from, to], oldest first. */
  auctions(i: Instrument, from: number, to: number): readonly Auction[];
  /** End of the current or next trading day: when a DAY order placed now is cancelled. */
  dayOrderExpiry(i: Instrument): number;
  /** US dollars per unit of a currency in millionths; undefined for a currency it does not know. */
  usdRate(currency: string): Micros | undefined;
  /** Short availability now: shares to borrow, or undefined where nothing has to be borrowed. */
  shortable(i: Instrument): Size | undefined;
};
