import { currentOrNextSession } from '../market/calendar.ts';
import type { Instrument } from '../market/instrument.ts';
import { formatZonedTime } from '../market/new-york-time.ts';
import type { SimOrder } from './order.ts';

/** Text of warning 399: the order is kept until the market opens (at an instant, UTC milliseconds). */
export function waitingWarning(order: SimOrder, instrument: Instrument, now: number): string {
  const session = currentOrNextSession(now);
  const next = now < session.open ? session : currentOrNextSession(session.postClose);
  const { action, quantity } = order.terms;
  return (
    `Order Message:\n${action} ${quantity} ${instrument.symbol} ${instrument.primaryExch}\n` +
    `Warning: Your order will not be placed at the exchange until ${formatZonedTime(next.open)}.`
  );
}
