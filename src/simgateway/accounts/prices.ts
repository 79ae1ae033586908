// What accounts need to know of the market: contracts, marks and rates.
import type { Instrument } from '../market/instrument.ts';
import type { Market } from '../market/market.ts';
import type { Micros } from '../market/money.ts';
import { BASE_CURRENCY } from './account.ts';
import { mulDiv, UNIT } from './value.ts';

/** Contracts, marks and rates. */
export type Prices = {
  instrument(conId: number): Instrument | undefined;
  /** Price a holding is valued at: the last, or what the quote says where nothing traded. */
  mark(i: Instrument): Micros;
  /** US dollars of an amount in a currency. */
  usd(amount: Micros, currency: string): Micros;
};

/** The last price, else the middle of the quote, else the long-run level. */
function markOf(market: Market, i: Instrument): Micros {
  const { last, bid, ask } = market.top(i);
  if (last !== undefined) return last;
  if (bid !== undefined && ask !== undefined) return Math.floor((bid + ask) / 2);
  return bid ?? ask ?? i.basePrice;
}

/** The market as accounts see it. An unknown currency counts as nothing, never as dollars. */
export function pricesOf(
  market: Market,
  instrument: (conId: number) => Instrument | undefined,
): Prices {
  return {
    instrument,
    mark: (i) => markOf(market, i),
    usd: (amount, currency) =>
      currency === BASE_CURRENCY ? amount : mulDiv(amount, market.usdRate(currency) ?? 0, UNIT),
  };
}
