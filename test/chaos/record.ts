/** What a kill came to: a line of the matrix that a run prints. */
export type Cell = {
  readonly point: string;
  readonly killed: string;
  readonly state: string;
  /** From the kill to the order's end. */
  readonly endedMs: number;
  /** From the kill to the process's return. */
  readonly backMs: number;
};

/** Collects the cells of a test file. */
export function startRecord(title: string): {
  readonly start: () => () => number;
  readonly add: (cell: Cell) => void;
  readonly print: () => void;
} {
  const cells: Cell[] = [];
  return {
    start() {
      const startedAt = performance.now();
      return () => Math.round(performance.now() - startedAt);
    },
    add(cell) {
      cells.push(cell);
    },
    print() {
      const lines = cells.map(
        ({ point, killed, state, endedMs, backMs }) =>
          `  ${point.padEnd(24)} ${killed.padEnd(12)} ${state.padEnd(12)} ` +
          `ended ${String(endedMs).padStart(6)} ms   back ${String(backMs).padStart(6)} ms`,
      );
      process.stdout.write(`\n${title}\n${lines.join('\n')}\n`);
    },
  };
}
