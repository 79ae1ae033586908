// Field values of contract details and bond details.
import { calendarOf } from '../market/calendars.ts';
import { instrumentByConId } from '../market/contract-book.ts';
import { isTradable } from '../market/instrument.ts';
import type { Instrument, SecType } from '../market/instrument.ts';
import { bondTerms } from '../market/listed-instruments.ts';
import { MARKET_RULES } from '../market/market-rules.ts';
import { formatMicros } from '../market/money.ts';
import type { ValuesOf } from '../wire/field-table.ts';
import type { bondContractData, contractData } from '../wire/market-contract-events.ts';

/** Days of trading hours that contract details list, today included. */
const HOURS_DAYS = 6;
const COMMON_TYPES = 'ACTIVETIM,ALERT,DAY,GTC,GTD,IOC,LMT,MKT,STP,STPLMT,TRAIL,TRAILLMT,WHATIF';
const ORDER_TYPES: Readonly<Record<SecType, string>> = {
  STK: `${COMMON_TYPES},AON,FOK,LOC,LOO,MOC,MOO,OCA,OPG,OUTSIDERTH`,
  OPT: `${COMMON_TYPES},AON,FOK,OCA`,
  FUT: `${COMMON_TYPES},OCA,OUTSIDERTH`,
  CASH: `${COMMON_TYPES},FOK,OCA`,
  CRYPTO: 'DAY,GTC,IOC,LMT,MKT,WHATIF',
  BOND: 'DAY,GTC,IOC,LMT,MKT,WHATIF',
  IND: '',
};

/** The smallest increment of any band of an instrument's rule. */
function minTick(i: Instrument): string {
  const bands = MARKET_RULES.get(i.marketRuleId) ?? [];
  return formatMicros(Math.min(...bands.map((b) => b.increment)));
}

/** What details of every kind of contract share. */
function common(reqId: number, i: Instrument, now: number) {
  const calendar = calendarOf(i.calendar);
  const rule = String(i.marketRuleId);
  return {
    reqId,
    conId: i.conId,
    symbol: i.symbol,
    secType: i.secType,
    exchange: i.exchange,
    currency: i.currency,
    marketName: i.tradingClass,
    tradingClass: i.tradingClass,
    minTick: minTick(i),
    mdSizeMultiplier: 1,
    orderTypes: isTradable(i) ? ORDER_TYPES[i.secType] : undefined,
    validExchanges: i.validExchanges.join(','),
    longName: i.longName,
    timeZoneId: calendar.row.zone.name,
    tradingHours: calendar.hoursText(now, HOURS_DAYS, 'trading'),
    liquidHours: calendar.hoursText(now, HOURS_DAYS, 'liquid'),
    marketRuleIds: i.validExchanges.map(() => rule).join(','),
    secIds: i.secIds.map(([tag, value]) => ({ tag, value })),
    minSize: formatMicros(i.minSize),
    sizeIncrement: formatMicros(i.sizeIncrement),
    suggestedSizeIncrement: formatMicros(
      i.secType === 'STK' ? Math.max(i.sizeIncrement, 100_000_000) : i.sizeIncrement,
    ),
  };
}

/** contractData: everything but bonds. */
export function detailsValues(
  reqId: number,
  i: Instrument,
  now: number,
): ValuesOf<(typeof contractData)['entries']> {
  const under = i.underConId === undefined ? undefined : instrumentByConId(i.underConId);
  return {
    ...common(reqId, i, now),
    lastTradeDateOrMonth: i.expiry,
    lastTradeDate: i.expiry,
    strike: i.strike === undefined ? undefined : formatMicros(i.strike),
    right: i.right,
    localSymbol: i.localSymbol,
    multiplier: i.multiplierText,
    priceMagnifier: i.priceMagnifier,
    underConId: i.underConId,
    primaryExch: i.primaryExch,
    contractMonth: i.contractMonth,
    industry: i.industry,
    category: i.category,
    subcategory: i.subcategory,
    underSymbol: i.secType === 'FUT' ? i.symbol : under?.symbol,
    underSecType: i.underSecType,
    realExpirationDate: i.expiry,
    stockType: i.stockType,
  };
}

/** bondContractData: what real TWS sends for secType BOND instead. */
export function bondValues(
  reqId: number,
  i: Instrument,
  now: number,
): ValuesOf<(typeof bondContractData)['entries']> {
  const terms = bondTerms(i.conId);
  const coupon = terms?.coupon ?? '0';
  return {
    ...common(reqId, i, now),
    cusip: terms?.cusip,
    coupon,
    maturity: i.expiry,
    issueDate: terms?.issued,
    ratings: terms?.rating,
    bondType: terms?.kind,
    couponType: 'FIXED',
    descAppend: `${i.symbol} ${coupon} ${i.expiry ?? ''}`,
  };
}
