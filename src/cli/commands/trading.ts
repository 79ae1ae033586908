import { Option, type Command } from 'commander';
import { z } from 'zod';
import { apiClient } from '../api-client.ts';
import { addCommand, type CliContext } from '../context.ts';
import { exitCodes } from '../outcome.ts';
import { visible } from '../visible.ts';
import { addBrokerOrderCommands } from './account.ts';

const Switch = z.object({
  state: z.string(),
  reason: z.string().nullable(),
  at: z.string().nullable(),
});
const Order = z.object({
  intentId: z.string(),
  state: z.string(),
  summary: z.string(),
  filled: z.string(),
  averagePrice: z.string().nullable(),
});
const Connection = z.object({
  status: z.string(),
  broker: z.object({ state: z.string(), reason: z.string(), detail: z.string() }),
  database: z.string(),
  engine: z.string(),
});

const reason = new Option('--reason <text>', 'why, for the audit trail').makeOptionMandatory();

/** `status`, `kill`, `release`, `orders list | show`. */
export function addTradingCommands(program: Command, context: CliContext): void {
  const client = () => apiClient(context.home, context.apiUrl);
  addCommand(program, context, {
    usage: 'status',
    description: 'connections and kill switch; exit code 1 unless everything is well',
    run: async () => {
      const [connection, halt] = await Promise.all([
        client().get('/connection/status'),
        client().get('/kill-switch/status'),
      ]);
      const { status, broker, database, engine } = Connection.parse(connection);
      const { state } = Switch.parse(halt);
      return {
        json: { connection, killSwitch: halt },
        lines: [
          `connections  ${status} (broker ${broker.state}, ${broker.reason}: ${visible(broker.detail)})`,
          `database     ${database}`,
          `engine       ${engine}`,
          `kill switch  ${state}`,
        ],
        exitCode: status === 'ok' && state === 'released' ? exitCodes.ok : exitCodes.refused,
      };
    },
  });
  for (const [usage, verb, description] of [
    ['kill', 'activate', 'halt trading at once: when it returns, no further order leaves'],
    ['release', 'release', 'resume trading'],
  ] as const) {
    addCommand<{ reason: string }>(program, context, {
      usage,
      description,
      isWrite: verb === 'release',
      options: [reason],
      run: async (_args, options) => {
        const body = await client().post(`/kill-switch/${verb}`, { reason: options.reason });
        return { json: body, lines: [`The kill switch is ${Switch.parse(body).state}.`] };
      },
    });
  }
  const orders = program.command('orders').description('order requests, and orders at the broker');
  addOrderCommands(orders, context);
  addBrokerOrderCommands(orders, context);
}

function addOrderCommands(orders: Command, context: CliContext): void {
  const client = () => apiClient(context.home, context.apiUrl);
  addCommand<{ state?: string; limit: string; cursor?: string }>(orders, context, {
    usage: 'list',
    description: 'requests of all agents, newest first',
    options: [
      new Option('--state <state>', 'only in this state, e.g. AwaitingApproval'),
      new Option('--limit <n>', 'rows').default('25'),
      new Option('--cursor <cursor>', 'nextCursor of the page before'),
    ],
    run: async (_args, options) => {
      const query = new URLSearchParams({ limit: options.limit });
      if (options.state !== undefined) query.set('state', options.state);
      if (options.cursor !== undefined) query.set('cursor', options.cursor);
      const body = await client().get(`/requests?${query.toString()}`);
      const page = z
        .object({ requests: z.array(Order), nextCursor: z.string().nullable() })
        .parse(body);
      const more = page.nextCursor === null ? [] : [`more: --cursor ${page.nextCursor}`];
      return { json: body, lines: [...page.requests.map(line), ...more] };
    },
  });
  addCommand(orders, context, {
    usage: 'show <intentId>',
    description: 'one request with all its details',
    run: async ([id = '']) => {
      const body = await client().get(`/requests/${encodeURIComponent(id)}`);
      return { json: body, lines: [line(Order.parse(body)), visible(JSON.stringify(body))] };
    },
  });
}

function line(order: z.infer<typeof Order>): string {
  const fill =
    order.averagePrice === null ? '' : `, filled ${order.filled} at ${order.averagePrice}`;
  return visible(`${order.intentId}  ${order.state.padEnd(16)} ${order.summary}${fill}`);
}
