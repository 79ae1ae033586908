// The seeded randomness behind all prices: layered value noise. A path is a pure function of seed, id
// and time, with memory only for speed. Plain IEEE arithmetic, so every engine gets the same bits.
import { hash } from './price-path.ts';

/** Milliseconds of a node: paths are defined at these instants and straight in between. */
export const NODE_MS = 15_000;

/** Swing of each layer in parts per million, by its period in nodes (15 s … about half a year). */
const LAYERS: readonly (readonly [period: number, amplitudePpm: number])[] = [
  [1, 60],
  [4, 140],
  [20, 320],
  [120, 900],
  [720, 2200],
  [5760, 6500],
  [28_800, 13_000],
  [172_800, 32_000],
  [1_036_800, 75_000],
];
/** Layers up to this period swing more when the market is busy. */
const BUSY_PERIOD = 120;

/** −1 … 1 from three integers. */
export const signedUnit = (a: number, b: number, c: number): number =>
  hash(a, b, c) / 0x7fff_ffff - 1;

type Layer = {
  period: number;
  amplitude: number;
  salt: number;
  step: number;
  a: number;
  b: number;
};

/** One path of relative moves, in parts per million of its long-run level. */
export class NoisePath {
  private readonly seed: number;
  private readonly id: number;
  private readonly layers: Layer[];

  /** `scale` multiplies every swing; 1 is a large stock. */
  constructor(seed: number, id: number, scale: number) {
    this.seed = seed;
    this.id = id;
    this.layers = LAYERS.map(([period, ppm], i) => ({
      period,
      amplitude: ppm * scale,
      salt: 101 * (i + 1),
      step: -1,
      a: 0,
      b: 0,
    }));
  }

  /** The move at a node; `busy` scales the quick layers (1 is an average minute). */
  at(node: number, busy: number): number {
    let sum = 0;
    for (const layer of this.layers) {
      const step = Math.floor(node / layer.period);
      if (step !== layer.step) this.load(layer, step);
      const value = layer.a + ((layer.b - layer.a) * (node - step * layer.period)) / layer.period;
      sum += layer.period <= BUSY_PERIOD ? value * busy : value;
    }
    return sum;
  }

  private load(layer: Layer, step: number): void {
    const key = this.seed + layer.salt;
    const swing = (at: number) => signedUnit(key, this.id, at) * layer.amplitude;
    layer.a = step === layer.step + 1 && layer.step >= 0 ? layer.b : swing(step);
    layer.b = swing(step + 1);
    layer.step = step;
  }
}
