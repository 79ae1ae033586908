// The generic ticks a client may ask for by number, one row each: what it adds to a line.
import { OPTIONS } from '../market/contract-book.ts';
import type { Instrument, SecType } from '../market/instrument.ts';
import { roundToTick } from '../market/market-rules.ts';
import type { SimMarket } from '../market/sim-market.ts';
import { figure, priceText, sizeText } from './market-line.ts';

/** One tick of a line, as it goes on the wire. */
export type Tick = { kind: 'price' | 'size' | 'generic' | 'string'; type: number; value: string };
type Row = {
  id: number;
  types: readonly SecType[];
  ticks: (m: SimMarket, i: Instrument) => Tick[];
};

const EVERY: readonly SecType[] = ['STK', 'OPT', 'FUT', 'CASH', 'CRYPTO', 'BOND', 'IND'];
const SHARE = 1_000_000;

/** Option contracts on an underlying so far today, or held open: calls and puts. */
function contracts(m: SimMarket, i: Instrument, per: number): { calls: number; puts: number } {
  if (OPTIONS.classOf(i.conId) === undefined) return { calls: 0, puts: 0 };
  const whole = Math.floor(m.statistics(i).volume / SHARE / per);
  return { calls: whole, puts: Math.floor(whole * 0.8) };
}

/** Volatility of an underlying's options at the money, or an estimate where it has none. */
const underlyingVol = (i: Instrument): number => OPTIONS.classOf(i.conId)?.impliedVol ?? 0.3;

function rtVolume(m: SimMarket, i: Instrument): string {
  const { last, lastSize } = m.top(i);
  const { volume, open, high, low } = m.statistics(i);
  const wap = roundToTick(i, (open + high + low + (last ?? open)) / 4);
  const at = m.tape.lastPrintAt(i, m.marketInstant(i));
  const parts = [priceText(last ?? open), sizeText(lastSize), String(at), sizeText(volume)];
  return [...parts, priceText(wap), 'true'].join(';');
}

/** 3 easy to borrow, 2 to be located, 1 not at all: the values clients compare with 2.5 and 1.5. */
function shortability(m: SimMarket, i: Instrument): Tick[] {
  const shares = m.shortable(i);
  if (shares === undefined) return [];
  const value = shares === 0 ? '1.0' : shares < SHARE * 100_000 ? '2.0' : '3.0';
  return [
    { kind: 'generic', type: 46, value },
    { kind: 'size', type: 89, value: sizeText(shares) },
  ];
}

/** Lowest and highest of the last 13, 26 and 52 weeks, and the average daily volume. */
function statistics(m: SimMarket, i: Instrument): Tick[] {
  const days = m.tape.lastDays(i, m.marketInstant(i), 252);
  const found: Tick[] = [];
  const spans = [
    [63, 15],
    [126, 17],
    [252, 19],
  ] as const;
  for (const [count, type] of spans) {
    const part = days.slice(-count);
    const low = Math.min(...part.map((d) => d.low));
    const high = Math.max(...part.map((d) => d.high));
    found.push({ kind: 'price', type, value: priceText(low) });
    found.push({ kind: 'price', type: type + 1, value: priceText(high) });
  }
  const quarter = days.slice(-63);
  const average = quarter.reduce((sum, d) => sum + d.volume / quarter.length, 0);
  found.push({ kind: 'size', type: 21, value: String(Math.round(average / SHARE)) });
  return found;
}

function countPair(
  types: readonly [number, number],
  { calls, puts }: { calls: number; puts: number },
) {
  return [
    { kind: 'size' as const, type: types[0], value: String(calls) },
    { kind: 'size' as const, type: types[1], value: String(puts) },
  ];
}

const ROWS: readonly Row[] = [
  { id: 100, types: ['STK', 'IND'], ticks: (m, i) => countPair([29, 30], contracts(m, i, 400)) },
  { id: 101, types: ['STK', 'IND'], ticks: (m, i) => countPair([27, 28], contracts(m, i, 25)) },
  {
    id: 104,
    types: ['STK', 'IND'],
    ticks: (m, i) => [
      { kind: 'generic', type: 23, value: figure(m.tape.volatility(i, m.marketInstant(i))) },
    ],
  },
  {
    id: 106,
    types: ['STK', 'IND'],
    ticks: (_, i) => [{ kind: 'generic', type: 24, value: figure(underlyingVol(i)) }],
  },
  { id: 165, types: ['STK', 'FUT', 'IND'], ticks: statistics },
  {
    id: 221,
    types: EVERY,
    ticks: (m, i) => {
      const { bid, ask, last } = m.top(i);
      const middle =
        bid !== undefined && ask !== undefined ? (bid + ask) / 2 : (last ?? i.basePrice);
      return [{ kind: 'price', type: 37, value: priceText(Math.round(middle)) }];
    },
  },
  { id: 225, types: ['STK'], ticks: () => [] },
  {
    id: 232,
    types: EVERY,
    ticks: (m, i) => [{ kind: 'price', type: 37, value: priceText(m.top(i).last ?? i.basePrice) }],
  },
  {
    id: 233,
    types: ['STK', 'OPT', 'FUT', 'CRYPTO'],
    ticks: (m, i) => [{ kind: 'string', type: 48, value: rtVolume(m, i) }],
  },
  { id: 236, types: ['STK'], ticks: shortability },
  { id: 258, types: ['STK'], ticks: () => [] },
  { id: 292, types: ['STK'], ticks: () => [] },
  {
    id: 375,
    types: ['STK', 'OPT', 'FUT', 'CRYPTO'],
    ticks: (m, i) => [{ kind: 'string', type: 77, value: rtVolume(m, i) }],
  },
  { id: 411, types: ['STK', 'IND'], ticks: () => [] },
  { id: 456, types: ['STK'], ticks: () => [] },
  {
    id: 588,
    types: ['FUT'],
    ticks: (m, i) => [
      { kind: 'size', type: 86, value: String(Math.floor(m.statistics(i).volume / SHARE) * 2) },
    ],
  },
];
const byId = new Map(ROWS.map((row) => [row.id, row]));

/** Where a list holds it, prices, sizes and volume are not sent: only the generic ticks are wanted. */
export const BASIC_OFF = 'mdoff';

/** The words of a list of generic ticks. */
export const genericWords = (list: string): readonly string[] =>
  list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

/** The generic ticks of a request, or the text of its refusal (error 321). */
export function genericTicks(list: string, i: Instrument): ReadonlySet<number> | string {
  const wanted = genericWords(list).filter((word) => word !== BASIC_OFF);
  const idOf = (word: string) => Number(word.split(':')[0]);
  const legal = ROWS.filter((row) => row.types.includes(i.secType)).map((row) => row.id);
  const illegal = wanted.filter((word) => !legal.includes(idOf(word)));
  if (illegal.length === 0) return new Set(wanted.map(idOf));
  const names = legal.join(',');
  return `Incorrect generic tick list of ${illegal.join(',')}.  Legal ones for (${i.secType}) are: ${names}`;
}

/** What a generic tick shows now. */
export const ticksOf = (id: number, m: SimMarket, i: Instrument): Tick[] =>
  byId.get(id)?.ticks(m, i) ?? [];
