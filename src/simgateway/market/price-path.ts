// A deterministic price path: for a seed, an instrument and an instant the price is always the same,
// in whole ticks. Three layers of smoothed noise give a slow, a medium and a quick swing.
import { DAY_MS, HOUR_MS, MINUTE_MS } from './new-york-time.ts';

/** Whole-number hash of up to three integers, 0…2^32−1. */
export function hash(a: number, b: number, c: number): number {
  let h = (Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b | 0, 0xc2b2ae35)) >>> 0;
  h = Math.imul(h ^ (h >>> 15) ^ Math.imul(c | 0, 0x27d4eb2f), 0x165667b1) >>> 0;
  h = Math.imul(h ^ (h >>> 13), 0x2545f491) >>> 0;
  return (h ^ (h >>> 16)) >>> 0;
}

const LAYERS = [
  { periodMs: 5 * DAY_MS, amplitudePpm: 30_000 },
  { periodMs: HOUR_MS, amplitudePpm: 4_000 },
  { periodMs: 2 * MINUTE_MS, amplitudePpm: 400 },
];
const STEP_MS = 1000;

/** −1000…1000, moving in a straight line between hashed points one period apart. */
function noise(seed: number, conId: number, layer: number, instant: number, period: number) {
  const step = Math.floor(instant / period);
  const from = (hash(seed + layer, conId, step) % 2001) - 1000;
  const to = (hash(seed + layer, conId, step + 1) % 2001) - 1000;
  const part = instant - step * period;
  return (
    from + Math.trunc(((to - from) * Math.trunc(part / STEP_MS)) / Math.trunc(period / STEP_MS))
  );
}

/** Mid price in ticks; changes at most once a second. `baseTicks` is the long-run level. */
export function midTicks(seed: number, conId: number, baseTicks: number, instant: number): number {
  let ppm = 0;
  LAYERS.forEach((layer, i) => {
    const swing = noise(seed, conId, i, instant, layer.periodMs);
    ppm += Math.trunc((swing * layer.amplitudePpm) / 1000);
  });
  return Math.max(2, baseTicks + Math.trunc((baseTicks * ppm) / 1_000_000));
}
