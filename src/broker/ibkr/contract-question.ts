import {
  OptionType,
  SecType as IbSecType,
  type Contract as IbContract,
  type ContractDetails as IbDetails,
} from '@stoqey/ib';
import { secTypes, type SecType } from '../../domain/instrument/contract.ts';
import type { InstrumentQuery } from '../../domain/instrument/instrument-query.ts';
import { dec, type DecimalText } from '../../domain/money/decimal.ts';
import { toWire } from './numbers.ts';

/**
 * A query of ours as a question to IBKR, and whether a row of the answer is what was asked for: IBKR itself also
 * answers with near matches.
 */

/**
 * Where each kind is looked for unless the query says so, and whether the query's exchange is the market itself
 * (of a stock it is the primary exchange, while orders go to SMART).
 */
const places: Readonly<Record<SecType, { exchange: string; namesMarket: boolean }>> = {
  STK: { exchange: 'SMART', namesMarket: false },
  OPT: { exchange: 'SMART', namesMarket: true },
  FUT: { exchange: '', namesMarket: true },
  CASH: { exchange: 'IDEALPRO', namesMarket: true },
  CRYPTO: { exchange: '', namesMarket: true },
  BOND: { exchange: 'SMART', namesMarket: true },
  IND: { exchange: '', namesMarket: true },
};

/** Throws `VALIDATION` for a strike or multiplier that cannot be sent exactly. */
export function questionOf(query: InstrumentQuery): IbContract {
  if ('conId' in query) return { conId: query.conId };
  const { secType, currency, exchange } = query;
  const place = places[secType];
  return {
    secType: IbSecType[secType],
    exchange: place.namesMarket ? (exchange ?? place.exchange) : place.exchange,
    ...(currency === undefined ? {} : { currency }),
    ...(exchange === undefined || place.namesMarket ? {} : { primaryExch: exchange }),
    ...nameOf(query),
  };
}

function nameOf(query: Exclude<InstrumentQuery, { conId: number }>): IbContract {
  if ('isin' in query) return { secIdType: 'ISIN', secId: query.isin };
  if ('localSymbol' in query) return { localSymbol: query.localSymbol };
  const { symbol, expiry, strike, right, multiplier, tradingClass } = query;
  return {
    symbol,
    ...(expiry === undefined ? {} : { lastTradeDateOrContractMonth: expiry }),
    ...(strike === undefined ? {} : { strike: toWire(strike, 'strike') }),
    ...(right === undefined ? {} : { right: right === 'C' ? OptionType.Call : OptionType.Put }),
    ...(multiplier === undefined ? {} : { multiplier: toWire(multiplier, 'multiplier') }),
    ...(tradingClass === undefined ? {} : { tradingClass }),
  };
}

/** Whether the row is of a kind that we know and exactly what the query names. */
export function fits(row: IbDetails, query: InstrumentQuery): boolean {
  const { conId, secType, currency, exchange, primaryExch, localSymbol } = row.contract;
  if (!(secTypes as readonly string[]).includes(secType ?? '')) return false;
  if ('conId' in query) return conId === query.conId;
  const isThere =
    (secType as string) === query.secType &&
    (query.currency === undefined || currency === query.currency) &&
    (query.exchange === undefined || [primaryExch, exchange].includes(query.exchange));
  if (!isThere) return false;
  // IBKR finds these by an index of its own; the row need not repeat them.
  if ('isin' in query) return true;
  return 'localSymbol' in query ? localSymbol === query.localSymbol : fitsSymbol(row, query);
}

function fitsSymbol(
  { contract, contractMonth = '' }: IbDetails,
  query: Extract<InstrumentQuery, { symbol: string }>,
): boolean {
  const { expiry, strike, right, multiplier, tradingClass } = query;
  const isSame = (asked: DecimalText | undefined, found: number | undefined): boolean =>
    asked === undefined || (found !== undefined && dec(asked).eq(dec(found)));
  const lastDay = contract.lastTradeDateOrContractMonth ?? '';
  return (
    contract.symbol === query.symbol &&
    (expiry === undefined || lastDay.startsWith(expiry) || contractMonth === expiry) &&
    isSame(strike, contract.strike) &&
    (right === undefined || (contract.right as string | undefined) === right) &&
    isSame(multiplier, contract.multiplier) &&
    (tradingClass === undefined || contract.tradingClass === tradingClass)
  );
}
