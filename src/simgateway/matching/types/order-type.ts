// What an order type is: which prices it carries, and what it wants from the book at an instant. Each
// type is one file with one such rule; `registry.ts` lists them.
import type { Instrument } from '../../market/instrument.ts';
import type { Top } from '../../market/market.ts';
import type { Micros } from '../../market/money.ts';
import type { OrderError } from '../order-error.ts';
import type { OrderFields, OrderTerms, Working } from '../order.ts';

/** Prices of an order, as its type reads them from the fields. */
export type TypePrices = Pick<OrderTerms, 'limitPrice' | 'stopPrice' | 'trail'>;
/** Reads and checks prices: error 321 when one is missing, 110 when it is off its increment. */
export type PriceReader = {
  limit(): Micros | OrderError;
  stop(): Micros | OrderError;
  /** A trailing amount or an offset: positive, or absent when the field is unset. */
  amount(field: 'auxPrice' | 'lmtPriceOffset'): Micros | OrderError | undefined;
  /** A price that may be absent. */
  optional(field: 'trailStopPrice' | 'lmtPrice'): Micros | OrderError | undefined;
  fields: OrderFields;
};
/** What an order wants now. */
export type Wish =
  /** Kept by the broker until its price is reached. */
  | { kind: 'held' }
  | { kind: 'market' }
  | { kind: 'limit'; price: Micros }
  /** Takes part in an auction only. */
  | { kind: 'auction'; auction: 'open' | 'close'; limit?: Micros };
/** What a rule may look at. `prices` are the trigger prices since it was last asked, oldest first. */
export type Sight = {
  instrument: Instrument;
  top: Top;
  prices: readonly Micros[];
  /** How many of them in a row have to reach a trigger. */
  inARow: number;
  /** The price increment at a price. */
  tickAt(price: Micros): Micros;
};
/** One order type. */
export type OrderTypeRule = {
  /** Name on the wire. */
  name: string;
  /** Whether a combination can be ordered this way. */
  forCombos?: true;
  /** Held by the broker until a price is reached. */
  waitsForPrice?: true;
  /** The auction it belongs to: the day's TIF rules and cut-offs follow. */
  auction?: 'open' | 'close';
  read(reader: PriceReader): TypePrices | OrderError;
  /** What the order wants; moves `working` along with the prices seen. */
  wish(terms: OrderTerms, working: Working, sight: Sight): Wish;
};
