import pg from 'pg';
import type { IntentId } from '../../domain/ids.ts';
import type { OrderView } from '../port/ledger.ts';
import { clientConfig } from './connection.ts';

/**
 * Wakes those who wait for an order, by one LISTEN connection for all of them. A notification is only a hint: the
 * waiter reads the order itself, also when the connection comes back after a loss, and every two seconds anyway.
 */
export type OrderSignals = {
  /** Calls `wake` after changes of the order, until the returned function is called. */
  readonly subscribe: (intentId: IntentId, wake: () => void) => () => void;
  readonly close: () => Promise<void>;
};

const reconnectMs = 500;
const pollMs = 2000;

export function listenForOrders(databaseUrl: string): OrderSignals {
  const waiting = new Map<string, Set<() => void>>();
  let client: pg.Client | null = null;
  let isClosed = false;
  let retry: NodeJS.Timeout | undefined;

  const wakeAll = (): void => {
    for (const wakes of waiting.values()) for (const wake of wakes) wake();
  };
  const lost = (gone: pg.Client): void => {
    if (client !== gone) return;
    client = null;
    // It is lost already: that it cannot be closed in good order is no news.
    gone.end().catch(() => undefined);
    if (!isClosed && waiting.size > 0) retry = setTimeout(listen, reconnectMs);
  };
  const listen = (): void => {
    if (client !== null || isClosed) return;
    const mine = new pg.Client({ ...clientConfig(databaseUrl), statement_timeout: 0 });
    client = mine;
    mine.on('error', () => {
      lost(mine);
    });
    mine.on('end', () => {
      lost(mine);
    });
    mine.on('notification', ({ payload }) => {
      for (const wake of waiting.get(payload ?? '') ?? []) wake();
    });
    // What happened before the LISTEN took effect was not announced to us.
    mine
      .connect()
      .then(() => mine.query('LISTEN order_changed'))
      .then(wakeAll, () => {
        lost(mine);
      });
  };

  return {
    subscribe(intentId, wake) {
      const wakes = waiting.get(intentId) ?? new Set();
      waiting.set(intentId, wakes.add(wake));
      listen();
      return () => {
        wakes.delete(wake);
        if (wakes.size === 0 && waiting.get(intentId) === wakes) waiting.delete(intentId);
      };
    },
    async close() {
      isClosed = true;
      clearTimeout(retry);
      wakeAll();
      const last = client;
      client = null;
      await last?.end();
    },
  };
}

type Waiting = {
  readonly read: () => Promise<OrderView | null>;
  readonly until: (view: OrderView) => boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
};

/** Reads, and reads again at every hint, until the view is accepted or the time is over. Throws when aborted. */
export async function waitForOrder(
  signals: OrderSignals,
  intentId: IntentId,
  { read, until, timeoutMs, signal }: Waiting,
): Promise<OrderView | null> {
  const deadline = performance.now() + timeoutMs;
  let isHinted = false;
  let wake = (): void => undefined;
  const hint = (): void => {
    isHinted = true;
    wake();
  };
  // Before the first read: a change after it leaves a hint.
  const unsubscribe = signals.subscribe(intentId, hint);
  signal?.addEventListener('abort', hint);
  try {
    for (;;) {
      signal?.throwIfAborted();
      isHinted = false;
      const view = await read();
      const leftMs = deadline - performance.now();
      if (view === null || until(view) || leftMs <= 0) return view;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(leftMs, pollMs));
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        // A hint that came while the order was read, which the type checker cannot see.
        if (isHinted) wake();
      });
    }
  } finally {
    unsubscribe();
    signal?.removeEventListener('abort', hint);
  }
}
