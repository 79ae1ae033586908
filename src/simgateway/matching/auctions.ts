import type { Auction } from '../market/market.ts';
import type { Micros } from '../market/money.ts';
import type { SimOrder } from './order.ts';

/** The price an order trades at in an auction; undefined when its limit does not reach it. */
export function fillInAuction(order: SimOrder, auction: Auction): Micros | undefined {
  const { limitPrice, action } = order.terms;
  if (limitPrice === undefined) return auction.price;
  const reaches = action === 'BUY' ? auction.price <= limitPrice : auction.price >= limitPrice;
  return reaches ? auction.price : undefined;
}
