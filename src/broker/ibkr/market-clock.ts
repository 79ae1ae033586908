import { instantFromEpochMs, type Instant } from '../../domain/time/instant.ts';
import { ask, type Asking } from './ask.ts';

/**
 * IBKR's server time between its answers: kept as an offset against the monotonic clock and refreshed with every
 * liveness ping, so that our own wall clock never judges trading hours. Asks once where no answer has come yet.
 */
export function createMarketClock(asking: Asking, deadlineMs: number): () => Promise<Instant> {
  const { session, clock } = asking;
  let offsetMs: number | null = null;
  session.listen({
    currentTime: (epochSeconds) => {
      // Whole seconds, cut off: the largest offset seen is the nearest, until the server's clock is set anew.
      const seen = epochSeconds * 1000 - clock.monotonicMs();
      const isNear = offsetMs !== null && Math.abs(seen - offsetMs) <= 1_500;
      offsetMs = isNear && offsetMs !== null ? Math.max(offsetMs, seen) : seen;
    },
    lost: () => {
      offsetMs = null;
    },
  });
  const askOnce = (): Promise<number> =>
    ask<number>(asking, {
      what: 'server time',
      deadlineMs,
      send: (api) => api.reqCurrentTime(),
      listen: (reply) => ({
        currentTime: (epochSeconds) => {
          reply.resolve(epochSeconds * 1000 - clock.monotonicMs());
        },
      }),
    });
  return async () => {
    const offset = offsetMs ?? (await askOnce());
    return instantFromEpochMs(Math.floor(offset + clock.monotonicMs()));
  };
}
