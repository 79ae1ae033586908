import type { IBApi } from '@stoqey/ib';
import { GatewayError } from '../../domain/errors.ts';
import type { Clock } from './clock.ts';
import { meaningOf, treatmentOf } from './error-table.ts';
import type { Session } from './session.ts';
import type { Lane, TokenBucket } from './token-bucket.ts';
import type { IbListeners } from './wire-events.ts';

/** What asking needs: a session, its pacing and the clock of its deadlines. */
export type Asking = {
  readonly session: Session;
  readonly bucket: TokenBucket;
  readonly clock: Clock;
};

export type Reply<T> = {
  readonly resolve: (value: T) => void;
  readonly reject: (error: GatewayError) => void;
};

export type Question<T> = {
  /** For our own error text, e.g. `contract details`. */
  readonly what: string;
  readonly deadlineMs: number;
  readonly send: (api: IBApi, id: number) => void;
  /** Listeners for this question's answer; they see all traffic and pick by `id`. */
  readonly listen: (reply: Reply<T>, id: number) => IbListeners;
  /** Answers that IBKR gives as an error; return true when handled. */
  readonly onError?: (code: number, reply: Reply<T>) => boolean;
  /** Called at the deadline: may still settle with a partial answer. */
  readonly onDeadline?: (reply: Reply<T>) => void;
  /** What finds out about an order in doubt goes with the orders; everything else is a read. */
  readonly lane?: Lane;
  /** Instead of a request id, e.g. an order id for a what-if. */
  readonly id?: number;
};

/**
 * Asks TWS one thing. Always settles: with the answer, `BROKER_NO_ANSWER` at the deadline, or `BROKER_UNAVAILABLE`
 * when the session is lost or the broker refuses. Each question has its own listeners and id, so two never mix.
 */
export async function ask<T>(asking: Asking, question: Question<T>): Promise<T> {
  const { session, bucket, clock } = asking;
  const { what, deadlineMs } = question;
  requireReady(session);
  const startedMs = clock.monotonicMs();
  const isOurTurn = await bucket.wait(question.lane ?? 'read', deadlineMs);
  requireReady(session);
  const leftMs = deadlineMs - (clock.monotonicMs() - startedMs);
  if (!isOurTurn || leftMs <= 0) throw noAnswer(what, deadlineMs);
  const id = question.id ?? session.takeRequestId();
  return await new Promise<T>((resolve, reject) => {
    let stop = (): void => undefined;
    let cancelTimer = (): void => undefined;
    const reply: Reply<T> = {
      resolve: (value) => {
        cancelTimer();
        stop();
        resolve(value);
      },
      reject: (error) => {
        cancelTimer();
        stop();
        reject(error);
      },
    };
    const stopAnswers = session.listen(question.listen(reply, id));
    const stopFailures = session.listen(failures(question, reply, id));
    stop = () => {
      stopAnswers();
      stopFailures();
    };
    cancelTimer = clock.after(leftMs, () => {
      question.onDeadline?.(reply);
      reply.reject(noAnswer(what, deadlineMs));
    });
    try {
      session.request((api) => {
        question.send(api, id);
      });
    } catch {
      reply.reject(unavailable(`the question for ${what} could not be sent`));
    }
  });
}

function failures<T>(question: Question<T>, reply: Reply<T>, id: number): IbListeners {
  return {
    lost: () => {
      reply.reject(unavailable(`the session with TWS ended before ${question.what} came`));
    },
    error: (_error, code, errorId) => {
      if (errorId !== id || question.onError?.(code, reply) === true) return;
      const treatment = treatmentOf(code, 'new');
      if (treatment === 'warning' || treatment === 'information') return;
      reply.reject(unavailable(`TWS refused ${question.what}: ${meaningOf(code)} (${code})`));
    },
  };
}

function requireReady(session: Session): void {
  if (!session.isReady) throw unavailable('there is no session with TWS');
}

export function noAnswer(what: string, deadlineMs: number): GatewayError {
  return new GatewayError('BROKER_NO_ANSWER', `no ${what} within ${deadlineMs} ms`);
}

export function unavailable(message: string): GatewayError {
  return new GatewayError('BROKER_UNAVAILABLE', message);
}
