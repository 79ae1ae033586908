// Market rules: price bands and the increment inside each, by IBKR's rule numbers where they are
// public, and the rounding that follows from them.
import type { Instrument } from './instrument.ts';
import type { Micros } from './money.ts';

/** From this price on, this increment; micros. */
export type PriceIncrement = { readonly lowEdge: Micros; readonly increment: Micros };

/** Increments by price in the European table for the most liquid shares (MiFID II, RTS 11). */
const EUROPEAN =
  '0:0.0001 1:0.0002 2:0.0005 5:0.001 10:0.002 20:0.005 50:0.01 100:0.02 200:0.05 500:0.1 ' +
  '1000:0.2 2000:0.5 5000:1 10000:2 20000:5';
const TOKYO = '0:0.1 1000:0.5 3000:1 10000:5 30000:10';
const HONG_KONG = '0:0.001 0.25:0.005 0.5:0.01 10:0.02 20:0.05 100:0.1 200:0.2 500:0.5 1000:1';
const SYDNEY = '0:0.001 0.1:0.005 2:0.01';
const TORONTO = '0:0.005 0.5:0.01';
/** Increments of stocks by primary exchange; US stocks have one cent. */
export const STOCK_INCREMENTS: Readonly<Record<string, string>> = {
  LSE: EUROPEAN,
  IBIS: EUROPEAN,
  SBF: EUROPEAN,
  EBS: EUROPEAN,
  TSE: TORONTO,
  TSEJ: TOKYO,
  SEHK: HONG_KONG,
  ASX: SYDNEY,
};

/** Rules whose IBKR numbers are public: number | `increment` or `lowEdge:increment …` in units. */
const KNOWN_ROWS = `
26|0.01
67|0.25
109|0:0.05 3:0.1
110|0:0.01 3:0.05
239|0.00005
557|${TORONTO}
`;
/** Rules with numbers of the simulation's own, from 9001 on in this order. */
const OWN_ROWS = [
  ...['1', '5', '0.1', '0.2', '0.001', '0.0001', '0.0005', '0.005', '0.015625', '0.03125'],
  ...['0.000001', '0.05', '0.00001', EUROPEAN, TOKYO, HONG_KONG, SYDNEY],
];

function parseBands(text: string): PriceIncrement[] {
  return text.split(' ').map((band) => {
    const [first = '', second] = band.split(':');
    const micros = (value: string) => Math.round(Number(value) * 1_000_000);
    return second === undefined
      ? { lowEdge: 0, increment: micros(first) }
      : { lowEdge: micros(first), increment: micros(second) };
  });
}

const rows: readonly (readonly [id: number, bands: string])[] = [
  ...KNOWN_ROWS.trim()
    .split('\n')
    .map((row): [number, string] => {
      const [id = '', bands = ''] = row.split('|');
      return [Number(id), bands];
    }),
  ...OWN_ROWS.map((bands, k): [number, string] => [9001 + k, bands]),
];
/** Market rules by id: bands in ascending order. */
export const MARKET_RULES: ReadonlyMap<number, readonly PriceIncrement[]> = new Map(
  rows.map(([id, bands]) => [id, parseBands(bands)]),
);
const idByBands = new Map(rows.map(([id, bands]) => [bands, id]));

/** Number of the rule with these bands. Throws when there is none: a catalogue bug. */
export function ruleFor(bands: string): number {
  const id = idByBands.get(bands);
  if (id === undefined) throw new Error(`no market rule '${bands}'`);
  return id;
}

const CENT: readonly PriceIncrement[] = [{ lowEdge: 0, increment: 10_000 }];

/** The price increment in force at a price; negative prices by their size. */
export function tickAt(i: Instrument, price: Micros): Micros {
  const bands = MARKET_RULES.get(i.marketRuleId) ?? CENT;
  const size = Math.abs(price);
  let tick = bands[0]?.increment ?? 10_000;
  for (const band of bands) if (size >= band.lowEdge) tick = band.increment;
  return tick;
}

/** The nearest price on the grid, at least `floor` (one tick when absent). */
export function roundToTick(i: Instrument, price: number, floor?: Micros): Micros {
  const tick = tickAt(i, price);
  return Math.max(floor ?? tick, Math.round(price / tick) * tick);
}
