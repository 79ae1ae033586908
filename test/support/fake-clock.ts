// A clock that stands still until a test moves it, and chance that is always one half.
import type { Clock } from '../../src/broker/ibkr/clock.ts';

export type FakeClock = Clock & { readonly advance: (ms: number) => void };

export function createFakeClock(): FakeClock {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly action: () => void }>();
  return {
    wallMs: () => 1_800_000_000_000 + now,
    monotonicMs: () => now,
    random: () => 0.5,
    after: (delayMs, action) => {
      const timer = { at: now + delayMs, action };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    advance: (ms) => {
      const end = now + ms;
      for (;;) {
        const due = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        const [next] = due;
        if (next === undefined) break;
        now = next.at;
        timers.delete(next);
        next.action();
      }
      now = end;
    },
  };
}
