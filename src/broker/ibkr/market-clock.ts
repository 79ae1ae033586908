import { instantFromEpochMs, type Instant } from '../../domain/time/instant.ts';
import { unavailable } from './ask.ts';
import type { Clock } from './clock.ts';
import type { Session } from './session.ts';

/**
 * IBKR's server time between its answers: kept as an offset against the monotonic clock and refreshed with every
 * liveness ping, so that our own wall clock never judges trading hours.
 */
export function createMarketClock(session: Session, clock: Clock): () => Instant {
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
  return () => {
    if (offsetMs === null) throw unavailable('TWS has not told the time yet');
    return instantFromEpochMs(Math.floor(offsetMs + clock.monotonicMs()));
  };
}
