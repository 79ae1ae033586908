// Whether shares to sell short can be had.
import type { Account } from '../accounts/account.ts';
import type { Instrument, Size } from '../market/instrument.ts';
import type { Market } from '../market/market.ts';
import { rejected } from './order-error.ts';
import type { OrderError } from './order-error.ts';
import type { OrderTerms } from './order.ts';

/** Message 404: the order is kept while shares are searched for. */
export const HELD_FOR_LOCATE: OrderError = {
  code: 404,
  text: 'Order held while securities are located.',
};

/** What stands against selling `size` beyond the holding: 201, or 404 while too few shares are to be had. */
export function shortSaleError(
  account: Account,
  i: Instrument,
  sale: { terms: OrderTerms; size: Size; promised: Size },
  market: Market,
): OrderError | undefined {
  const { action, legs } = sale.terms;
  if (action !== 'SELL' || i.secType !== 'STK' || legs !== undefined) return undefined;
  const held = account.positions.get(i.conId)?.quantity ?? 0;
  const short = sale.size + sale.promised - Math.max(0, held);
  if (short <= 0) return undefined;
  const available = market.shortable(i);
  if (available === undefined) return rejected('The contract is not available for short sale.');
  return available < short ? HELD_FOR_LOCATE : undefined;
}
