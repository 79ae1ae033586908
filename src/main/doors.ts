import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import type { Settings } from '../config/env.ts';
import type { Ports } from '../operations/context.ts';
import { policyView } from '../operations/parts/policy-view.ts';
import { connectTemporal } from '../temporal/connection.ts';
import { createOrderWorkflows } from '../temporal/order-workflows.ts';
import { orderWorkflowId } from '../workflows/names.ts';
import { autoApprovalPolicy } from './auto-approval.ts';
import { fileBarrier, type Barrier } from './barrier.ts';
import { brokerReads, gate, openStore, orderTimes, temporalAddress } from './parts.ts';
import { presentIn } from './presence.ts';

/** What api and mcp have in common: the ports of every operation, made from the settings. */
export type Doors = { readonly ports: Ports; readonly close: () => Promise<void> };

/** Opens store, broker reads and workflow client. Close it last. */
export async function openDoors(
  settings: Settings,
  process: 'api' | 'mcp' | 'mcp-stdio',
): Promise<Doors> {
  const broker = brokerReads(settings);
  const { store, policy } = await presentIn(await openStore(settings), process, settings);
  const client = await connectTemporal(temporalAddress(settings));
  const ports: Ports = {
    environment: settings.ENV,
    store,
    broker: {
      ...broker,
      reconnect: async () => {
        await broker.reconnect();
      },
    },
    orders: withBarriers(
      createOrderWorkflows({
        client,
        ledger: store.ledger,
        accountGroup: settings.IBKR_ACCOUNT_GROUP,
        times: orderTimes(settings),
      }),
      fileBarrier(settings.COUNTERSIGN_BARRIER_DIR),
    ),
    evaluate: gate(policy, settings).evaluate,
    get policy() {
      return policyView(policy.lastKnown());
    },
    limitsInForce: policy.current,
    reloadPolicy: policy.reload,
    autoApproval: autoApprovalPolicy(settings),
    engineHealthy: () =>
      client
        .withDeadline(Date.now() + 2000, () => client.workflowService.getSystemInfo({}))
        .then(
          () => true,
          () => false,
        ),
    links: {
      approval: (approvalId) => `${publicUrl(settings)}/api/v1/approval/${approvalId}`,
      temporal: (intentId) =>
        settings.TEMPORAL_UI_URL === undefined
          ? null
          : `${settings.TEMPORAL_UI_URL}/namespaces/${settings.TEMPORAL_NAMESPACE}/workflows/${orderWorkflowId(intentId)}`,
    },
  };
  return {
    ports,
    close: async () => {
      await client.connection.close();
      await store.close();
    },
  };
}

/** The moments between a committed row and the message about it, for the kill tests. */
function withBarriers(orders: Ports['orders'], barrier: Barrier): Ports['orders'] {
  return {
    ...orders,
    async propose(intentId) {
      await barrier('propose.before-start');
      return orders.propose(intentId);
    },
    async decided(intentId, decision, ids) {
      await barrier('decide.before-wake');
      return orders.decided(intentId, decision, ids);
    },
  };
}

/** Where people reach the api. */
export function publicUrl(settings: Settings): string {
  return settings.PUBLIC_URL ?? `http://${settings.API_HOST}:${settings.API_PORT}`;
}

/** A listening HTTP server; `close` lets running requests finish for two seconds. */
export async function listen(
  app: { readonly fetch: (request: Request) => Response | Promise<Response> },
  hostname: string,
  port: number,
): Promise<{ readonly close: () => Promise<void> }> {
  const server = serve({ fetch: app.fetch, hostname, port }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  return { close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => {
      server.closeAllConnections();
    }, 2000);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}
