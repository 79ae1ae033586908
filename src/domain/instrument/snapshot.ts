import type { DecimalText } from '../money/decimal.ts';
import type { Quote } from './quote.ts';

/** IBKR's model values of an option. Theta is per day, vega per percentage point of volatility; null = not computed. */
export type Greeks = {
  /** Share per year, e.g. `0.24`. */
  readonly impliedVolatility: DecimalText | null;
  readonly delta: DecimalText | null;
  readonly gamma: DecimalText | null;
  readonly vega: DecimalText | null;
  readonly theta: DecimalText | null;
  readonly underlyingPrice: DecimalText | null;
};

/** What is quoted beside the two sides: the day so far, and what only options and futures have. */
export type DayFigures = {
  readonly open: DecimalText | null;
  readonly high: DecimalText | null;
  readonly low: DecimalText | null;
  /** Contracts outstanding; options and futures. */
  readonly openInterest: DecimalText | null;
  readonly greeks: Greeks | null;
};

/** Where a snapshot came from: an open stream, the last answer, or a question of now. */
export type SnapshotSource = 'stream' | 'cache' | 'asked';

/** A quote for looking at. Its age is always said; the gate never uses one (it reads the quote itself). */
export type Snapshot = {
  readonly quote: Quote;
  readonly day: DayFigures;
  readonly source: SnapshotSource;
  /** Milliseconds since the gateway process received the newest price. */
  readonly ageMs: number;
  /** Older than a quote may be that an order is judged by. */
  readonly isStale: boolean;
};
