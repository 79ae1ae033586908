import { GatewayError } from '../../domain/errors.ts';
import type { BrokerParts } from './broker-parts.ts';
import { askEnded } from './find-order.ts';
import { keepFactsWarm } from './keep-facts-warm.ts';

/**
 * What is asked without anybody asking: the snapshots of open orders that facts are served from, and now and then what
 * has ended. Silence is let go: the next reader hears of it.
 */
export function keepWarm(parts: BrokerParts): () => void {
  const { timing, clock, write, book, onFault } = parts;
  const inBackground = (work: Promise<unknown>): void => {
    work.catch((cause: unknown) => {
      // No answer is what a broker does; the next reader hears of it. Everything else is a fault.
      if (!(cause instanceof GatewayError)) onFault(cause);
    });
  };
  // How an order of another client ended is pushed to nobody: completed orders and executions tell.
  let stopLooking = (): void => undefined;
  const look = (): void => {
    const { evidenceDeadlineMs } = timing;
    if (write.isReady) {
      for (const asked of askEnded(parts.writing, parts.channel, evidenceDeadlineMs)) {
        inBackground(asked);
      }
    }
    stopLooking = clock.after(timing.endedEveryMs, look);
  };
  stopLooking = clock.after(timing.endedEveryMs, look);
  let stop = (): void => undefined;
  const tick = (): void => {
    if (write.isReady) inBackground(book.refresh());
    stop = clock.after(timing.bookEveryMs, tick);
  };
  stop = clock.after(timing.bookEveryMs, tick);
  const stopWarming = keepFactsWarm(parts, inBackground);
  return () => {
    stop();
    stopLooking();
    stopWarming();
  };
}
