// The instruments that exist, found by contract id, by a code, or by the fields of a request. Derivatives
// are made on demand, so nothing here scans a chain; `at` (UTC milliseconds) decides what is listed.
import { dayIn, ZONES } from './zone.ts';
import {
  expiryDay,
  futureByConId,
  futureByLocalSymbol,
  futuresOf,
  hasFutures,
  listedFutures,
} from './futures.ts';
import type { Instrument } from './instrument.ts';
import { LISTED } from './listed-instruments.ts';
import { parseMicros } from './money.ts';
import { formatDay } from './new-york-time.ts';
import type { Day } from './new-york-time.ts';
import { OptionBook } from './options.ts';

/** What a request may say about a contract; unset fields match anything. */
export type ContractQuery = {
  conId?: number | undefined;
  symbol?: string | undefined;
  secType?: string | undefined;
  lastTradeDate?: string | undefined;
  strike?: string | undefined;
  right?: string | undefined;
  multiplier?: string | undefined;
  exchange?: string | undefined;
  primaryExch?: string | undefined;
  currency?: string | undefined;
  localSymbol?: string | undefined;
  tradingClass?: string | undefined;
  secIdType?: string | undefined;
  secId?: string | undefined;
  includeExpired?: boolean | undefined;
};

const byConId = new Map(LISTED.map((i) => [i.conId, i]));
const bySymbol = new Map<string, Instrument[]>();
const byLocalSymbol = new Map<string, Instrument[]>();
const bySecId = new Map<string, Instrument[]>();

function add(map: Map<string, Instrument[]>, key: string, i: Instrument): void {
  const found = map.get(key);
  if (found === undefined) map.set(key, [i]);
  else found.push(i);
}
for (const i of LISTED) {
  add(bySymbol, `${i.secType} ${i.symbol}`, i);
  add(byLocalSymbol, i.localSymbol, i);
  for (const [tag, value] of i.secIds) {
    add(bySecId, `${tag} ${value}`, i);
    if (tag === 'ISIN' && value.startsWith('US')) add(bySecId, `CUSIP ${value.slice(2, 11)}`, i);
  }
}

/** The options of the catalogue. */
export const OPTIONS = new OptionBook((conId) => byConId.get(conId));

/** Every instrument with a row of its own, in catalogue order: all but futures and options. */
export const instruments = (): readonly Instrument[] => LISTED;

/** The instrument with this contract id, also an expired one. */
export const instrumentByConId = (conId: number): Instrument | undefined =>
  byConId.get(conId) ?? futureByConId(conId) ?? OPTIONS.byConId(conId);

/** The exchanges' date, by which derivatives expire. */
export const exchangeDay = (at: number): Day => dayIn(ZONES['US/Eastern'], at);

/** Contracts that are left out when nothing is said about the date need one to be listed by. */
const NO_DAY = 0;

function futures(q: ContractQuery, today: Day): Instrument[] {
  const symbol = (q.symbol ?? '').toUpperCase();
  const date = q.lastTradeDate ?? '';
  if (/^\d{6}(\d\d)?$/.test(date)) return futuresOf(symbol, date);
  return today === NO_DAY ? [] : listedFutures(today, symbol);
}

function options(q: ContractQuery, today: Day): Instrument[] {
  const c = OPTIONS.classOf((q.symbol ?? '').toUpperCase());
  if (c === undefined) return [];
  const date = q.lastTradeDate ?? '';
  const listed = today === NO_DAY ? [] : OPTIONS.expiries(today);
  const days =
    date.length === 8 ? [expiryDay(date)] : listed.filter((day) => formatDay(day).startsWith(date));
  const strike = q.strike === undefined ? 0 : parseMicros(q.strike);
  const right = /^[CP]/.exec((q.right ?? '').toUpperCase())?.[0] as 'C' | 'P' | undefined;
  return OPTIONS.matching(c, { days, strike: strike === 0 ? undefined : strike, right });
}

function candidates(q: ContractQuery, today: Day): readonly Instrument[] {
  const secType = q.secType ?? 'STK';
  if (q.secId !== undefined) return bySecId.get(`${q.secIdType ?? 'ISIN'} ${q.secId}`) ?? [];
  if (q.localSymbol !== undefined) {
    const derived =
      OPTIONS.byLocalSymbol(q.localSymbol) ??
      futureByLocalSymbol(q.localSymbol, today || REFERENCE);
    const listed = byLocalSymbol.get(q.localSymbol) ?? [];
    return derived === undefined ? listed : [...listed, derived];
  }
  if (q.symbol === undefined) return [];
  if (secType === 'FUT') return futures(q, today);
  if (secType === 'OPT') return options(q, today);
  return bySymbol.get(`${secType} ${q.symbol.toUpperCase()}`) ?? [];
}
/** A code's decade when nobody says what day it is: seen from the catalogue's date. */
const REFERENCE = expiryDay('20260101');

/** Whether an asked value is the instrument's; an unset one is, and so is any where it has none. */
const agrees = (asked: string | undefined, own: string) =>
  asked === undefined || own === '' || asked === own;

function matches(i: Instrument, q: ContractQuery, today: Day): boolean {
  const isAlive = !isExpired(i, today) || (q.includeExpired === true && i.secType === 'FUT');
  return (
    isAlive &&
    agrees(q.secType, i.secType) &&
    agrees(q.symbol?.toUpperCase(), i.symbol) &&
    agrees(q.currency, i.currency) &&
    agrees(q.primaryExch, i.primaryExch) &&
    agrees(q.tradingClass, i.tradingClass) &&
    agrees(q.multiplier, i.multiplierText) &&
    (q.exchange === undefined || i.validExchanges.includes(q.exchange))
  );
}

function isExpired(i: Instrument, today: Day): boolean {
  return i.expiry !== undefined && i.secType !== 'BOND' && expiryDay(i.expiry) < today;
}

/**
 * All instruments a request can mean; empty when none, several when it is ambiguous. Without `at`
 * nothing counts as expired, and a derivative needs its expiry or a code.
 */
export function findInstruments(query: ContractQuery, at?: number): Instrument[] {
  const today = at === undefined ? NO_DAY : exchangeDay(at);
  if (query.conId !== undefined && query.conId !== 0) {
    const found = instrumentByConId(query.conId);
    if (found === undefined) return [];
    return isExpired(found, today) && query.includeExpired !== true ? [] : [found];
  }
  return candidates(query, today).filter((i) => matches(i, query, today));
}

/** Kinds of derivatives listed on an instrument, as symbol searches name them. */
export function derivativesOf(i: Instrument): string[] {
  const kinds: string[] = [];
  if (OPTIONS.classOf(i.conId) !== undefined) kinds.push('OPT');
  if (i.secType === 'IND' && hasFutures(i.symbol)) kinds.push('FUT');
  return kinds;
}

const SEARCHED = new Set(['STK', 'IND', 'CASH', 'CRYPTO']);
const MOST_FOUND = 16;

/** How well an instrument fits a search, 0 best; undefined when it does not. */
function rank(i: Instrument, wanted: string): number | undefined {
  if (!SEARCHED.has(i.secType)) return undefined;
  if (i.symbol === wanted || i.localSymbol === wanted) return 0;
  if (i.symbol.startsWith(wanted)) return 1;
  const name = i.longName.toUpperCase();
  if (name.startsWith(wanted)) return 2;
  if (name.split(' ').some((word) => word.startsWith(wanted))) return 3;
  return name.includes(wanted) ? 4 : undefined;
}

/** At most 16 instruments whose symbol or name fits, best fit first, the liquid before the thin. */
export function searchInstruments(pattern: string): Instrument[] {
  const wanted = pattern.trim().toUpperCase();
  if (wanted === '') return [];
  const found: { i: Instrument; fit: number }[] = [];
  for (const i of LISTED) {
    const fit = rank(i, wanted);
    if (fit !== undefined) found.push({ i, fit });
  }
  found.sort((a, b) => a.fit - b.fit || a.i.liquidity - b.i.liquidity);
  return found.slice(0, MOST_FOUND).map(({ i }) => i);
}

/** Everything that can be traded or looked at on a date: rows, listed futures, whole option chains. */
export function listedOn(at: number): Instrument[] {
  const today = exchangeDay(at);
  const days = OPTIONS.expiries(today);
  return [
    ...LISTED,
    ...listedFutures(today),
    ...OPTIONS.classes.flatMap((c) => OPTIONS.matching(c, { days })),
  ];
}
