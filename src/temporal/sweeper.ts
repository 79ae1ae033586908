import type { Ledger, Overdue } from '../store/port/ledger.ts';
import type { OrderWorkflowClient } from './order-workflows.ts';
import type { DecisionId } from '../domain/ids.ts';

type Options = {
  readonly ledger: Pick<Ledger, 'overdue' | 'applyBrokerEvents' | 'follow' | 'order'>;
  readonly orders: OrderWorkflowClient;
  /** Rows older than this are overdue. */
  readonly olderThanMs: number;
  readonly everyMs: number;
  readonly onFailure: (failure: unknown) => void;
};

/**
 * Repeats wake-ups that a crash has swallowed: rows are written first and the message to the workflow comes
 * after, so a row can be left behind. Every repeat is idempotent.
 */
export function startSweeper(options: Options): { readonly stop: () => Promise<void> } {
  let stopped = false;
  let wake = (): void => undefined;
  const isDue = backOff(options.everyMs);
  const loop = async (): Promise<void> => {
    while (!stopped) {
      try {
        const overdue = await options.ledger.overdue(options.olderThanMs);
        for (const item of overdue.filter(isDue)) await repeat(options, item);
      } catch (failure) {
        options.onFailure(failure);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, options.everyMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const running = loop();
  return {
    async stop() {
      stopped = true;
      wake();
      await running;
    },
  };
}

/**
 * A row stays overdue while its workflow cannot act on it, such as a granted order whose gateway is down: it is
 * repeated ever more rarely, so that messages do not fill the workflow's history.
 */
function backOff(firstMs: number): (item: Overdue) => boolean {
  const longestMs = 60_000;
  const seen = new Map<string, { readonly againAtMs: number; readonly pauseMs: number }>();
  return (item) => {
    const key = `${item.kind} ${item.intentId}`;
    const nowMs = performance.now();
    const last = seen.get(key);
    if (last !== undefined && nowMs < last.againAtMs) return false;
    const pauseMs = last === undefined ? firstMs : Math.min(last.pauseMs * 2, longestMs);
    seen.set(key, { againAtMs: nowMs + pauseMs, pauseMs });
    for (const [other, { againAtMs }] of seen) {
      if (nowMs - againAtMs > longestMs) seen.delete(other);
    }
    return true;
  };
}

async function repeat({ orders, ledger }: Options, item: Overdue): Promise<void> {
  switch (item.kind) {
    case 'not-started':
      await orders.propose(item.intentId);
      return;
    case 'decided': {
      // The workflow reads the row: which way it was decided does not matter for waking it up.
      const decisionId = `sweep-${item.approvalId}-${Date.now()}` as DecisionId;
      await orders.decided(item.intentId, 'deny', { approvalId: item.approvalId, decisionId });
      return;
    }
    case 'broker-news': {
      const { delivered } = await orders.news(item.intentId);
      // Late news of an order whose workflow has ended, such as a fill that crossed a cancel.
      if (!delivered) await ledger.applyBrokerEvents(item.intentId);
    }
  }
}
