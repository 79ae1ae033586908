import type { AccountId } from '../../domain/ids.ts';
import type { CompletedOrder } from '../../domain/portfolio/portfolio.ts';
import type { EndMarkerChannel } from './end-marker.ts';
import { completedOrderOf } from './order-rows.ts';

/** The orders of an account that are over, newest first; of every client and those placed in TWS. */
export async function readCompletedOrders(
  channel: EndMarkerChannel,
  deadlineMs: number,
  account: AccountId,
): Promise<readonly CompletedOrder[]> {
  const all = await channel<readonly CompletedOrder[]>({
    what: 'completed orders',
    deadlineMs,
    send: (api) => api.reqCompletedOrders(false),
    endMarker: 'completedOrdersEnd',
    collect: () => {
      const rows: CompletedOrder[] = [];
      return {
        listeners: {
          completedOrder: (contract, order, state) => {
            rows.push(completedOrderOf(contract, order, state));
          },
        },
        result: () => rows,
      };
    },
  });
  return all
    .filter((one) => one.account === account)
    .sort((a, b) => {
      const [left, right] = [a.completedAt ?? '', b.completedAt ?? ''];
      if (left === right) return 0;
      return left < right ? 1 : -1;
    });
}
