import type { Clock } from './clock.ts';

/**
 * Our own pacing. IBKR accepts about 50 messages a second over all requests of a login (reference note 3.6); the
 * bucket gives out `perSecond` of them. Reads wait their turn and always leave `reserve` tokens for writes; a write
 * never waits: it takes its token even into debt, which the reads then pay back.
 */
export type TokenBucket = {
  /** For a write: returns at once. */
  readonly force: () => void;
  /** For a read: resolves when it may go, in order of asking. */
  readonly wait: () => Promise<void>;
};

export function createTokenBucket(clock: Clock, perSecond = 40, reserve = 10): TokenBucket {
  let tokens = perSecond;
  let filledAt = clock.monotonicMs();
  const waiting: (() => void)[] = [];
  let timerIsSet = false;

  const refill = (): void => {
    const now = clock.monotonicMs();
    tokens = Math.min(perSecond, tokens + ((now - filledAt) * perSecond) / 1000);
    filledAt = now;
  };
  const pump = (): void => {
    timerIsSet = false;
    refill();
    while (waiting.length > 0 && tokens - 1 >= reserve) {
      tokens -= 1;
      waiting.shift()?.();
    }
    if (waiting.length > 0) arm();
  };
  const arm = (): void => {
    if (timerIsSet) return;
    timerIsSet = true;
    const missing = reserve + 1 - tokens;
    clock.after(Math.max(5, (missing * 1000) / perSecond), pump);
  };
  return {
    force: () => {
      refill();
      tokens -= 1;
    },
    wait: () => {
      refill();
      if (waiting.length === 0 && tokens - 1 >= reserve) {
        tokens -= 1;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        waiting.push(resolve);
        arm();
      });
    },
  };
}
