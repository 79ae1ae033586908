// Market rules: price bands and the increment inside each, by IBKR's rule numbers where they are
// public, and the rounding that follows from them.
import type { Instrument } from './instrument.ts';
import type { Micros } from './money.ts';

/** From this price on, this increment; micros. */
export type PriceIncrement = { readonly lowEdge: Micros; readonly increment: Micros };

/** `increment` or `lowEdge:increment …` with prices in units. */
const ROWS = `
26|0.01
32|0:0.0001 1:0.01
557|0:0.005 0.5:0.01
110|0:0.01 3:0.05
109|0:0.05 3:0.1
67|0.25
`;

function parseBands(text: string): PriceIncrement[] {
  return text.split(' ').map((band) => {
    const [first = '', second] = band.split(':');
    const micros = (value: string) => Math.round(Number(value) * 1_000_000);
    return second === undefined
      ? { lowEdge: 0, increment: micros(first) }
      : { lowEdge: micros(first), increment: micros(second) };
  });
}

/** Market rules by id: bands in ascending order. */
export const MARKET_RULES: ReadonlyMap<number, readonly PriceIncrement[]> = new Map(
  ROWS.trim()
    .split('\n')
    .map((row) => {
      const [id = '', bands = ''] = row.split('|');
      return [Number(id), parseBands(bands)];
    }),
);

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
