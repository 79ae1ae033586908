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
  const loop = async (): Promise<void> => {
    while (!stopped) {
      try {
        for (const item of await options.ledger.overdue(options.olderThanMs))
          await repeat(options, item);
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
