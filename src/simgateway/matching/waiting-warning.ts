import { sizeText } from '../accounts/value.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Market } from '../market/market.ts';
import { DAY_MS, formatZonedTime } from '../market/new-york-time.ts';
import type { SimOrder } from './order.ts';

const LOOK_AHEAD_DAYS = 8;

/** Text of warning 399: the order is kept until the market opens (at an instant, UTC milliseconds). */
export function waitingWarning(
  order: SimOrder,
  instrument: Instrument,
  market: Market,
  now: number,
): string {
  const open = market
    .auctions(instrument, now, now + LOOK_AHEAD_DAYS * DAY_MS)
    .find((a) => a.kind === 'open');
  const when = open === undefined ? 'the market opens' : formatZonedTime(open.at);
  const { action, quantity } = order.terms;
  return (
    `Order Message:\n${action} ${sizeText(quantity)} ${instrument.symbol} ${instrument.primaryExch}\n` +
    `Warning: Your order will not be placed at the exchange until ${when}.`
  );
}
