import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { WithStartWorkflowOperation, type Workflow } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { connectTemporal } from '../../src/temporal/connection.ts';
import { floorQueue, type FloorInput, type FloorSubmit } from './names.ts';

const keys = ['CountersignAccount', 'CountersignSymbol', 'CountersignAgent', 'CountersignState'];

/** The floor at the product's own Temporal server, driven as the api process drives the product. */
export async function startFloor(address: string, namespace: string) {
  const workers = await Promise.all(
    ['orders', 'broker'].map((role) => startWorker([role, address, namespace])),
  );
  const client = await connectTemporal({ address, namespace });
  let count = 0;
  return {
    /** Update-with-start; returns when the verdict is there. */
    async propose(): Promise<string> {
      count += 1;
      const workflowId = `floor-${process.pid}-${count}`;
      const input: FloorInput = { id: workflowId };
      const startWorkflowOperation = new WithStartWorkflowOperation('floorOrder', {
        args: [input],
        taskQueue: floorQueue,
        workflowId,
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        staticSummary: 'BUY 5 AAPL LMT 189.50 DAY',
        typedSearchAttributes: keys.map((name) => ({
          key: defineSearchAttributeKey(name, 'KEYWORD'),
          value: 'Proposed',
        })),
      });
      await client.workflow.executeUpdateWithStart<Workflow, string, []>('propose', {
        startWorkflowOperation,
        updateId: 'propose',
      });
      return workflowId;
    },
    /** Grants; the wall time at which the broker activity ran, once the workflow has ended. */
    async grant(workflowId: string): Promise<number> {
      const handle = client.workflow.getHandle(workflowId);
      await handle.executeUpdate('grant', { args: ['now'], updateId: 'grant' });
      const submitted = (await handle.result()) as FloorSubmit | null;
      if (submitted === null) throw new Error(`${workflowId} was not submitted`);
      return submitted.ranAtMs;
    },
    async withdraw(workflowId: string): Promise<void> {
      const handle = client.workflow.getHandle(workflowId);
      await handle.signal('withdrawn');
      await handle.result();
    },
    async stop(): Promise<void> {
      await client.connection.close();
      await Promise.all(workers.map(stopWorker));
    },
  };
}

export type Floor = Awaited<ReturnType<typeof startFloor>>;

async function startWorker(args: readonly string[]): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), args);
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => {
      resolve();
    });
    child.once('exit', (code) => {
      reject(new Error(`a worker of the floor ended with ${code ?? 'a signal'}`));
    });
  });
  return child;
}

async function stopWorker(child: ChildProcess): Promise<void> {
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.disconnect();
  await exited;
}
