// Turns received fields into order terms, or into the error the real gateway would answer with. It
// looks at the request and the contract only; money and market state come later. Codes: note §3.5.
import { UNIT } from '../accounts/value.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Market } from '../market/market.ts';
import type { Micros } from '../market/money.ts';
import { parseWallTime } from '../market/wall-time.ts';
import { withQuantityOfCash } from './cash-quantity.ts';
import { contractOf } from './contract-checks.ts';
import { cutOffError } from './cut-off.ts';
import { invalid, isOrderError } from './order-error.ts';
import type { OrderError } from './order-error.ts';
import type { Contracts, OrderFields, OrderTerms } from './order.ts';
import { priceReader } from './price-reader.ts';
import { sizesOf } from './size-checks.ts';
import { tifOf } from './tifs.ts';
import { isKnownElsewhere, ruleFor } from './types/registry.ts';
import type { OrderTypeRule, TypePrices } from './types/order-type.ts';

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

function pricesOf(
  f: OrderFields,
  rule: OrderTypeRule,
  instrument: Instrument,
  isCombo: boolean,
  c: CheckContext,
): TypePrices | OrderError {
  const tickAt = (price: Micros) => (isCombo ? COMBO_TICK : c.market.tickAt(instrument, price));
  const prices = rule.read(priceReader(f, { tickAt, allowsNegative: isCombo }));
  if (isOrderError(prices) || rule.auction === undefined) return prices;
  return cutOffError(instrument, rule, c) ?? prices;
}

function valueError(i: Instrument, terms: OrderTerms): OrderError | undefined {
  const price = Math.max(Math.abs(terms.limitPrice ?? 0), i.basePrice * 2);
  const isTooLarge = (terms.quantity / UNIT) * i.multiplier > MAX_VALUE / price;
  return isTooLarge ? invalid('Order size exceeds the allowed maximum') : undefined;
}

/** Flags and triggers: nothing in them can be wrong. */
const optionsOf = (f: OrderFields) => ({
  outsideRth: f.outsideRth ?? false,
  allOrNone: f.allOrNone ?? false,
  triggerMethod: f.triggerMethod ?? 0,
});

/** Checks everything that does not depend on money or on what the market does. */
export function checkOrder(f: OrderFields, c: CheckContext): CheckedOrder | OrderError {
  const contract = contractOf(f, c);
  if (isOrderError(contract)) return contract;
  const { instrument, legs } = contract;
  const isCombo = legs !== undefined;
  const { action } = f;
  if (action !== 'BUY' && action !== 'SELL') return invalid(`Invalid side: ${action ?? 'none'}`);
  const times = timesOf(f, instrument, c);
  if (isOrderError(times)) return times;
  const rule = typeOf(f, times.tif, isCombo);
  if (isOrderError(rule)) return rule;
  const sized = withQuantityOfCash(f, instrument, c.market);
  if (isOrderError(sized)) return sized;
  const sizes = sizesOf(sized, instrument, isCombo);
  if (isOrderError(sizes)) return sizes;
  const account = accountOf(f, c.accounts);
  if (isOrderError(account)) return account;
  const prices = pricesOf(f, rule, instrument, isCombo, c);
  if (isOrderError(prices)) return prices;
  const parts: OrderTerms = {
    action,
    orderType: rule.name,
    ...optionsOf(f),
    ...sizes,
    ...prices,
    ...times,
  };
  const terms = isCombo ? { ...parts, legs } : parts;
  return valueError(instrument, terms) ?? { instrument, account, terms };
}
