/** Times of one thing, in milliseconds. */
export type Sample = number[];

export type Summary = { readonly count: number; readonly p50: number; readonly p99: number };

/** Nearest rank: the p99 of fewer than a hundred values is their largest. */
export function percentile(sample: Sample, share: number): number {
  const sorted = sample.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Count, median and p99, to a tenth of a millisecond. */
export function summarise(sample: Sample): Summary {
  const tenth = (value: number): number => Math.round(value * 10) / 10;
  return {
    count: sample.length,
    p50: tenth(percentile(sample, 0.5)),
    p99: tenth(percentile(sample, 0.99)),
  };
}

/** Runs `work` and adds what it took. */
export async function timed<T>(sample: Sample, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  sample.push(performance.now() - startedAt);
  return result;
}
