import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { createBrokerActivities } from '../activities/broker-activities.ts';
import { startIbkrBroker, type IbkrBroker } from '../broker/ibkr/broker.ts';
import { startReadPort } from '../broker/read-port/server.ts';
import { brokerAddress, ConfigurationError, readSettings, type Settings } from '../config/env.ts';
import type { LinkState } from '../domain/risk/facts.ts';
import { startEventPump } from '../gateway/event-pump.ts';
import { startLeaseKeeper, type LeaseKeeper } from '../gateway/lease-keeper.ts';
import { linkEvent } from '../gateway/link-event.ts';
import { logger, type Log } from '../log/logger.ts';
import type { Store } from '../store/port.ts';
import { connectTemporal } from '../temporal/connection.ts';
import { createOrderWorkflows } from '../temporal/order-workflows.ts';
import { installRuntime, startBrokerWorker } from '../temporal/worker.ts';
import { fileBarrier } from './barrier.ts';
import { gate, gatewaySecret, openStore, orderTimes, temporalAddress } from './parts.ts';
import { presentIn } from './presence.ts';
import { runProcess, type Started } from './process.ts';

const leaseTtlMs = 4000;
const renewEveryMs = 1000;
/** An attempt whose bytes have not left by then is a doubt to the workflow and may not write any more. */
const sendWithinMs = 10_000;

/** The gateway: the one owner of the TWS sessions, the only process from which an order can leave. */
export async function startGateway(settings: Settings): Promise<Started> {
  const log = logger('gateway', settings.LOG_LEVEL);
  const { policy, evaluate, findBreaches } = gate(settings);
  const store = await presentIn(await openStore(settings), 'gateway', settings, policy);
  const temporal = temporalAddress(settings);
  const client = await connectTemporal(temporal);
  const orders = createOrderWorkflows({
    client,
    ledger: store.ledger,
    accountGroup: settings.IBKR_ACCOUNT_GROUP,
    times: orderTimes(settings),
  });
  const warn = (what: string) => (failure: unknown) => {
    log.warn({ err: failure }, what);
  };
  const broker = await connectBroker(settings, warn('a fault of the broker session was contained'));
  const pump = startEventPump({
    ledger: store.ledger,
    tell: orders.news,
    onFailure: warn('broker events wait for the database'),
  });
  broker.onEvent(pump.push);
  announceLink(broker, store, log);
  const lease = await keepLease(store, settings, warn('the lease could not be renewed'));
  const worker = await startBrokerWorker(
    temporal,
    settings.IBKR_ACCOUNT_GROUP,
    createBrokerActivities({
      ledger: store.ledger,
      broker,
      evaluate,
      findBreaches,
      holdsLease: lease.holds,
      monotonicMs: () => performance.now(),
      sendWithinMs,
      barrier: fileBarrier(settings.COUNTERSIGN_BARRIER_DIR),
    }),
  );
  const readPort = await startReadPort({
    port: settings.GATEWAY_PORT,
    secret: gatewaySecret(settings),
    broker,
    onFault: warn('a read failed'),
  });
  return {
    ready: { port: settings.GATEWAY_PORT },
    failed: worker.stopped,
    async stop() {
      await readPort.close();
      await worker.stop();
      await lease.stop();
      broker.close();
      await pump.drained();
      await client.connection.close();
      await store.close();
    },
  };
}

function keepLease(
  { lease }: Store,
  settings: Settings,
  onFailure: (failure: unknown) => void,
): Promise<LeaseKeeper> {
  return startLeaseKeeper({
    lease,
    holder: `${settings.IBKR_ACCOUNT_GROUP}-${randomUUID()}`,
    ttlMs: leaseTtlMs,
    renewEveryMs,
    monotonicMs: () => performance.now(),
    onFailure,
  });
}

function connectBroker(
  settings: Settings,
  onFault: (failure: unknown) => void,
): Promise<IbkrBroker> {
  const address = brokerAddress(settings);
  if (address === null) {
    throw new ConfigurationError('The environment is not valid', [
      'IBKR_HOST, IBKR_PORT: are required outside ENV=dev',
    ]);
  }
  return startIbkrBroker({
    host: address.host,
    port: address.port,
    environment: settings.ENV,
    writeClientId: settings.IBKR_CLIENT_ID,
    readClientId: settings.IBKR_READ_CLIENT_ID,
    onFault,
  });
}

/** Writes every change of the link to the trail. */
function announceLink(broker: IbkrBroker, store: Store, log: Log): void {
  const announce = async (link: LinkState): Promise<void> => {
    log.info({ link }, `broker link: ${link.state}`);
    await store.audit.append([linkEvent(link)]);
  };
  let announcing: Promise<void> = Promise.resolve();
  const enqueue = (link: LinkState): void => {
    announcing = announcing
      .then(() => announce(link))
      .catch((failure: unknown) => {
        log.warn({ err: failure }, 'a change of the link could not be handled');
      });
  };
  broker.onLink(enqueue);
  broker.link().then(enqueue, (failure: unknown) => {
    log.warn({ err: failure }, 'the link could not be read');
  });
}

if (import.meta.main) {
  installRuntime();
  await runProcess('gateway', () => startGateway(readSettings()));
}
