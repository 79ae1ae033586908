// The seeded randomness behind all prices: layered value noise. A path is a pure function of seed, id
// and time, with memory only for speed. Plain IEEE arithmetic, so every engine gets the same bits.
import { hash } from './hash.ts';

/** Milliseconds of a node: paths are defined at these instants and straight in between. */
export const NODE_MS = 15_000;

type LayerRow = readonly [period: number, amplitudePpm: number];
/** Swing at every node, in parts per million; like the quick layers it grows when the market is busy. */
const TIP_PPM = 60;
/** Layers of a minute to half an hour by their period in nodes: all multiples of the first. */
const QUICK: readonly LayerRow[] = [
  [4, 140],
  [20, 320],
  [120, 900],
];
/** Layers of three hours to half a year: all multiples of the first. */
const SLOW: readonly LayerRow[] = [
  [720, 2200],
  [5760, 6500],
  [28_800, 13_000],
  [172_800, 32_000],
  [1_036_800, 75_000],
];

/** −1 … 1 from three integers. */
const signedUnit = (a: number, b: number, c: number): number => hash(a, b, c) / 0x7fff_ffff - 1;

/**
 * Layers that are straight between multiples of the shortest period, and so is their sum: two sums a
 * block are all that is computed.
 */
class Layers {
  private readonly rows: readonly { period: number; amplitude: number; key: number }[];
  private readonly id: number;
  private readonly block: number;
  private at = Number.NaN;
  private from = 0;
  private to = 0;

  constructor(seed: number, id: number, rows: readonly LayerRow[], scale: number) {
    this.id = id;
    this.block = rows[0]?.[0] ?? 1;
    this.rows = rows.map(([period, ppm]) => ({
      period,
      amplitude: ppm * scale,
      key: seed + 101 * period,
    }));
  }

  value(node: number): number {
    const at = Math.floor(node / this.block);
    if (at !== this.at) {
      this.from = at === this.at + 1 ? this.to : this.sum(at * this.block);
      this.to = this.sum((at + 1) * this.block);
      this.at = at;
    }
    return this.from + ((this.to - this.from) * (node - at * this.block)) / this.block;
  }

  private sum(node: number): number {
    let sum = 0;
    for (const { period, amplitude, key } of this.rows) {
      const step = Math.floor(node / period);
      const a = signedUnit(key, this.id, step);
      const part = (node - step * period) / period;
      sum += amplitude * (part === 0 ? a : a + (signedUnit(key, this.id, step + 1) - a) * part);
    }
    return sum;
  }
}

/** One path of relative moves, in parts per million of its long-run level. */
export class NoisePath {
  private readonly key: number;
  private readonly id: number;
  private readonly tip: number;
  private readonly quick: Layers;
  private readonly slow: Layers;

  /** `scale` multiplies every swing; 1 is a large stock. */
  constructor(seed: number, id: number, scale: number) {
    this.key = seed + 101;
    this.id = id;
    this.tip = TIP_PPM * scale;
    this.quick = new Layers(seed, id, QUICK, scale);
    this.slow = new Layers(seed, id, SLOW, scale);
  }

  /** The move at a node; `busy` scales the quick layers (1 is an average minute). */
  at(node: number, busy: number): number {
    const tip = signedUnit(this.key, this.id, node) * this.tip;
    return this.slow.value(node) + (this.quick.value(node) + tip) * busy;
  }
}
