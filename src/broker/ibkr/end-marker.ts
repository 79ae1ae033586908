import { ask, type Asking, type Question, type Reply } from './ask.ts';
import type { IbListeners } from './wire-events.ts';

/**
 * Questions whose answers carry no request id (open orders, completed orders): one at a time, and an end marker
 * that comes after its own question gave up is not taken for the next one's. Nothing is ever empty for want of
 * an end marker: that is `BROKER_NO_ANSWER`.
 */
export type EndMarkerQuestion<T> = Pick<Question<T>, 'what' | 'deadlineMs' | 'send' | 'lane'> & {
  readonly endMarker: 'openOrderEnd' | 'completedOrdersEnd';
  /** A fresh collector; called again when an owed marker of an earlier question has gone by. */
  readonly collect: () => { readonly listeners: IbListeners; readonly result: () => T };
};

export type EndMarkerChannel = <T>(question: EndMarkerQuestion<T>) => Promise<T>;

export function createEndMarkerChannel(asking: Asking): EndMarkerChannel {
  let last: Promise<unknown> = Promise.resolve();
  let owed = 0;
  asking.session.listen({
    lost: () => {
      owed = 0;
    },
  });

  const run = async <T>(question: EndMarkerQuestion<T>): Promise<T> => {
    let seen = 0;
    const awaited = owed;
    const attempt = (reply: Reply<T>): IbListeners => {
      let collector = question.collect();
      const onEnd = (): void => {
        seen += 1;
        if (seen > awaited) {
          owed = 0;
          reply.resolve(collector.result());
        } else {
          collector = question.collect();
        }
      };
      return forwarding(() => collector.listeners, question.endMarker, onEnd);
    };
    return await ask<T>(asking, {
      what: question.what,
      deadlineMs: question.deadlineMs,
      send: question.send,
      lane: question.lane ?? 'read',
      listen: attempt,
      // Markers come in the order of the questions: if any came, the missing one is lost and not late.
      onDeadline: () => {
        owed = seen > 0 ? 0 : awaited + 1;
      },
    });
  };
  return (question) => {
    const turn = last.then(
      () => run(question),
      () => run(question),
    );
    last = turn;
    return turn;
  };
}

type OrderEvents = 'openOrder' | 'orderStatus' | 'completedOrder';

function forwarding(
  current: () => IbListeners,
  endMarker: 'openOrderEnd' | 'completedOrdersEnd',
  onEnd: () => void,
): IbListeners {
  const pass =
    <Name extends OrderEvents>(name: Name) =>
    (...args: Parameters<NonNullable<IbListeners[Name]>>): void => {
      const listener = current()[name] as ((...given: typeof args) => void) | undefined;
      listener?.(...args);
    };
  return {
    openOrder: pass('openOrder'),
    orderStatus: pass('orderStatus'),
    completedOrder: pass('completedOrder'),
    [endMarker]: onEnd,
  };
}
