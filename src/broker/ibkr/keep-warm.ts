import { GatewayError } from '../../domain/errors.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { BrokerParts } from './broker-parts.ts';
import { sweep } from './find-order.ts';

/** What is asked without anybody asking: missed order news after every (re)connection, and what facts are served from. */
export function keepWarm(parts: BrokerParts): () => void {
  const { timing, clock, write, read, book, onFault } = parts;
  const inBackground = (work: Promise<unknown>): void => {
    work.catch((cause: unknown) => {
      // No answer is what a broker does; the next reader hears of it. Everything else is a fault.
      if (!(cause instanceof GatewayError)) onFault(cause);
    });
  };
  const catchUp = (): void => {
    for (const work of sweep(parts.writing, parts.channel, timing.evidenceDeadlineMs)) {
      inBackground(work);
    }
    inBackground(book.refresh());
  };
  write.listen({ ready: catchUp, restored: catchUp });
  const warmAccount = (): void => {
    // The first one last: its subscription is the one that stays.
    for (const account of read.accounts.toReversed()) {
      inBackground(parts.accounts.portfolio(account as AccountId));
    }
  };
  read.listen({
    ready: warmAccount,
    restored: (dataLost) => {
      if (dataLost) warmAccount();
    },
  });
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
