import { z } from 'zod';
import { GatewayError } from '../domain/errors.ts';
import { linkReasonCodes } from '../domain/link-reason.ts';
import { operation, type OperationContext } from './operation.ts';
import { readOnly } from './parts/hints.ts';
import { anyReader } from './parts/role-groups.ts';
import { instant } from './parts/shapes.ts';

/** Whoever asks how things are wants to know now: a part that takes longer counts as away. */
const answerWithinMs = 2000;

const BrokerState = z.object({
  state: z.enum(['ready', 'connecting', 'degraded', 'down']),
  since: instant.nullable(),
  reason: z
    .enum([...linkReasonCodes, 'gateway-silent'])
    .describe('Why, as a code that does not change'),
  detail: z.string(),
  nextAttemptAt: instant
    .nullable()
    .describe(
      'When the next connection is tried or the restart window ends; null: nothing is planned',
    ),
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

const silent = Symbol('silent');

async function brokerState(
  context: Pick<OperationContext, 'broker'>,
): Promise<z.input<typeof BrokerState>> {
  const link = await inTime(context.broker.link());
  return link === silent
    ? {
        state: 'down',
        since: null,
        reason: 'gateway-silent',
        detail: 'The gateway process does not answer.',
        nextAttemptAt: null,
      }
    : link;
}

async function answers(question: Promise<unknown>): Promise<boolean> {
  return (await inTime(question)) !== silent;
}

/** The answer, or `silent` where none came in time or the part said that it is away. Bugs still throw. */
async function inTime<T>(question: Promise<T>): Promise<T | typeof silent> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof silent>((resolve) => {
    timer = setTimeout(resolve, answerWithinMs, silent);
  });
  try {
    return await Promise.race([question, late]);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return silent;
  } finally {
    clearTimeout(timer);
  }
}
