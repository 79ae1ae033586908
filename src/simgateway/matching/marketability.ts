// Whether an order may trade now, and at what price.
import { phaseAt } from '../market/calendar.ts';
import type { Micros } from '../market/money.ts';
import type { SimOrder } from './order.ts';

type Top = { bid: Micros; ask: Micros; last: Micros; halted: boolean };

/** Whether the exchange takes the order at this instant. */
export function canWorkAt(order: SimOrder, instant: number): boolean {
  const phase = phaseAt(instant);
  if (phase === 'regular') return true;
  return phase === 'extended' && order.terms.outsideRth && order.terms.orderType === 'LMT';
}

/** Whether a stop has been reached; orders without one always count as reached. */
export function isTriggered(order: SimOrder, top: Top): boolean {
  const { stopPrice, action } = order.terms;
  if (stopPrice === undefined || order.triggered) return true;
  return action === 'BUY' ? top.last >= stopPrice : top.last <= stopPrice;
}

/** The price the order would trade at now, or undefined while it has to wait. */
export function tradePrice(order: SimOrder, top: Top): Micros | undefined {
  if (top.halted) return undefined;
  const { action, limitPrice } = order.terms;
  const market = action === 'BUY' ? top.ask : top.bid;
  if (limitPrice === undefined) return market;
  const crosses = action === 'BUY' ? market <= limitPrice : market >= limitPrice;
  return crosses ? market : undefined;
}
