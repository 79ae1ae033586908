import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundle,
} from '@temporalio/worker';
import type { BrokerActivities, OrderActivities } from '../activities/types.ts';
import { brokerQueue, orderQueue } from '../workflows/names.ts';
import { bundleWorkflows } from './bundle-workflows.ts';
import type { TemporalAddress } from './connection.ts';

/** A worker that polls. `stopped` settles when it has stopped, by request or by itself. */
export type RunningWorker = { readonly stop: () => Promise<void>; readonly stopped: Promise<void> };

/** Signals are ours to handle: the SDK must not stop workers before doors and sessions are closed. */
export function installRuntime(): void {
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('WARN') });
}

/** The worker of orders: workflows and their local activities. */
export async function startOrderWorker(
  temporal: TemporalAddress,
  activities: OrderActivities,
  workflowBundle?: WorkflowBundle,
): Promise<RunningWorker> {
  const connection = await NativeConnection.connect({ address: temporal.address });
  const worker = await Worker.create({
    connection,
    namespace: temporal.namespace,
    taskQueue: orderQueue,
    workflowBundle: workflowBundle ?? (await bundleWorkflows()),
    activities,
    shutdownGraceTime: '10 seconds',
    // After a crash the next worker takes over quickly instead of waiting for the dead one's queue.
    stickyQueueScheduleToStartTimeout: '2 seconds',
  });
  return run(worker, connection);
}

/** The worker of the gateway process: broker activities of one account group. */
export async function startBrokerWorker(
  temporal: TemporalAddress,
  accountGroup: string,
  activities: BrokerActivities,
): Promise<RunningWorker> {
  const connection = await NativeConnection.connect({ address: temporal.address });
  const worker = await Worker.create({
    connection,
    namespace: temporal.namespace,
    taskQueue: brokerQueue(accountGroup),
    activities,
    shutdownGraceTime: '15 seconds',
  });
  return run(worker, connection);
}

function run(worker: Worker, connection: NativeConnection): RunningWorker {
  const stopped = worker.run().finally(() => connection.close());
  return {
    stopped,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await stopped;
    },
  };
}
