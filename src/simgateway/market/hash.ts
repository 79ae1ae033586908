// The hash that all of the market's chance comes from.

/** Whole-number hash of up to three integers, 0…2^32−1. */
export function hash(a: number, b: number, c: number): number {
  let h = (Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b | 0, 0xc2b2ae35)) >>> 0;
  h = Math.imul(h ^ (h >>> 15) ^ Math.imul(c | 0, 0x27d4eb2f), 0x165667b1) >>> 0;
  h = Math.imul(h ^ (h >>> 13), 0x2545f491) >>> 0;
  return (h ^ (h >>> 16)) >>> 0;
}
