// What a historical request may show of an instrument, one row each, and the bars that are not prices.
import { lookUp } from '../look-up.ts';
import type { BarSize } from './bar-sizes.ts';
import { historicalBars } from './bars.ts';
import type { Bar, BarRequest } from './bars.ts';
import { OPTIONS } from './contract-book.ts';
import type { Instrument, SecType } from './instrument.ts';
import type { TapeReader } from './tape-reader.ts';
import type { PriceKind } from './tape.ts';

/** Which price a bar is about; `volatility` when it is no price at all. */
export type Show = { readonly kind: PriceKind; readonly volatility?: 'historical' | 'implied' };
type Row = { show: Show; types: readonly SecType[]; daily?: boolean };

const QUOTED: readonly SecType[] = ['STK', 'OPT', 'FUT', 'CASH', 'CRYPTO', 'BOND'];
const ROWS: Readonly<Record<string, Row>> = {
  TRADES: { show: { kind: 'last' }, types: ['STK', 'OPT', 'FUT', 'CRYPTO', 'BOND', 'IND'] },
  AGGTRADES: { show: { kind: 'last' }, types: ['CRYPTO'] },
  ADJUSTED_LAST: { show: { kind: 'last' }, types: ['STK'] },
  MIDPOINT: { show: { kind: 'mid' }, types: QUOTED },
  BID: { show: { kind: 'bid' }, types: QUOTED },
  ASK: { show: { kind: 'ask' }, types: QUOTED },
  BID_ASK: { show: { kind: 'bid-ask' }, types: QUOTED },
  HISTORICAL_VOLATILITY: {
    show: { kind: 'last', volatility: 'historical' },
    types: ['STK', 'IND'],
    daily: true,
  },
  OPTION_IMPLIED_VOLATILITY: {
    show: { kind: 'last', volatility: 'implied' },
    types: ['STK', 'IND'],
    daily: true,
  },
};

/** What is shown, or the text of the historical data service's refusal (error 162). */
export function showFor(i: Instrument, what: string, size: BarSize): Show | string {
  const row = lookUp(ROWS, what);
  if (row === undefined || !row.types.includes(i.secType)) {
    return `No historical market data for ${i.symbol}/${i.secType}@${i.exchange} ${what}`;
  }
  if (row.daily === true && size.unit === 'intraday') {
    return `Historical data query for ${what} needs bars of a day or more`;
  }
  return row.show;
}

/** Bars of volatility: at each day the last thirty days' own, or what options imply. */
export function volatilityBars(
  tape: TapeReader,
  i: Instrument,
  r: BarRequest,
  which: 'historical' | 'implied',
): Bar[] {
  const at = (instant: number) =>
    which === 'historical'
      ? tape.volatility(i, instant)
      : (OPTIONS.classOf(i.conId)?.impliedVol ?? tape.volatility(i, instant) * 1.1);
  return historicalBars(tape, i, r).map((bar) => {
    const value = Math.round(at(bar.end - 1) * 1_000_000);
    return { ...bar, open: value, high: value, low: value, close: value, volume: 0, notional: 0 };
  });
}
