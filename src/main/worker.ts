import { createOrderActivities } from '../activities/order-activities.ts';
import { startCheckpointKeeper } from '../audit/checkpoint-keeper.ts';
import { readSettings, type Settings } from '../config/env.ts';
import { logger } from '../log/logger.ts';
import { connectTemporal, ensureSearchAttributes } from '../temporal/connection.ts';
import { createOrderWorkflows } from '../temporal/order-workflows.ts';
import { startSweeper } from '../temporal/sweeper.ts';
import { installRuntime, startOrderWorker } from '../temporal/worker.ts';
import { autoApproval } from './auto-approval.ts';
import { brokerReads, gate, openStore, orderTimes, temporalAddress } from './parts.ts';
import { presentIn } from './presence.ts';
import { runProcess, type Started } from './process.ts';

const checkpointEveryMs = 60_000;

/** The worker: order workflows and their local activities, the sweeper of lost wake-ups, the audit's checkpoints. */
export async function startWorker(settings: Settings): Promise<Started> {
  const log = logger('worker', settings.LOG_LEVEL);
  const { store, policy } = await presentIn(await openStore(settings), 'worker', settings);
  const { evaluate, signalsCount } = gate(policy, settings);
  const temporal = temporalAddress(settings);
  const client = await connectTemporal(temporal);
  await ensureSearchAttributes(client, temporal.namespace);
  const worker = await startOrderWorker(
    temporal,
    createOrderActivities({
      ledger: store.ledger,
      broker: brokerReads(settings),
      evaluate,
      autoApproval: autoApproval(settings, policy.current),
      environment: settings.ENV,
      approvals: () => policy.current().approvals,
      signalsCount,
    }),
  );
  const sweeper = startSweeper({
    ledger: store.ledger,
    orders: createOrderWorkflows({
      client,
      ledger: store.ledger,
      accountGroup: settings.IBKR_ACCOUNT_GROUP,
      times: orderTimes(settings),
    }),
    olderThanMs: 1500,
    everyMs: 1000,
    onFailure: (failure) => {
      log.warn({ err: failure }, 'sweep failed; it is repeated');
    },
  });
  const home = settings.COUNTERSIGN_HOME;
  const checkpoints =
    home === undefined
      ? null
      : startCheckpointKeeper({
          store,
          dir: home,
          everyMs: checkpointEveryMs,
          onFailure: (failure) => {
            log.error({ err: failure }, 'the audit chain could not be signed');
          },
        });
  return {
    failed: worker.stopped,
    async stop() {
      await sweeper.stop();
      await worker.stop();
      await checkpoints?.stop();
      await client.connection.close();
      await store.close();
    },
  };
}

if (import.meta.main) {
  installRuntime();
  await runProcess('worker', () => startWorker(readSettings()));
}
