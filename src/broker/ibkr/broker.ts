import type { LinkState } from '../../domain/risk/facts.ts';
import type {
  BrokerEvent,
  BrokerEvidence,
  BrokerNumbers,
  BrokerReads,
  BrokerWrites,
} from '../port.ts';
import { assemble, type BrokerParts, type IbkrBrokerOptions } from './broker-parts.ts';
import { catchUpAlways } from './catch-up.ts';
import type { Feed } from './feed.ts';
import { findOrder } from './find-order.ts';
import { keepWarm } from './keep-warm.ts';
import { proveLive } from './prove-live.ts';
import { readsOf, statisticsOf } from './reads.ts';

/**
 * The broker port over two sessions with TWS: the write client id owns the orders and hears their events, the read
 * client id carries market data, accounts and questions, so that a burst of reads never stands before an order.
 */
export type IbkrBroker = BrokerReads &
  BrokerWrites &
  BrokerEvidence & {
    /**
     * Every broker event in arrival order; the first listener also gets what came before it, so nothing that TWS
     * said at the start is lost. Listeners return before they do anything slow. The returned function ends it.
     */
    readonly onEvent: (hear: (event: BrokerEvent) => void) => () => void;
    /** Every change of the link from now on. */
    readonly onLink: (hear: (state: LinkState) => void) => () => void;
    /** Drops both sessions and connects again at once. */
    readonly reconnect: () => Promise<LinkState>;
    /** Numbers for the metrics page. */
    readonly numbers: () => BrokerNumbers;
    readonly close: () => void;
  };

/**
 * Starts both sessions and returns when orders can be sent, or at `startDeadlineMs` with the link as it is then: a
 * TWS that is away is announced and waited for, never replaced.
 */
export async function startIbkrBroker(options: IbkrBrokerOptions): Promise<IbkrBroker> {
  const parts = assemble(options);
  const { write, read, links } = parts;
  const linkIsUp = (): Promise<LinkState> => untilReady(parts);
  catchUpAlways(parts);
  const stopWarming = keepWarm(parts);
  const onEvent = holdingFirst(parts.events);
  parts.events.hear(() => {
    parts.counts.events += 1;
  });
  write.start();
  read.start();
  await linkIsUp();
  return {
    ...readsOf(parts),
    clientId: write.clientId,
    nextValidId: () => write.nextValidId,
    turn: (lane, id) => parts.turns.keep(lane, id),
    place: parts.place,
    cancel: parts.cancel,
    modify: parts.modify,
    liveOrders: (intentId) => proveLive(parts.channel, parts.timing.evidenceDeadlineMs, intentId),
    findOrder: (intentId) =>
      findOrder(
        parts.writing,
        parts.channel,
        parts.events.hear,
        parts.timing.evidenceDeadlineMs,
        intentId,
      ),
    onEvent,
    onLink: links.hear,
    reconnect: async () => {
      write.reconnect();
      read.reconnect();
      return await linkIsUp();
    },
    numbers: () => ({
      link: parts.link.state(),
      connections: { write: write.attempts, read: read.attempts },
      messages: {
        total: parts.bucket.total,
        lastSecond: parts.bucket.used,
        waiting: parts.bucket.waiting,
      },
      ...parts.counts,
      reads: statisticsOf(parts),
    }),
    close: () => {
      stopWarming();
      write.close();
      read.close();
      parts.link.close();
    },
  };
}

/** Keeps what is told until somebody listens. */
function holdingFirst<T>(feed: Feed<T>): Feed<T>['hear'] {
  let held: T[] = [];
  const stopHolding = feed.hear((value) => {
    held.push(value);
  });
  let isFirst = true;
  return (hearer) => {
    if (isFirst) {
      isFirst = false;
      stopHolding();
      const early = held;
      held = [];
      for (const value of early) hearer(value);
    }
    return feed.hear(hearer);
  };
}

/** Resolves when the link is ready, or at the start deadline with whatever it is. */
function untilReady(parts: BrokerParts): Promise<LinkState> {
  const { link, links, clock, timing } = parts;
  return new Promise((resolve) => {
    let stop = (): void => undefined;
    const finish = (): void => {
      cancel();
      stop();
      resolve(link.state());
    };
    const cancel = clock.after(timing.startDeadlineMs, finish);
    stop = links.hear((state) => {
      if (state.state === 'ready') finish();
    });
    if (link.state().state === 'ready') finish();
  });
}
