// Futures, made from their roots: which contracts are listed on a day, and any one by its id.
import { dayFrom, yearOf } from './civil-days.ts';
import { futureConId, futureParts } from './contract-ids.ts';
import { FUTURE_EXPIRY_RULES } from './expiries.ts';
import { parseMoves } from './factors.ts';
import type { Instrument, LiquidityClass } from './instrument.ts';
import { ruleFor } from './market-rules.ts';
import { DAY_MS, formatDay } from './new-york-time.ts';
import type { Day } from './new-york-time.ts';
import { FUTURE_ROWS } from './rows/futures.ts';

/** Letters of the months in contract codes. */
const MONTH_CODES = 'FGHJKMNQUVXZ';

type Root = {
  index: number;
  months: string;
  listed: number;
  expiry: (year: number, month: number) => Day;
  carryPpm: number;
  template: Omit<Instrument, 'conId' | 'localSymbol' | 'expiry' | 'contractMonth'>;
};

function parseRoot(row: string, index: number): Root {
  const f = row.split('|');
  const [symbol = '', tradingClass = '', exchange = '', currency = '', spot = '', multiplier = ''] =
    f;
  const [magnifier, tick, months, listed, rule, carry, liquidity, calendar, moves, name] =
    f.slice(6);
  const expiry = FUTURE_EXPIRY_RULES[rule ?? ''];
  if (expiry === undefined) throw new Error(`no expiry rule '${rule ?? ''}' (${symbol})`);
  return {
    index,
    months: months ?? '',
    listed: Number(listed),
    expiry,
    carryPpm: Number(carry),
    template: {
      symbol,
      secType: 'FUT',
      stockType: '',
      tradingClass,
      exchange,
      primaryExch: '',
      validExchanges: [exchange],
      calendar: calendar ?? '',
      currency,
      multiplier: Number(multiplier) / Number(magnifier),
      multiplierText: multiplier,
      priceMagnifier: Number(magnifier),
      underSecType: 'IND',
      marketRuleId: ruleFor(tick ?? ''),
      minSize: 1_000_000,
      sizeIncrement: 1_000_000,
      basePrice: Math.round(Number(spot) * 1_000_000),
      liquidity: Number(liquidity) as LiquidityClass,
      moves: parseMoves(moves ?? ''),
      longName: name ?? '',
      industry: '',
      category: '',
      subcategory: '',
      secIds: [],
    },
  };
}

const roots: readonly Root[] = FUTURE_ROWS.trim().split('\n').map(parseRoot);
const bySymbol = new Map<string, Root[]>();
const byClass = new Map(roots.map((r) => [r.template.tradingClass, r]));
for (const root of roots) {
  const { symbol } = root.template;
  bySymbol.set(symbol, [...(bySymbol.get(symbol) ?? []), root]);
}

const made = new Map<number, Instrument>();

function futureOf(root: Root, month: number): Instrument | undefined {
  const conId = futureConId(root.index, month);
  const known = made.get(conId);
  if (known !== undefined) return known;
  const [year, m] = [2000 + Math.floor(month / 12), month % 12];
  const code = MONTH_CODES[m] ?? '';
  if (!root.months.includes(code) || year > 2060) return undefined;
  const day = root.expiry(year, m + 1);
  const i: Instrument = {
    ...root.template,
    conId,
    localSymbol: `${root.template.tradingClass}${code}${year % 10}`,
    expiry: formatDay(day),
    contractMonth: `${year}${String(m + 1).padStart(2, '0')}`,
  };
  made.set(conId, i);
  return i;
}

/** The future with this id; undefined when there is none. */
export function futureByConId(conId: number): Instrument | undefined {
  const parts = futureParts(conId);
  const root = parts === undefined ? undefined : roots[parts.root];
  return root === undefined || parts === undefined ? undefined : futureOf(root, parts.month);
}

/** Cost of carry of a future in millionths a year. */
export const carryOf = (i: Instrument): number => byClass.get(i.tradingClass)?.carryPpm ?? 0;

function listedOf(root: Root, today: Day): Instrument[] {
  const found: Instrument[] = [];
  const start = (yearOf(today) - 2000) * 12 + new Date(today * DAY_MS).getUTCMonth();
  const text = formatDay(today);
  for (let month = start; found.length < root.listed; month += 1) {
    const i = futureOf(root, month);
    if (i?.expiry !== undefined && i.expiry >= text) found.push(i);
  }
  return found;
}

/** Listed contracts of a symbol (ES) or of every root, nearest first. */
export function listedFutures(today: Day, symbol?: string): Instrument[] {
  const wanted = symbol === undefined ? roots : (bySymbol.get(symbol) ?? []);
  return wanted.flatMap((root) => listedOf(root, today));
}

/** Contracts of a symbol in a contract month (`yyyymm`) or of a last trading day (`yyyymmdd`). */
export function futuresOf(symbol: string, date: string): Instrument[] {
  const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(4, 6))];
  const at = (year - 2000) * 12 + month - 1;
  const found: Instrument[] = [];
  for (const root of bySymbol.get(symbol) ?? []) {
    // A last trading day can lie in the month before the contract's own.
    for (const m of date.length === 6 ? [at] : [at, at + 1]) {
      const i = futureOf(root, m);
      if (i !== undefined && (date.length === 6 || i.expiry === date)) found.push(i);
    }
  }
  return found;
}

/** The future a code such as `ESZ6` means, as seen from a day: the nearest decade that is not past. */
export function futureByLocalSymbol(text: string, today: Day): Instrument | undefined {
  const match = /^(\w+)([FGHJKMNQUVXZ])(\d)$/.exec(text);
  const root = byClass.get(match?.[1] ?? '');
  if (match === null || root === undefined) return undefined;
  const thisYear = yearOf(today);
  const digit = Number(match[3]);
  const first = thisYear - 2;
  const year = first + ((((digit - first) % 10) + 10) % 10);
  return futureOf(root, (year - 2000) * 12 + MONTH_CODES.indexOf(match[2] ?? ''));
}

/** Whether anything is listed under a symbol. */
export const hasFutures = (symbol: string): boolean => bySymbol.has(symbol);

/** Day of an expiry text. */
export const expiryDay = (text: string): Day =>
  dayFrom(Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6, 8)));
