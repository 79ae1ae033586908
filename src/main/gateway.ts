import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { createBrokerActivities } from '../activities/broker-activities.ts';
import { startIbkrBroker, type IbkrBroker } from '../broker/ibkr/broker.ts';
import { startReadPort, type ReadPort } from '../broker/read-port/server.ts';
import { brokerAddress, ConfigurationError, readSettings, type Settings } from '../config/env.ts';
import { restartWindow } from '../config/restart-window.ts';
import type { LinkState } from '../domain/risk/facts.ts';
import { lossBreaches } from '../domain/risk/losses.ts';
import { startEquityMonitor, type EquityMonitor } from '../gateway/equity-monitor.ts';
import { startEventPump, type EventPump } from '../gateway/event-pump.ts';
import { startLeaseKeeper, type LeaseKeeper } from '../gateway/lease-keeper.ts';
import { linkEvent } from '../gateway/link-event.ts';
import { metricsText } from '../gateway/metrics.ts';
import { withoutWrites } from '../gateway/without-writes.ts';
import { logger, type Log } from '../log/logger.ts';
import type { Store } from '../store/port.ts';
import { connectTemporal } from '../temporal/connection.ts';
import { createOrderWorkflows } from '../temporal/order-workflows.ts';
import { installRuntime, startBrokerWorker } from '../temporal/worker.ts';
import { autoApproval } from './auto-approval.ts';
import { fileBarrier } from './barrier.ts';
import { gate, gatewaySecret, openStore, orderTimes, temporalAddress } from './parts.ts';
import type { PolicyInForce } from './policy-in-force.ts';
import { presentIn } from './presence.ts';
import { runProcess, type Started } from './process.ts';

const leaseTtlMs = 4000;
const renewEveryMs = 1000;
/** An attempt whose bytes have not left by then is a doubt to the workflow and may not write any more. */
const sendWithinMs = 10_000;

/** The gateway: the one owner of the TWS sessions, the only process from which an order can leave. */
export async function startGateway(settings: Settings): Promise<Started> {
  const log = logger('gateway', settings.LOG_LEVEL);
  const { store, policy } = await presentIn(await openStore(settings), 'gateway', settings);
  const { evaluate, findBreaches, actionOn } = gate(policy, settings);
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
  await refuseWrongAccounts(broker);
  broker.onEvent(pump.push);
  announceLink(broker, store, log);
  const lease = await keepLease(store, settings, warn('the lease could not be renewed'));
  const worker = await startBrokerWorker(
    temporal,
    settings.IBKR_ACCOUNT_GROUP,
    createBrokerActivities({
      ledger: store.ledger,
      broker: settings.READ_ONLY ? withoutWrites(broker) : broker,
      evaluate,
      findBreaches,
      actionOn,
      autoApproval: autoApproval(settings, policy.current),
      holdsLease: lease.holds,
      monotonicMs: () => performance.now(),
      sendWithinMs,
      barrier: fileBarrier(settings.COUNTERSIGN_BARRIER_DIR),
    }),
  );
  const monitor = monitorEquity(broker, store, policy, log);
  const readPort = await serveReads(settings, broker, { pump, lease }, warn('a read failed'));
  return {
    ready: { port: settings.GATEWAY_PORT },
    failed: worker.stopped,
    async stop() {
      await readPort.close();
      await worker.stop();
      await monitor.stop();
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

function monitorEquity(
  broker: IbkrBroker,
  { limits }: Store,
  policy: PolicyInForce,
  log: Log,
): EquityMonitor {
  return startEquityMonitor({
    broker,
    limits,
    breachesOf: (portfolio, marks) => lossBreaches(portfolio, marks, policy.current().rules),
    onLatched: (account, latches) => {
      log.warn({ account, latches }, 'a limit on losses is broken: new risk is refused');
    },
    onFailure: (failure) => {
      log.warn({ err: failure }, 'what an account is worth could not be watched');
    },
  });
}

function serveReads(
  settings: Settings,
  broker: IbkrBroker,
  { pump, lease }: { readonly pump: EventPump; readonly lease: LeaseKeeper },
  onFault: (failure: unknown) => void,
): Promise<ReadPort> {
  return startReadPort({
    port: settings.GATEWAY_PORT,
    secret: gatewaySecret(settings),
    broker,
    metrics: () =>
      metricsText({
        broker: broker.numbers(),
        eventsWaiting: pump.waiting(),
        holdsLease: lease.holds(),
      }),
    onFault,
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
    restartWindow: restartWindow(settings),
    // Silence is noticed after the pause between two signs of life and the wait for one.
    timing: {
      pingEveryMs: settings.IBKR_WATCHDOG_SECONDS * 500,
      pingDeadlineMs: settings.IBKR_WATCHDOG_SECONDS * 500,
    },
    onFault,
  });
}

/** A gateway that serves the accounts of another environment is not waited for: nothing here may start on it. */
async function refuseWrongAccounts(broker: IbkrBroker): Promise<void> {
  const { reason, detail } = await broker.link();
  if (reason !== 'accounts-refused') return;
  broker.close();
  throw new ConfigurationError('The broker does not fit the environment', [detail]);
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
