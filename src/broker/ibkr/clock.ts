/**
 * Time and chance as the adapter sees them, so that tests can make back-off and deadlines small and
 * repeatable. `monotonicMs` never jumps; `wallMs` is what is written into events.
 */
export type Clock = {
  readonly wallMs: () => number;
  readonly monotonicMs: () => number;
  /** 0 inclusive to 1 exclusive. */
  readonly random: () => number;
  /** Runs `action` once after `delayMs`; the returned function cancels it. Does not keep the process alive. */
  readonly after: (delayMs: number, action: () => void) => () => void;
};

/** The machine's own clocks. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  random: () => Math.random(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
