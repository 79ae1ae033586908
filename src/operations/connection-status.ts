import { z } from 'zod';
import { GatewayError } from '../domain/errors.ts';
import { operation, type OperationContext } from './operation.ts';
import { readOnly } from './parts/hints.ts';
import { anyReader } from './parts/role-groups.ts';
import { instant } from './parts/shapes.ts';

const BrokerState = z.object({
  state: z.enum(['ready', 'connecting', 'degraded', 'down']),
  since: instant.nullable(),
  detail: z.string(),
});

export const ConnectionShape = z.object({
  status: z
    .enum(['ok', 'degraded', 'down'])
    .describe('down = no database; degraded = broker or workflow engine away'),
  broker: BrokerState,
  database: z.enum(['ok', 'down']),
  engine: z.enum(['ok', 'down']).describe('The workflow engine (Temporal)'),
  canPropose: z.boolean(),
});

export const connectionStatus = operation({
  name: 'connection_status',
  title: 'Connection status',
  description:
    'Whether broker link, database and workflow engine answer, and whether an order can be proposed now. Use it after an ' +
    'UNAVAILABLE error; use reconnect if the broker link is down.',
  roles: anyReader,
  effect: 'read',
  http: { method: 'get', path: '/connection/status' },
  mcp: readOnly,
  input: z.strictObject({}),
  output: ConnectionShape,
  run: readConnections,
});

/** Asks all three; a part that does not answer is reported as such. Throws only for bugs. */
export async function readConnections(
  context: Pick<OperationContext, 'broker' | 'store' | 'engineHealthy'>,
): Promise<z.input<typeof ConnectionShape>> {
  const [broker, database, engine] = await Promise.all([
    brokerState(context),
    answers(context.store.ping()),
    context.engineHealthy(),
  ]);
  const complete = broker.state === 'ready' && engine;
  return {
    status: !database ? 'down' : complete ? 'ok' : 'degraded',
    broker,
    database: database ? 'ok' : 'down',
    engine: engine ? 'ok' : 'down',
    canPropose: database && complete,
  };
}

async function brokerState(
  context: Pick<OperationContext, 'broker'>,
): Promise<z.input<typeof BrokerState>> {
  try {
    return await context.broker.link();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { state: 'down', since: null, detail: 'The gateway process does not answer.' };
  }
}

async function answers(question: Promise<unknown>): Promise<boolean> {
  try {
    await question;
    return true;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return false;
  }
}
