// Taking displayed size: what a marketable order gets at once, and a combination's legs together or
// not at all.
import { UNIT } from '../accounts/value.ts';
import type { Instrument, Size } from '../market/instrument.ts';
import type { Market } from '../market/market.ts';
import { comboOffer, placeLegs } from './combo.ts';
import type { DeskContext } from './desk-context.ts';
import type { FillPolicy } from './fill-policy.ts';
import type { Booking } from './fills.ts';
import { signOf } from './order.ts';
import type { SimOrder } from './order.ts';
import type { Contender } from './pass.ts';
import { tifOf } from './tifs.ts';

/** How much of what is there an order accepts: all, a minimum, or nothing. */
function accepted(order: SimOrder, wanted: Size, available: Size): Size {
  const { allOrNone, minQty, tif } = order.terms;
  const isAllOrNothing = allOrNone || tifOf(tif)?.unfilled === 'kill';
  const size = Math.min(wanted, available);
  if (isAllOrNothing && size < wanted) return 0;
  return order.filled === 0 && size < minQty ? 0 : size;
}

/** Takes displayed size for an order; 0 when it accepts none of what is there. */
export function takeLiquidity(order: SimOrder, wanted: Size, i: Instrument, market: Market): Size {
  const side = order.terms.action === 'BUY' ? 'ask' : 'bid';
  const top = market.top(i);
  const step = order.terms.quantity % UNIT === 0 ? UNIT : 1;
  const shown = Math.floor((side === 'ask' ? top.askSize : top.bidSize) / step) * step;
  const size = accepted(order, wanted, shown);
  return size === 0 ? 0 : market.take(i, side, size);
}

/** Who books, how much an order may fill, and by which policy. */
type Desk = {
  policy: FillPolicy;
  roomOf(order: SimOrder): Size;
  book(order: SimOrder, booking: Booking): void;
};

/** Trades what can be had of a combination now; whether the market reaches its net price at all. */
export function tradeCombo(desk: Desk, { order, wish }: Contender, c: DeskContext): boolean {
  const { action, legs: rows = [] } = order.terms;
  const legs = placeLegs(rows, c.contracts);
  const offer = comboOffer(legs, action, c.market);
  if (offer === undefined) return false;
  const sign = signOf(action);
  if (wish.kind === 'limit' && offer.net * sign > wish.price * sign) return false;
  const { mode } = desk.policy;
  if (mode !== 'market' && mode !== 'immediate') return true;
  const available = mode === 'immediate' ? order.terms.quantity : offer.size;
  const size = accepted(order, desk.roomOf(order), available);
  if (size === 0) return true;
  if (mode === 'market') {
    for (const leg of legs) {
      const side = leg.side * sign > 0 ? 'ask' : 'bid';
      c.market.take(leg.instrument, side, size * leg.ratio);
    }
  }
  desk.book(order, { size, price: offer.net, legPrices: offer.prices });
  return true;
}
