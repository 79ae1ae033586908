import type { BrokerEvent } from '../broker/port.ts';
import type { IntentId } from '../domain/ids.ts';
import type { Ledger } from '../store/port/ledger.ts';

type Options = {
  readonly ledger: Pick<Ledger, 'recordBrokerEvents'>;
  readonly tell: (intentId: IntentId) => Promise<unknown>;
  readonly onFailure: (failure: unknown) => void;
  /** Pause after the database has refused a batch. */
  readonly retryAfterMs?: number;
  /** News of one order are told at most this often; the first at once. */
  readonly coalesceMs?: number;
};

export type EventPump = {
  /** Events that are not persisted yet. */
  readonly waiting: () => number;
  readonly push: (event: BrokerEvent) => void;
  /** Resolves when everything pushed so far is persisted. */
  readonly drained: () => Promise<void>;
};

/**
 * Persists inbound broker events in arrival order before anybody acts on them, then tells the orders' workflows
 * that there is news. A database that is away delays events; it never drops one. What a crash loses is found
 * again by asking the broker at the next start.
 */
export function startEventPump(options: Options): EventPump {
  const queue: BrokerEvent[] = [];
  let pumping: Promise<void> | null = null;
  const told = new Map<IntentId, { timer: NodeJS.Timeout; again: boolean }>();
  const coalesceMs = options.coalesceMs ?? 200;

  const tell = (intentId: IntentId): void => {
    const recent = told.get(intentId);
    if (recent !== undefined) {
      recent.again = true;
      return;
    }
    options.tell(intentId).catch(options.onFailure);
    const timer = setTimeout(() => {
      const again = told.get(intentId)?.again ?? false;
      told.delete(intentId);
      if (again) tell(intentId);
    }, coalesceMs);
    timer.unref();
    told.set(intentId, { timer, again: false });
  };

  const pump = async (): Promise<void> => {
    while (queue.length > 0) {
      const batch = queue.slice(0, 200);
      try {
        const intents = await options.ledger.recordBrokerEvents(batch);
        queue.splice(0, batch.length);
        intents.forEach(tell);
      } catch (failure) {
        options.onFailure(failure);
        await new Promise((resolve) => setTimeout(resolve, options.retryAfterMs ?? 500));
      }
    }
    pumping = null;
  };

  return {
    waiting: () => queue.length,
    push(event) {
      queue.push(event);
      pumping ??= pump();
    },
    async drained() {
      await pumping;
    },
  };
}
