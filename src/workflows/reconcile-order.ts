import { condition } from '@temporalio/workflow';
import type { OrderState } from '../domain/order/lifecycle.ts';
import { broker, ledger } from './activity-stubs.ts';
import type { Inbox } from './order-inbox.ts';
import type { PlaceOrderInput } from './names.ts';
import { workflowNowMs } from './workflow-clock.ts';

/** What the search after a doubt came to. */
export type ReconcileOutcome =
  { readonly kind: 'unclaimed' } | { readonly kind: 'settled'; readonly state: OrderState };

const firstLookMs = 500;
const longestPauseMs = 60_000;

/**
 * After any doubt nobody sends again: the broker is asked, by orderRef, until it is known what became of the
 * order. Found → adopted. Absent twice, the quarantine apart, on a healthy link → never sent, which needs a new
 * approval. Otherwise the order stays Unconfirmed, for as long as it takes.
 */
export async function reconcile(
  input: PlaceOrderInput,
  inbox: Inbox,
  doubt: string,
  enter: (state: OrderState) => void,
): Promise<ReconcileOutcome> {
  let absentSince: number | null = null;
  let pauseMs = firstLookMs;
  let announced = false;
  for (;;) {
    const { kind } = await broker(input.brokerQueue).reconcileOrder(input.intentId);
    if (kind === 'unclaimed') return { kind };
    if (kind === 'found') {
      const { state, acknowledged } = await ledger.applyNews(input.intentId);
      if (acknowledged) return { kind: 'settled', state };
    }
    if (!announced) {
      announced = true;
      await ledger.markUnconfirmed({ intentId: input.intentId, why: doubt });
      enter('Unconfirmed');
    }
    if (kind === 'absent') {
      absentSince ??= workflowNowMs();
      if (workflowNowMs() - absentSince >= input.quarantineMs) {
        await ledger.markNotSent({
          intentId: input.intentId,
          why: 'proven absent twice on a healthy link',
        });
        // The ledger has the last word: late news of the broker may have come in between.
        const { state } = await ledger.applyNews(input.intentId);
        return { kind: 'settled', state };
      }
      pauseMs = Math.min(pauseMs, input.quarantineMs);
    } else {
      absentSince = null;
    }
    const news = await condition(() => inbox.news, pauseMs, {
      summary: 'look again at the broker',
    });
    if (news) {
      inbox.news = false;
      const { state, acknowledged } = await ledger.applyNews(input.intentId);
      if (acknowledged) return { kind: 'settled', state };
    }
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}
