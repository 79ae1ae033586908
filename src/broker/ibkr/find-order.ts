import type { BrokerEvent, Evidence } from '../port.ts';
import { ask, type Asking } from './ask.ts';
import type { EndMarkerChannel, EndMarkerQuestion } from './end-marker.ts';

/**
 * What the broker knows of an intent: open orders (own and all), completed orders and executions, matched by
 * orderRef and then by the permIds and order ids learned that way. The rows come as broker events through the same
 * translator as live ones; here they are only listened to.
 */
export type EventFeed = (hear: (event: BrokerEvent) => void) => () => void;

/** Asks all of it at once; every question must bring its end marker for an absence to be complete. */
export async function findOrder(
  asking: Asking,
  channel: EndMarkerChannel,
  feed: EventFeed,
  deadlineMs: number,
  intentId: string,
): Promise<Evidence> {
  const { session } = asking;
  const { epoch } = session;
  const heard: BrokerEvent[] = [];
  const stop = feed((event) => {
    heard.push(event);
  });
  const questions = [
    ...askOpen(channel, deadlineMs),
    ...askEnded(asking, channel, deadlineMs),
    freshId(asking, deadlineMs),
  ];
  const answers = await Promise.allSettled(questions).finally(stop);
  const events = matching(heard, intentId, session.clientId);
  if (events.length > 0) return { found: true, events };
  const complete =
    answers.every((answer) => answer.status === 'fulfilled') &&
    session.isReady &&
    session.epoch === epoch &&
    session.status.brokenBy === null;
  return { found: false, complete, nextValidId: session.nextValidId };
}

/** Asks for every open order, those of our client and all; the answers come as events. */
export function askOpen(channel: EndMarkerChannel, deadlineMs: number): readonly Promise<void>[] {
  return [
    channel(marked('own open orders', deadlineMs, 'openOrderEnd', (api) => api.reqOpenOrders())),
    channel(marked('open orders', deadlineMs, 'openOrderEnd', (api) => api.reqAllOpenOrders())),
  ];
}

/**
 * Asks for what has ended or was executed; the answers come as events. On a healthy TWS an answer may lack its end
 * marker (reference note 2.8).
 */
export function askEnded(
  asking: Asking,
  channel: EndMarkerChannel,
  deadlineMs: number,
): readonly Promise<void>[] {
  const completed = marked('completed orders', deadlineMs, 'completedOrdersEnd', (api) =>
    api.reqCompletedOrders(false),
  );
  const executions = ask<undefined>(asking, {
    what: 'executions',
    deadlineMs,
    lane: 'write',
    send: (api, id) => api.reqExecutions(id, {}),
    listen: (reply, id) => ({
      execDetailsEnd: (endId) => {
        if (endId === id) reply.resolve(undefined);
      },
    }),
  });
  return [channel(completed), executions];
}

function marked(
  what: string,
  deadlineMs: number,
  endMarker: EndMarkerQuestion<undefined>['endMarker'],
  send: EndMarkerQuestion<undefined>['send'],
): EndMarkerQuestion<undefined> {
  const collect = () => ({ listeners: {}, result: () => undefined });
  return { what, deadlineMs, lane: 'write', send, endMarker, collect };
}

/** Asks for the next valid id of now: an id at or above it was never seen by TWS in this session's count. */
function freshId(asking: Asking, deadlineMs: number): Promise<void> {
  return ask<undefined>(asking, {
    what: 'next valid id',
    deadlineMs,
    lane: 'write',
    send: (api) => api.reqIds(),
    listen: (reply) => ({
      nextValidId: () => {
        reply.resolve(undefined);
      },
    }),
  });
}

/** The events of one intent, each once, in arrival order. */
function matching(
  heard: readonly BrokerEvent[],
  intentId: string,
  clientId: number,
): readonly BrokerEvent[] {
  const named = heard.filter((event) => event.orderRef === intentId);
  const permIds = new Set(named.map((event) => event.permId).filter((id) => id !== null));
  const orderIds = new Set(
    named
      .filter((event) => event.clientId === clientId)
      .map((event) => event.orderId)
      .filter((id) => id !== null),
  );
  const seen = new Set<string>();
  return heard.filter((event) => {
    const isOurs =
      event.orderRef === intentId ||
      (event.orderRef === null &&
        ((event.permId !== null && permIds.has(event.permId)) ||
          (event.permId === null &&
            event.clientId === clientId &&
            orderIds.has(event.orderId ?? -1))));
    if (!isOurs || seen.has(event.dedupKey)) return false;
    seen.add(event.dedupKey);
    return true;
  });
}
