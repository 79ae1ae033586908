import { GatewayError } from '../../domain/errors.ts';
import type { BrokerParts } from './broker-parts.ts';

/** What is asked without anybody asking: the snapshots of open orders that facts are served from. */
export function keepWarm(parts: BrokerParts): () => void {
  const { timing, clock, write, book, onFault } = parts;
  const inBackground = (work: Promise<unknown>): void => {
    work.catch((cause: unknown) => {
      // No answer is what a broker does; the next reader hears of it. Everything else is a fault.
      if (!(cause instanceof GatewayError)) onFault(cause);
    });
  };
  let stop = (): void => undefined;
  const tick = (): void => {
    if (write.isReady) inBackground(book.refresh());
    stop = clock.after(timing.bookEveryMs, tick);
  };
  stop = clock.after(timing.bookEveryMs, tick);
  return () => {
    stop();
  };
}
