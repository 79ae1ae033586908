// Turns received fields into order terms, or into the error the real gateway would answer with.
// Codes: reference note §3.5.
import { findInstruments } from '../market/contract-book.ts';
import type { Instrument } from '../market/instrument.ts';
import { tickAt } from '../market/market-rules.ts';
import { parseMicros } from '../market/money.ts';
import type { Micros } from '../market/money.ts';
import { parseWallTime } from '../market/new-york-time.ts';
import type { OrderFields, OrderTerms, OrderType, Tif } from './order.ts';

/** An error code of the gateway and its text. */
export type OrderError = { code: number; text: string };
/** An order that may be taken: its one instrument, its account, its parsed terms. */
export type CheckedOrder = { instrument: Instrument; account: string; terms: OrderTerms };
type CheckContext = {
  accounts: readonly string[];
  /** End of the current or next trading day, UTC milliseconds. */
  dayOrderExpiry: number;
};

const SUPPORTED: ReadonlySet<string> = new Set(['MKT', 'LMT', 'STP', 'STP LMT']);
const KNOWN_ELSEWHERE: ReadonlySet<string> = new Set(
  'TRAIL,TRAIL LIMIT,MIT,LIT,REL,MIDPRICE,MOC,LOC,PEG MID,PEG BEST,PEG BENCH,PEG MKT,VOL,MTL'.split(
    ',',
  ),
);
const TIFS: ReadonlySet<string> = new Set(['DAY', 'GTC', 'IOC', 'FOK', 'GTD']);
const MAX_NOTIONAL: Micros = 4_000_000_000_000_000;

const invalid = (text: string): OrderError => ({
  code: 321,
  text: `Error validating request.-'bW' : cause - ${text}`,
});

/** The one instrument the fields mean, or error 200. */
function instrumentOf(f: OrderFields): Instrument | OrderError {
  if (f.secType !== undefined && f.secType !== 'STK') {
    return { code: 200, text: 'No security definition has been found for the request' };
  }
  const found = findInstruments(f);
  const [first, second] = found;
  if (first === undefined) {
    return { code: 200, text: 'No security definition has been found for the request' };
  }
  if (second !== undefined) {
    const text = 'The contract description specified for';
    return { code: 200, text: `${text} ${first.symbol} is ambiguous.` };
  }
  return first;
}

function quantityOf(f: OrderFields): number | OrderError {
  const quantity = Number(f.totalQuantity ?? '0');
  if (quantity === 0) return { code: 434, text: 'The order size cannot be zero.' };
  if (quantity < 0) return invalid('Order quantity must be positive');
  if (!Number.isSafeInteger(quantity)) {
    return { code: 10243, text: 'Fractional-sized order cannot be placed via API.' };
  }
  return quantity;
}

function typeOf(f: OrderFields): OrderType | OrderError {
  const type = f.orderType ?? '';
  if (SUPPORTED.has(type)) return type as OrderType;
  if (KNOWN_ELSEWHERE.has(type)) {
    return { code: 387, text: 'Unsupported order type for this exchange and security type.' };
  }
  return invalid(`Invalid order type: ${type === '' ? 'none' : type}`);
}

function priceOf(text: string | undefined, i: Instrument, name: string): Micros | OrderError {
  if (text === undefined) return invalid(`${name} is required for this order type`);
  const price = parseMicros(text);
  if (price === undefined || price % tickAt(i, price) !== 0) {
    const reason = 'The price does not conform to the minimum price variation for this contract.';
    return { code: 110, text: reason };
  }
  return price > 0 ? price : invalid(`${name} must be positive`);
}

function accountOf(f: OrderFields, accounts: readonly string[]): string | OrderError {
  if (f.account === undefined) {
    const [only] = accounts;
    if (only !== undefined && accounts.length === 1) return only;
    return { code: 435, text: 'You must specify an account.' };
  }
  if (accounts.includes(f.account)) return f.account;
  return invalid(`Invalid account code '${f.account}'`);
}

function lifetimeOf(
  f: OrderFields,
  context: CheckContext,
): Pick<OrderTerms, 'tif' | 'expiresAt'> | OrderError {
  const tif = f.tif ?? 'DAY';
  if (!TIFS.has(tif)) return invalid(`Invalid time in force: ${tif}`);
  if (tif === 'DAY') return { tif, expiresAt: context.dayOrderExpiry };
  if (tif !== 'GTD') return { tif: tif as Tif };
  const expiresAt = parseWallTime(f.goodTillDate ?? '');
  if (expiresAt === undefined) return invalid('Invalid good till date');
  return { tif, expiresAt };
}

/** Whether a step of the check failed. */
export const isOrderError = (value: unknown): value is OrderError =>
  typeof value === 'object' && value !== null && 'code' in value;

function pricesOf(f: OrderFields, i: Instrument, type: OrderType) {
  const needsLimit = type === 'LMT' || type === 'STP LMT';
  const needsStop = type === 'STP' || type === 'STP LMT';
  const limitPrice = needsLimit ? priceOf(f.lmtPrice, i, 'Limit price') : undefined;
  if (isOrderError(limitPrice)) return limitPrice;
  const stopPrice = needsStop ? priceOf(f.auxPrice, i, 'Stop price') : undefined;
  if (isOrderError(stopPrice)) return stopPrice;
  return {
    ...(limitPrice === undefined ? {} : { limitPrice }),
    ...(stopPrice === undefined ? {} : { stopPrice }),
  };
}

/** Checks everything that does not depend on money or market state. */
export function checkOrder(f: OrderFields, context: CheckContext): CheckedOrder | OrderError {
  const instrument = instrumentOf(f);
  if (isOrderError(instrument)) return instrument;
  const action = f.action === 'BUY' || f.action === 'SELL' ? f.action : undefined;
  if (action === undefined) return invalid(`Invalid side: ${f.action ?? 'none'}`);
  const orderType = typeOf(f);
  if (isOrderError(orderType)) return orderType;
  const quantity = quantityOf(f);
  if (isOrderError(quantity)) return quantity;
  const account = accountOf(f, context.accounts);
  if (isOrderError(account)) return account;
  const lifetime = lifetimeOf(f, context);
  if (isOrderError(lifetime)) return lifetime;
  const prices = pricesOf(f, instrument, orderType);
  if (isOrderError(prices)) return prices;
  const price = Math.max(prices.limitPrice ?? 0, instrument.basePrice * 2);
  if (quantity > MAX_NOTIONAL / price) return invalid('Order size exceeds the allowed maximum');
  if (instrument.currency !== 'USD') {
    return { code: 203, text: 'The security is not available or allowed for this account.' };
  }
  const outsideRth = f.outsideRth ?? false;
  const terms: OrderTerms = { action, quantity, orderType, outsideRth, ...prices, ...lifetime };
  return { instrument, account, terms };
}
