// When a price reaches what an order waits for.
import type { Micros } from '../../market/money.ts';
import type { OrderTerms, Working } from '../order.ts';
import type { Sight } from './order-type.ts';

/** Whether a price is at or beyond a stop: at or above it for a buy, at or below it for a sell. */
export const reachesStop = (action: 'BUY' | 'SELL', price: Micros, stop: Micros): boolean =>
  action === 'BUY' ? price >= stop : price <= stop;

type Hits = Pick<Sight, 'prices' | 'inARow'>;

/** Counts a price; whether enough in a row have reached what an order waits for. */
export function isElected(working: Working, isHit: boolean, inARow: number): boolean {
  working.hits = isHit ? (working.hits ?? 0) + 1 : 0;
  return working.hits >= inARow;
}

function watch(working: Working, { prices, inARow }: Hits, isHit: (price: Micros) => boolean) {
  for (const price of prices) {
    if (!working.triggered) working.triggered = isElected(working, isHit(price), inARow);
  }
  return working.triggered;
}

/** Marks a stop order triggered as soon as the prices reach its stop. */
export function watchStop(terms: OrderTerms, working: Working, sight: Hits): boolean {
  const { stopPrice, action } = terms;
  if (stopPrice === undefined) return true;
  return watch(working, sight, (price) => reachesStop(action, price, stopPrice));
}

/** Marks an if-touched order triggered: it waits on the better side of the market. */
export function watchTouch(terms: OrderTerms, working: Working, sight: Hits): boolean {
  const { stopPrice, action } = terms;
  if (stopPrice === undefined) return true;
  const opposite = action === 'BUY' ? 'SELL' : 'BUY';
  return watch(working, sight, (price) => reachesStop(opposite, price, stopPrice));
}
