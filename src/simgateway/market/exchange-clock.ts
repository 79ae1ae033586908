// The simulated time of the exchange: it runs at real speed from wherever it was set, or stands still.

/** The clock of one gateway. */
export type ExchangeClock = {
  /** UTC milliseconds of the simulated now. */
  now(): number;
  isRunning(): boolean;
  /** Jumps to an instant and/or starts or stops the clock. */
  set(change: { instant?: number; running?: boolean }): void;
  /** Moves forward (or back) by milliseconds. */
  advance(byMs: number): void;
};

/** Starts at `start` (UTC milliseconds; the machine's own time when undefined), running. */
export function createExchangeClock(start?: number): ExchangeClock {
  let anchor = start ?? Date.now();
  let anchoredAt = Date.now();
  let running = true;
  const now = () => (running ? anchor + (Date.now() - anchoredAt) : anchor);
  const moveTo = (instant: number) => {
    anchor = instant;
    anchoredAt = Date.now();
  };
  return {
    now,
    isRunning: () => running,
    set: (change) => {
      moveTo(change.instant ?? now());
      running = change.running ?? running;
    },
    advance: (byMs) => {
      moveTo(now() + byMs);
    },
  };
}
