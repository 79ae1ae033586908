// One of the floor's two worker processes, as the product has two: `orders` runs the workflow with its local
// activities, `broker` the one regular activity and the signal that follows it.
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { floorBrokerQueue, floorQueue, type FloorSubmit } from './names.ts';

const [role = '', address = '', namespace = ''] = process.argv.slice(2);
Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });
const connection = await NativeConnection.connect({ address });
const worker = await (role === 'orders' ? ordersWorker() : brokerWorker());
process.on('disconnect', () => {
  worker.shutdown();
});
process.send?.('ready');
await worker.run();
process.exit();

function ordersWorker(): Promise<Worker> {
  const verdict = { kind: 'awaiting', padding: 'x'.repeat(1500) };
  return Worker.create({
    connection,
    namespace,
    taskQueue: floorQueue,
    workflowsPath: fileURLToPath(new URL('workflow.ts', import.meta.url)),
    activities: {
      gate: () => Promise.resolve(JSON.stringify(verdict)),
      follow: () => Promise.resolve('Withdrawn'),
      applyNews: () => Promise.resolve('Filled'),
    },
    shutdownGraceTime: '10 seconds',
    stickyQueueScheduleToStartTimeout: '2 seconds',
  });
}

async function brokerWorker(): Promise<Worker> {
  const client = new Client({ connection: await Connection.connect({ address }), namespace });
  return Worker.create({
    connection,
    namespace,
    taskQueue: floorBrokerQueue,
    activities: {
      submitOrder(id: string): Promise<FloorSubmit> {
        const ranAtMs = Date.now();
        // The broker's word comes when the activity has returned, as it does in the product.
        setTimeout(() => {
          client.workflow
            .getHandle(id)
            .signal('news')
            .catch(() => undefined);
        }, 5);
        return Promise.resolve({ ranAtMs });
      },
    },
    shutdownGraceTime: '15 seconds',
  });
}
