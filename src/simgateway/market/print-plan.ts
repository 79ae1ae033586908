// How much trades in a minute and how it is spread over the prints of that minute. The sizes of a
// minute's prints add up to its volume exactly, so bars and tape agree without visiting every print.
import { busyOf } from './busy-shape.ts';
import type { Instrument, LiquidityClass, Size } from './instrument.ts';
import { MINUTE_MS } from './new-york-time.ts';
import { hash } from './hash.ts';

/** Seconds between prints; every step meets the nodes of the path at 0, 15, 30 and 45 seconds. */
const STEP_SECONDS: Readonly<Record<LiquidityClass, number>> = { 1: 1, 2: 5, 3: 15, 4: 15 };
/** The unit in which an instrument trades on the tape, and units a day for liquidity 1 … 4. */
const PACE: Readonly<Record<Instrument['secType'], { unit: Size; daily: readonly number[] }>> = {
  STK: { unit: 1_000_000, daily: [40_000_000, 6_000_000, 900_000, 90_000] },
  OPT: { unit: 1_000_000, daily: [9_000, 2_000, 600, 100] },
  FUT: { unit: 1_000_000, daily: [1_300_000, 250_000, 40_000, 4_000] },
  CASH: { unit: 1_000_000_000, daily: [1_500_000, 500_000, 100_000, 20_000] },
  CRYPTO: { unit: 1_000, daily: [900_000, 300_000, 90_000, 20_000] },
  BOND: { unit: 1_000_000, daily: [90_000, 20_000, 6_000, 2_000] },
  IND: { unit: 0, daily: [0, 0, 0, 0] },
};
const DAY_MINUTES = 390;

/** Uneven shares, doubled so that any rotation is one stretch of running sums. */
function runningSums(count: number): Float64Array {
  const sums = new Float64Array(2 * count + 1);
  for (let k = 0; k < 2 * count; k += 1) {
    sums[k + 1] = (sums[k] ?? 0) + 20 + (hash(3, 5, k % count) % 80);
  }
  return sums;
}
const SUMS = new Map([4, 12, 60].map((count) => [count, runningSums(count)]));

/** The prints of one minute of one instrument. */
export type PrintPlan = {
  /** Seconds between prints. */
  readonly step: number;
  readonly count: number;
  /** Size of the first `prints` prints of the minute together. */
  sizeOfFirst(prints: number): Size;
};

/** The plan of a minute (UTC milliseconds of its start). */
export function printPlan(seed: number, i: Instrument, minuteStart: number): PrintPlan {
  const step = STEP_SECONDS[i.liquidity];
  const count = 60 / step;
  const pace = PACE[i.secType];
  const draw = hash(seed + 17, i.conId, minuteStart / MINUTE_MS);
  const busy = busyOf(i.calendar)(minuteStart);
  const daily = pace.daily[i.liquidity - 1] ?? 0;
  // Every print is at least one unit; what the minute trades beyond that is spread by the shares.
  const extra = Math.floor(((daily / DAY_MINUTES) * busy * busy * (50 + (draw % 100))) / 100);
  const sums = SUMS.get(count) ?? new Float64Array();
  const turn = (draw >>> 8) % count;
  const base = sums[turn] ?? 0;
  const total = sums[count] ?? 1;
  return {
    step,
    count,
    sizeOfFirst: (prints) =>
      pace.unit * (prints + Math.floor((extra * ((sums[turn + prints] ?? 0) - base)) / total)),
  };
}
