// The instruments that exist, found by contract id or by the fields of a request.
import { INSTRUMENT_ROWS } from './instrument-rows.ts';
import type { Instrument } from './instrument.ts';
import { industryMoves } from './factors.ts';
import { parseMicros } from './money.ts';

/** What a request may say about a contract; unset fields match anything. */
export type ContractQuery = {
  conId?: number | undefined;
  symbol?: string | undefined;
  secType?: string | undefined;
  exchange?: string | undefined;
  primaryExch?: string | undefined;
  currency?: string | undefined;
  localSymbol?: string | undefined;
};

const US_EXCHANGES = 'SMART,AMEX,NYSE,CBOE,ARCA,NASDAQ,BATS,IEX,EDGEA,IBKRATS,OVERNIGHT'.split(',');

function parseRow(row: string): Instrument {
  const [conId, symbol, stockType, primaryExch, currency, price, industry, category, name] =
    row.split('|');
  const basePrice = parseMicros(price ?? '');
  if (symbol === undefined || basePrice === undefined) throw new Error(`instrument row: ${row}`);
  return {
    conId: Number(conId),
    symbol,
    secType: 'STK',
    stockType: stockType ?? '',
    localSymbol: symbol,
    tradingClass: primaryExch === 'NASDAQ' ? 'NMS' : symbol,
    exchange: 'SMART',
    primaryExch: primaryExch ?? '',
    validExchanges: currency === 'USD' ? US_EXCHANGES : ['SMART', primaryExch ?? ''],
    calendar: 'US',
    currency: currency ?? '',
    multiplier: 1,
    multiplierText: '',
    priceMagnifier: 1,
    marketRuleId: currency === 'CAD' ? 557 : 26,
    minSize: 1_000_000,
    sizeIncrement: 1_000_000,
    basePrice,
    liquidity: 1,
    moves: industryMoves(industry ?? '', 'US'),
    longName: name ?? '',
    industry: industry ?? '',
    category: category ?? '',
    subcategory: category ?? '',
    secIds: [],
  };
}

const all: readonly Instrument[] = INSTRUMENT_ROWS.trim().split('\n').map(parseRow);
const byConId = new Map(all.map((i) => [i.conId, i]));

/** Every instrument, in catalogue order. */
export const instruments = (): readonly Instrument[] => all;

/** The instrument with this contract id. */
export const instrumentByConId = (conId: number): Instrument | undefined => byConId.get(conId);

function matches(i: Instrument, query: ContractQuery): boolean {
  const { exchange, primaryExch } = query;
  if (query.symbol !== undefined && i.symbol !== query.symbol.toUpperCase()) return false;
  if (query.localSymbol !== undefined && i.symbol !== query.localSymbol) return false;
  if (query.secType !== undefined && i.secType !== query.secType) return false;
  if (query.currency !== undefined && i.currency !== query.currency) return false;
  if (primaryExch !== undefined && i.primaryExch !== primaryExch) return false;
  return exchange === undefined || i.validExchanges.includes(exchange);
}

/** All instruments a request can mean; empty when none, several when it is ambiguous. */
export function findInstruments(query: ContractQuery): Instrument[] {
  if (query.conId !== undefined && query.conId !== 0) {
    const found = byConId.get(query.conId);
    return found === undefined ? [] : [found];
  }
  if (query.symbol === undefined && query.localSymbol === undefined) return [];
  return all.filter((i) => matches(i, query));
}

/** Instruments whose symbol or name starts with the pattern, at most 16, symbol matches first. */
export function searchInstruments(pattern: string): Instrument[] {
  const wanted = pattern.toUpperCase();
  if (wanted === '') return [];
  const bySymbol = all.filter((i) => i.symbol.startsWith(wanted));
  const byName = all.filter((i) => !bySymbol.includes(i) && i.longName.includes(wanted));
  return [...bySymbol, ...byName].slice(0, 16);
}
