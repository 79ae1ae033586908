import type { BrokerParts } from './broker-parts.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { AccountId } from '../../domain/ids.ts';
import { backoffMs } from './backoff.ts';
import { askEnded, askOpen } from './find-order.ts';
import type { Session } from './session.ts';

/**
 * What must be read before a session counts as ready, after every connection and after every return of the link
 * between TWS and IBKR: open orders on the order session (executions and completed orders are asked in the same
 * breath, so that fills of the time between come in), the first account's portfolio on the read session. It goes on
 * asking until that has come; an end marker that never comes is silence, not emptiness.
 */
export function catchUpAlways(parts: BrokerParts): void {
  const { write, read, book, timing } = parts;
  repeatUntilDone(parts, write, async (background) => {
    const { writing, channel } = parts;
    const { evidenceDeadlineMs } = timing;
    const open = askOpen(channel, evidenceDeadlineMs);
    for (const asked of askEnded(writing, channel, evidenceDeadlineMs)) background(asked);
    await Promise.all(open);
    background(book.refresh());
  });
  repeatUntilDone(parts, read, async () => {
    const [first] = read.accounts;
    if (first === undefined) return;
    await firstDownload(parts, first as AccountId);
  });
}

type Work = (background: (work: Promise<unknown>) => void) => Promise<void>;

function repeatUntilDone(parts: BrokerParts, session: Session, work: Work): void {
  const { clock, timing, onFault } = parts;
  let run = 0;
  const background = (asked: Promise<unknown>): void => {
    asked.catch((cause: unknown) => {
      // No answer is what a broker does; the next reader hears of it. Everything else is a fault.
      if (!(cause instanceof GatewayError)) onFault(cause);
    });
  };
  const attempt = async (mine: number, failures: number): Promise<void> => {
    const { epoch } = session;
    try {
      await work(background);
      if (mine === run) session.caughtUp(epoch);
    } catch (cause) {
      if (!(cause instanceof GatewayError)) onFault(cause);
      if (mine !== run || !session.isReady) return;
      clock.after(backoffMs(timing, failures, clock.random()), () => {
        if (mine === run && session.isReady) void attempt(mine, failures + 1);
      });
    }
  };
  const begin = (): void => {
    run += 1;
    void attempt(run, 1);
  };
  session.listen({ ready: begin, restored: begin });
}

/** Resolves when the account's first full download has ended, whether or not every value in it can be used. */
async function firstDownload(parts: BrokerParts, account: AccountId): Promise<void> {
  const ended = new Set<string>();
  const stop = parts.read.listen({
    accountDownloadEnd: (name) => {
      ended.add(name);
    },
  });
  try {
    await parts.accounts.portfolio(account);
  } catch (cause) {
    if (!(cause instanceof GatewayError) || !ended.has(account)) throw cause;
  } finally {
    stop();
  }
}
