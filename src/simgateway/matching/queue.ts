// Resting limit orders and the tape. An order joins behind the size displayed at its price; prints at
// its price use that up first, prints through its price sweep it. What a print brings goes to clients'
// better-priced orders first, then to earlier ones.
import type { Size } from '../market/instrument.ts';
import type { Top, Trade } from '../market/market.ts';
import type { Micros } from '../market/money.ts';
import type { SimOrder } from './order.ts';
import { byPriority } from './pass.ts';
import type { Contender, Print } from './pass.ts';

/** Puts an order into the queue at its limit; one that stands there already keeps its place. */
export function joinQueue(order: SimOrder, price: Micros, top: Top, now: number): void {
  const { working } = order;
  if (working.restsSince !== undefined) return;
  working.restsSince = now;
  const isBuy = order.terms.action === 'BUY';
  const best = isBuy ? top.bid : top.ask;
  const isBetter = best === undefined || (isBuy ? price > best : price < best);
  // Deeper levels are not shown: they are taken to be as deep as the best one.
  working.queueAhead = isBetter ? 0 : isBuy ? top.bidSize : top.askSize;
}

/** Takes an order out of the queue: it was changed, or trades at once. */
export function leaveQueue(order: SimOrder): void {
  delete order.working.restsSince;
  order.working.queueAhead = 0;
}

type Offer = {
  /** Whether a print came when the order worked. */
  counts(order: SimOrder, print: Print): boolean;
  /** Most that the order may fill now. */
  room(order: SimOrder): Size;
  fill(order: SimOrder, size: Size, price: Micros): void;
};

/** Size a print leaves for an order, after the queue ahead of it. */
function offered(order: SimOrder, price: Micros, print: Trade, left: Size): Size {
  const { working, terms } = order;
  const isThrough = terms.action === 'BUY' ? print.price < price : print.price > price;
  if (isThrough) {
    working.queueAhead = 0;
    return left;
  }
  if (print.price !== price) return 0;
  const ahead = working.queueAhead;
  working.queueAhead = Math.max(0, ahead - left);
  return Math.max(0, left - ahead);
}

function slice(order: SimOrder, wanted: Size, available: Size): Size {
  const { displaySize, allOrNone, minQty } = order.terms;
  const shown = displaySize === 0 ? wanted : displaySize - (order.filled % displaySize);
  const size = Math.min(wanted, shown, available);
  if (allOrNone && size < wanted) return 0;
  return order.filled === 0 && size < minQty ? 0 : size;
}

/** Fills resting orders from prints. */
export function fillFromTape(
  contenders: readonly Contender[],
  tape: readonly Print[],
  top: Top,
  offer: Offer,
): void {
  const queue = contenders.filter((c) => c.order.working.restsSince !== undefined);
  if (queue.length === 0) return;
  queue.sort(byPriority);
  for (const print of tape) {
    const left = { BUY: print.size, SELL: print.size };
    for (const { order, wish } of queue) {
      const { working, terms } = order;
      if (wish.kind !== 'limit' || print.at <= (working.restsSince ?? print.at)) continue;
      if (!offer.counts(order, print)) continue;
      const available = offered(order, wish.price, print, left[terms.action]);
      const size = available === 0 ? 0 : slice(order, offer.room(order), available);
      if (size === 0) continue;
      left[terms.action] -= size;
      offer.fill(order, size, wish.price);
      // What is shown next of a hidden order stands behind everyone else at its price.
      if (terms.displaySize > 0) {
        working.queueAhead = terms.action === 'BUY' ? top.bidSize : top.askSize;
      }
    }
  }
}
