// Fills that the control port or a fault makes, at any price.
import { UNIT } from '../accounts/value.ts';
import type { Size } from '../market/instrument.ts';
import type { Micros } from '../market/money.ts';
import { comboOffer, placeLegs, pricesFor } from './combo.ts';
import { instrumentOf } from './desk-context.ts';
import type { DeskContext } from './desk-context.ts';
import type { Booking } from './fills.ts';
import { remainingOf } from './order.ts';
import type { SimOrder } from './order.ts';

/** Why a size cannot be filled; undefined when it can. */
export function handFillProblem(order: SimOrder, size: Size): string | undefined {
  const left = remainingOf(order);
  if (!Number.isSafeInteger(size) || size <= 0) return 'shares must be a positive number';
  const step = order.terms.quantity % UNIT === 0 ? UNIT : 1;
  if (size % step !== 0) return 'shares must be a whole number';
  return size > left ? `only ${left / UNIT} shares are left` : undefined;
}

/** The booking of a fill at a price: the given one, else the limit, else the market. */
export function handFill(
  order: SimOrder,
  size: Size,
  price: Micros | undefined,
  c: DeskContext,
): Booking {
  const { legs, action, limitPrice } = order.terms;
  const wanted = price ?? limitPrice;
  if (legs === undefined) {
    const instrument = instrumentOf(c, order);
    const top = c.market.top(instrument);
    const market = action === 'BUY' ? top.ask : top.bid;
    return { size, price: wanted ?? market ?? instrument.basePrice };
  }
  const placed = placeLegs(legs, c.contracts);
  const offer = comboOffer(placed, action, c.market);
  const marks = offer?.prices ?? placed.map((leg) => c.prices.mark(leg.instrument));
  const net = wanted ?? offer?.net ?? 0;
  return { size, price: net, legPrices: pricesFor(placed, marks, net) };
}
