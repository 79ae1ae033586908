// The agent: a plain MCP client (the v1 SDK, Streamable HTTP) with the agent key and nothing else. It has
// no access to the database, to Temporal or to the broker.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { z } from 'zod';
import { NotObserved } from './report.ts';

const Rule = z.object({
  rule: z.string(),
  title: z.string(),
  outcome: z.string(),
  observed: z.string().nullable(),
  limit: z.string().nullable(),
  unit: z.string(),
});
const Simulation = z.object({
  status: z.string(),
  fillPrice: z.string().optional(),
  commission: z.string().optional(),
  positionBefore: z.string().optional(),
  positionAfter: z.string().optional(),
});
const Proposal = z.object({
  intentId: z.string(),
  state: z.string(),
  verdict: z
    .object({
      outcome: z.string(),
      warnings: z.number(),
      rules: z.array(Rule),
      nearest: z
        .object({
          kind: z.string(),
          quantity: z.string().optional(),
          limitPrice: z.string().nullish(),
        })
        .nullable(),
    })
    .nullable(),
  simulation: Simulation.nullable(),
  approvalId: z.string().nullable(),
  envelopeHash: z.string().nullable(),
  expiresAt: z.string().nullable(),
  next: z.string(),
});
const Order = z.object({
  intentId: z.string(),
  state: z.string(),
  filled: z.string(),
  averagePrice: z.string().nullable(),
  declineReason: z.string().nullable(),
  orderId: z.number().nullable(),
  reached: z.boolean().optional(),
});
const Position = z.object({ conId: z.number(), symbol: z.string(), quantity: z.string() });
const Portfolio = z.object({
  account: z.string(),
  netLiquidation: z.object({ amount: z.string(), currency: z.string() }),
  positions: z.array(Position),
});
const Snapshot = z.object({
  instrument: z.object({ conId: z.number() }),
  bid: z.string().nullable(),
  ask: z.string().nullable(),
  kind: z.string(),
});
const Resolved = z.object({
  priceIncrements: z.array(z.object({ lowEdge: z.string(), increment: z.string() })),
});
const Requests = z.object({
  requests: z.array(
    z.object({
      state: z.string(),
      terms: z.object({
        conId: z.number(),
        side: z.string(),
        quantity: z.string(),
        limitPrice: z.string().nullable(),
      }),
    }),
  ),
});
const OpenOrders = z.object({
  orders: z.array(
    z.object({ intentId: z.string().nullable(), permId: z.string(), status: z.string() }),
  ),
});
const Evaluation = z.object({ verdict: z.object({ rules: z.array(Rule) }) });
const Switch = z.object({ state: z.string(), reason: z.string().nullable() });

export type Proposal = z.infer<typeof Proposal>;

/** An order as the agent says it; everything else is the product's to find out. */
export type Wish = {
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: number;
  readonly limitPrice: string;
  readonly reason: string;
  readonly validForSeconds?: number;
};

/** Connects and returns what the agent can do. Close it last. */
export async function connectAgent(mcpUrl: string, agentKey: string) {
  const client = new Client({ name: 'countersign-demo', version: '1' });
  const headers = { authorization: `Bearer ${agentKey}` };
  const transport = new StreamableHTTPClientTransport(new URL(mcpUrl), {
    requestInit: { headers },
  });
  await client.connect(transport);
  const call = async <T>(name: string, input: object, output: z.ZodType<T>): Promise<T> => {
    const result = await client.callTool({ name, arguments: { ...input } });
    if (result.isError === true) {
      throw new NotObserved(`${name}: expected an answer, saw ${JSON.stringify(result.content)}`);
    }
    return output.parse(result.structuredContent);
  };
  return {
    toolNames: async () => (await client.listTools()).tools.map((tool) => tool.name),
    portfolio: () => call('get_portfolio', {}, Portfolio),
    snapshot: (symbol: string) => call('market_snapshot', { symbol }, Snapshot),
    resolve: (symbol: string) => call('instrument_resolve', { symbol }, Resolved),
    openOrders: () => call('get_open_orders', {}, OpenOrders),
    requests: () => call('list_requests', { limit: 200 }, Requests),
    propose: (wish: Wish) => {
      const idempotencyKey = `demo-${crypto.randomUUID()}`;
      const order = { ...draft(wish), orderType: 'LMT', idempotencyKey };
      return call('request_approval', order, Proposal);
    },
    evaluate: (wish: Pick<Wish, 'symbol' | 'side' | 'quantity'>) =>
      call('evaluate_risk', { ...draft(wish), orderType: 'MKT' }, Evaluation),
    wait: (intentId: string, until: 'decision' | 'terminal', timeoutSeconds = 30) =>
      call('wait_for_decision', { intentId, until, timeoutSeconds }, Order),
    withdraw: (intentId: string) =>
      call('withdraw_request', { intentId }, z.object({ state: z.string() })),
    halt: (reason: string) => call('activate_kill_switch', { reason }, Switch),
    haltStatus: () => call('kill_switch_status', {}, Switch),
    connection: () => call('connection_status', {}, z.object({ status: z.string() })),
    close: () => client.close(),
  };
}

function draft({ symbol, quantity, ...rest }: Pick<Wish, 'symbol' | 'side' | 'quantity'>) {
  return { ...rest, instrument: { symbol }, quantity: String(quantity) };
}

export type Agent = Awaited<ReturnType<typeof connectAgent>>;
