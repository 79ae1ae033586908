const firstMs = 500;
const longestMs = 30_000;

/** A process that ran this long before it ended starts again from the shortest delay. */
export const steadyAfterMs = 60_000;

/** The pause before restart number `failures` (1 for the first) in a row: doubling, at most 30 s. */
export function restartDelayMs(failures: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.max(0, failures - 1));
}
