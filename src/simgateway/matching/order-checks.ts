// Turns received fields into order terms, or into the error the real gateway would answer with. It
// looks at the request and the contract only; money and market state come later. Codes: note §3.5.
import { UNIT } from '../accounts/value.ts';
import type { Instrument, Size } from '../market/instrument.ts';
import { isTradable } from '../market/instrument.ts';
import type { Market } from '../market/market.ts';
import { parseMicros } from '../market/money.ts';
import type { Micros } from '../market/money.ts';
import { dayOf, formatDay, parseWallTime } from '../market/new-york-time.ts';
import { legsOf } from './combo.ts';
import { cutOffError } from './cut-off.ts';
import { invalid, isOrderError, noSuchContract, rejected } from './order-error.ts';
import type { OrderError } from './order-error.ts';
import type { Contracts, Leg, OrderFields, OrderTerms } from './order.ts';
import { priceReader } from './price-reader.ts';
import { tifOf } from './tifs.ts';
import { isKnownElsewhere, ruleFor } from './types/registry.ts';
import type { OrderTypeRule } from './types/order-type.ts';

/** An order that may be taken: its contract (a combination's first leg), account and terms. */
export type CheckedOrder = { instrument: Instrument; account: string; terms: OrderTerms };
/** What a check needs besides the fields. */
export type CheckContext = {
  accounts: readonly string[];
  contracts: Contracts;
  market: Market;
  now: number;
};

/** Value that no single order may exceed, so that sums stay exact: four billion. */
const MAX_VALUE: Micros = 4_000_000_000_000_000;
/** A combination's net price moves in cents. */
const COMBO_TICK: Micros = 10_000;
const WHOLE_ONLY: ReadonlySet<string> = new Set(['STK', 'OPT', 'FUT', 'BOND']);

/** The one instrument the fields mean, or error 200. */
function instrumentOf(f: OrderFields, c: CheckContext): Instrument | OrderError {
  const found = c.contracts.find(f);
  const [first, second] = found;
  if (first === undefined) return noSuchContract;
  if (second !== undefined) {
    const text = 'The contract description specified for';
    return { code: 200, text: `${text} ${first.symbol} is ambiguous.` };
  }
  return first;
}

/** Whether a contract can still be ordered. */
function contractError(i: Instrument, c: CheckContext): OrderError | undefined {
  const isOver = i.expiry !== undefined && i.expiry < formatDay(dayOf(c.now));
  if (isOver) return noSuchContract;
  if (!isTradable(i)) return rejected('The contract is not available for trading.');
  if (i.currency !== 'USD' && c.market.usdRate(i.currency) === undefined) {
    return { code: 203, text: 'The security is not available or allowed for this account.' };
  }
  return undefined;
}

function contractOf(
  f: OrderFields,
  c: CheckContext,
): { instrument: Instrument; legs?: Leg[] } | OrderError {
  if (f.secType !== 'BAG') {
    const instrument = instrumentOf(f, c);
    if (isOrderError(instrument)) return instrument;
    return contractError(instrument, c) ?? { instrument };
  }
  const legs = legsOf(f, c.contracts);
  if (isOrderError(legs)) return legs;
  for (const { conId } of legs) {
    const leg = c.contracts.byConId(conId);
    const problem = leg === undefined ? noSuchContract : contractError(leg, c);
    if (problem !== undefined) return problem;
  }
  const instrument = c.contracts.byConId(legs[0]?.conId ?? 0);
  return instrument === undefined ? noSuchContract : { instrument, legs };
}

function quantityOf(f: OrderFields, i: Instrument, isCombo: boolean): Size | OrderError {
  const text = f.totalQuantity ?? '0';
  const quantity = parseMicros(text);
  if (quantity === 0) return { code: 434, text: 'The order size cannot be zero.' };
  if (quantity !== undefined && quantity < 0) return invalid('Order quantity must be positive');
  if (quantity === undefined && Number(text) >= 1_000_000_000) {
    return invalid('Order size exceeds the allowed maximum');
  }
  const isWhole = quantity !== undefined && quantity % UNIT === 0;
  if (!isWhole && (isCombo || WHOLE_ONLY.has(i.secType))) {
    return { code: 10243, text: 'Fractional-sized order cannot be placed via API.' };
  }
  if (quantity === undefined) return invalid('Order size has too many decimals');
  if (isCombo || WHOLE_ONLY.has(i.secType)) return quantity;
  if (quantity < i.minSize)
    return rejected('The order size is below the minimum for this contract');
  if (quantity % i.sizeIncrement !== 0) {
    return invalid('Order size does not conform to the minimum size increment');
  }
  return quantity;
}

function typeOf(f: OrderFields, tif: string, isCombo: boolean): OrderTypeRule | OrderError {
  const type = f.orderType ?? '';
  const rule = ruleFor(type, tif);
  const elsewhere = 'Unsupported order type for this exchange and security type.';
  if (rule === undefined) {
    if (isKnownElsewhere(type)) return { code: 387, text: elsewhere };
    return invalid(`Invalid order type: ${type === '' ? 'none' : type}`);
  }
  if (isCombo && rule.forCombos !== true) return { code: 387, text: elsewhere };
  if (tif === 'OPG' && rule.auction !== 'open') {
    return invalid(`Invalid time in force for order type ${type}: OPG`);
  }
  if (rule.auction !== undefined && tif !== 'DAY' && tif !== 'OPG') {
    return invalid(`Invalid time in force for order type ${type}: ${tif}`);
  }
  return rule;
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

type Times = Pick<OrderTerms, 'tif' | 'expiresAt' | 'startsAt'>;

function timesOf(f: OrderFields, i: Instrument, c: CheckContext): Times | OrderError {
  const tif = f.tif ?? 'DAY';
  const rule = tifOf(tif);
  if (rule === undefined) return invalid(`Invalid time in force: ${tif}`);
  const expiresAt = rule.expiry(f, { dayOrderExpiry: c.market.dayOrderExpiry(i) });
  if (isOrderError(expiresAt)) return expiresAt;
  const startsAt = f.goodAfterTime === undefined ? undefined : parseWallTime(f.goodAfterTime);
  if (f.goodAfterTime !== undefined && startsAt === undefined) {
    return invalid('Invalid good after time');
  }
  return {
    tif,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(startsAt === undefined ? {} : { startsAt }),
  };
}

function sizesOf(
  f: OrderFields,
  quantity: Size,
): Pick<OrderTerms, 'minQty' | 'displaySize'> | OrderError {
  const minQty = (f.minQty ?? 0) * UNIT;
  const displaySize = (f.displaySize ?? 0) * UNIT;
  if (minQty < 0 || minQty > quantity) return invalid('Minimum quantity exceeds the order size');
  if (displaySize < 0 || displaySize > quantity) return invalid('Invalid display size');
  return { minQty, displaySize };
}

/** Checks everything that does not depend on money or on what the market does. */
export function checkOrder(f: OrderFields, c: CheckContext): CheckedOrder | OrderError {
  const contract = contractOf(f, c);
  if (isOrderError(contract)) return contract;
  const { instrument, legs } = contract;
  const isCombo = legs !== undefined;
  const action = f.action === 'BUY' || f.action === 'SELL' ? f.action : undefined;
  if (action === undefined) return invalid(`Invalid side: ${f.action ?? 'none'}`);
  const times = timesOf(f, instrument, c);
  if (isOrderError(times)) return times;
  const rule = typeOf(f, times.tif, isCombo);
  if (isOrderError(rule)) return rule;
  const quantity = quantityOf(f, instrument, isCombo);
  if (isOrderError(quantity)) return quantity;
  const account = accountOf(f, c.accounts);
  if (isOrderError(account)) return account;
  const sizes = sizesOf(f, quantity);
  if (isOrderError(sizes)) return sizes;
  const tickAt = (price: Micros) => (isCombo ? COMBO_TICK : c.market.tickAt(instrument, price));
  const prices = rule.read(priceReader(f, { tickAt, allowsNegative: isCombo }));
  if (isOrderError(prices)) return prices;
  const late = rule.auction && cutOffError(instrument, rule, c);
  if (late !== undefined) return late;
  const top = Math.max(Math.abs(prices.limitPrice ?? 0), instrument.basePrice * 2);
  if ((quantity / UNIT) * instrument.multiplier > MAX_VALUE / top) {
    return invalid('Order size exceeds the allowed maximum');
  }
  const terms: OrderTerms = {
    action,
    quantity,
    orderType: rule.name,
    outsideRth: f.outsideRth ?? false,
    allOrNone: f.allOrNone ?? false,
    triggerMethod: f.triggerMethod ?? 0,
    ...sizes,
    ...prices,
    ...times,
    ...(legs === undefined ? {} : { legs }),
  };
  return { instrument, account, terms };
}
