// Orders by amount of money (order field cashQty): how much of the contract it buys or sells.
import { sizeText } from '../accounts/value.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Market } from '../market/market.ts';
import { MICROS, parseMicros } from '../market/money.ts';
import { invalid, rejected } from './order-error.ts';
import type { OrderError } from './order-error.ts';
import type { OrderFields } from './order.ts';

/** Kinds of contracts and types of orders that take an amount. Source: IBKR, "Cash Quantity". */
const KINDS: ReadonlySet<string> = new Set(['CASH', 'CRYPTO']);
const TYPES: ReadonlySet<string> = new Set(['MKT', 'LMT']);
const NOT_HERE: OrderError = {
  code: 10244,
  text: 'Cash Quantity cannot be used for this order.',
};

function priceOf(f: OrderFields, i: Instrument, market: Market) {
  if (f.orderType === 'LMT') return parseMicros(f.lmtPrice ?? '');
  const { bid, ask } = market.top(i);
  return f.action === 'BUY' ? ask : bid;
}

/**
 * The fields with the quantity that an amount comes to, in the contract's currency: at the limit, or at
 * the quote now, rounded down to the size increment. Fields without an amount are returned as they are;
 * a quantity beside the amount wins.
 */
export function withQuantityOfCash(
  f: OrderFields,
  i: Instrument,
  market: Market,
): OrderFields | OrderError {
  if (f.cashQty === undefined || Number(f.cashQty) === 0) return f;
  const isTaken = KINDS.has(i.secType) && f.secType !== 'BAG' && TYPES.has(f.orderType ?? '');
  if (!isTaken) return NOT_HERE;
  if (Number(f.totalQuantity ?? 0) !== 0) return f;
  const cash = parseMicros(f.cashQty);
  if (cash === undefined || cash < 0) return invalid('Cash quantity must be positive');
  const price = priceOf(f, i, market);
  if (price === undefined || price <= 0) {
    return invalid('No price to convert the cash quantity at');
  }
  const size = Number((BigInt(cash) * BigInt(MICROS)) / BigInt(price));
  const quantity = size - (size % i.sizeIncrement);
  if (quantity === 0) return rejected('The order size is below the minimum for this contract');
  return { ...f, totalQuantity: sizeText(quantity) };
}
