// Contract ids of the simulation's own, for contracts whose real id is not public. All of them lie
// above every id that Interactive Brokers had given out by 2026, so none can name a real contract:
//   1,000,000,000 …           futures: 4096 months a root
//   1,020,000,000 … 59,999,999 everything else, from a hash of its text
//   1,073,741,824 … (bit 30)   options: underlying, expiry, strike and right, packed
import { dayFrom } from './civil-days.ts';
import type { Day } from './new-york-time.ts';

const FUTURES = 1_000_000_000;
const MONTHS = 4096;
const HASHED = 1_020_000_000;
const HASHED_COUNT = 40_000_000;
const OPTIONS = 0x4000_0000;
/** First day an option's id can hold. */
const FIRST_DAY = dayFrom(2020, 1, 1);

/** Id of a contract that only its text identifies; FNV-1a. */
export function hashedConId(text: string): number {
  let h = 0x811c9dc5;
  for (let k = 0; k < text.length; k += 1) {
    h = Math.imul(h ^ text.charCodeAt(k), 0x0100_0193) >>> 0;
  }
  return HASHED + (h % HASHED_COUNT);
}

/** Id of a future; `month` counts from January 2000. */
export const futureConId = (root: number, month: number): number => FUTURES + root * MONTHS + month;

/** What a future's id says; undefined when it is none. */
export function futureParts(conId: number): { root: number; month: number } | undefined {
  if (conId < FUTURES || conId >= HASHED) return undefined;
  const at = conId - FUTURES;
  return { root: Math.floor(at / MONTHS), month: at % MONTHS };
}

/** The parts of an option's id: number of the underlying, expiry, strike in steps, right. */
export type OptionParts = { under: number; day: Day; strike: number; right: 'C' | 'P' };

/** Id of an option. Under 16 underlyings, 16384 days, 2048 strikes. */
export const optionConId = (p: OptionParts): number =>
  OPTIONS +
  p.under * 0x400_0000 +
  (p.day - FIRST_DAY) * 0x1000 +
  p.strike * 2 +
  (p.right === 'P' ? 1 : 0);

/** What an option's id says; undefined when it is none. */
export function optionParts(conId: number): OptionParts | undefined {
  if (conId < OPTIONS || conId >= 2 * OPTIONS) return undefined;
  const at = conId - OPTIONS;
  return {
    under: Math.floor(at / 0x400_0000),
    day: FIRST_DAY + (Math.floor(at / 0x1000) % 0x4000),
    strike: Math.floor(at / 2) % 0x800,
    right: at % 2 === 1 ? 'P' : 'C',
  };
}
