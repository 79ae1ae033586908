import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { BrokerActivities, OrderActivities } from '../activities/types.ts';

/** Local activities: one idempotent transaction each, repeated until the database answers. */
export const ledger = proxyLocalActivities<OrderActivities>({
  startToCloseTimeout: '20 seconds',
  retry: {
    initialInterval: '200 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '10 seconds',
  },
});

/** Broker activities of one account group. */
export function broker(
  taskQueue: string,
): Pick<BrokerActivities, 'submitOrder' | 'reconcileOrder'> {
  const { submitOrder } = proxyActivities<Pick<BrokerActivities, 'submitOrder'>>({
    taskQueue,
    summary: 'claim, write, mark',
    startToCloseTimeout: '20 seconds',
    heartbeatTimeout: '3 seconds',
    // An order is never sent again by a retry: after any doubt the workflow reconciles.
    retry: { maximumAttempts: 1 },
  });
  const { reconcileOrder } = proxyActivities<Pick<BrokerActivities, 'reconcileOrder'>>({
    taskQueue,
    summary: 'look for the order at the broker',
    startToCloseTimeout: '60 seconds',
    // The open polls of a gateway that sleeps take tasks and do nothing: each costs one of these.
    heartbeatTimeout: '3 seconds',
    retry: { initialInterval: '500 milliseconds', maximumInterval: '5 seconds' },
  });
  return { submitOrder, reconcileOrder };
}
