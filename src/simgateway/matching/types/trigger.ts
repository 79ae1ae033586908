// When a price reaches what an order waits for.
import type { Micros } from '../../market/money.ts';
import type { OrderTerms, Working } from '../order.ts';

/** Whether a price is at or beyond a stop: at or above it for a buy, at or below it for a sell. */
export const reachesStop = (action: 'BUY' | 'SELL', price: Micros, stop: Micros): boolean =>
  action === 'BUY' ? price >= stop : price <= stop;

/** Marks a stop order triggered as soon as one of the prices reaches its stop. */
export function watchStop(terms: OrderTerms, working: Working, prices: readonly Micros[]): boolean {
  const { stopPrice, action } = terms;
  if (stopPrice === undefined) return true;
  working.triggered ||= prices.some((price) => reachesStop(action, price, stopPrice));
  return working.triggered;
}

/** Marks an if-touched order triggered: it waits on the better side of the market. */
export function watchTouch(
  terms: OrderTerms,
  working: Working,
  prices: readonly Micros[],
): boolean {
  const { stopPrice, action } = terms;
  if (stopPrice === undefined) return true;
  const opposite = action === 'BUY' ? 'SELL' : 'BUY';
  working.triggered ||= prices.some((price) => reachesStop(opposite, price, stopPrice));
  return working.triggered;
}
