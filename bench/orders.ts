// Orders for measuring through the public doors: cheap, fillable, and no two alike within the duplicate
// window, so that the gate passes them with every rule on.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Product } from '../test/support/product.ts';

/** Liquid shares above a hundred dollars, where a cent is less than a basis point. */
const symbols = [
  'AAPL',
  'MSFT',
  'SPY',
  'QQQ',
  'IWM',
  'AMZN',
  'META',
  'JPM',
  'V',
  'MA',
  'HD',
  'COST',
];
/** Longer than the window in which the gate refuses look-alikes. */
const forgetAfterMs = 90_000;

export type Pending = {
  readonly intentId: string;
  readonly approvalId: string;
  readonly envelopeHash: string;
};

/** Makes orders and takes them through the doors. */
export async function openOrders(product: Product) {
  const asks = new Map<string, number>();
  const lookAtMarket = async (): Promise<void> => {
    for (const symbol of symbols) {
      const { status, body } = await product.agent.get(`/market/snapshot?symbol=${symbol}`);
      const ask = Number(body['ask']);
      if (status === 200 && ask > 100) asks.set(symbol, ask);
    }
  };
  await lookAtMarket();
  const mcp = new Client({ name: 'countersign-bench', version: '1' });
  const headers = { authorization: `Bearer ${product.agentKey}` };
  await mcp.connect(
    new StreamableHTTPClientTransport(new URL(product.info.mcpUrl), { requestInit: { headers } }),
  );
  let count = 0;
  const usedAtMs = new Map<string, number>();
  /** From 20 bps above the offer in steps of a cent: inside the collar, filled at once, and new. */
  const freshCents = (symbol: string, cents: number): number => {
    const key = `${symbol} ${cents}`;
    const now = performance.now();
    if (now - (usedAtMs.get(key) ?? -forgetAfterMs) < forgetAfterMs)
      return freshCents(symbol, cents + 1);
    usedAtMs.set(key, now);
    return cents;
  };
  const next = () => {
    const known = [...asks];
    const [symbol, offer] = known[count % known.length] ?? ['', 0];
    count += 1;
    return {
      instrument: { symbol },
      side: 'BUY',
      quantity: '1',
      orderType: 'LMT',
      limitPrice: (freshCents(symbol, Math.ceil(offer * 100.2)) / 100).toFixed(2),
      reason: 'a measurement of the benchmark',
    };
  };
  return {
    lookAtMarket,
    proposeByHttp: async (): Promise<Pending> => {
      const { body } = await product.agent.post('/approval/request', next(), {
        'idempotency-key': `bench-${crypto.randomUUID()}`,
      });
      return awaiting(body);
    },
    proposeByMcp: async (): Promise<Pending> => {
      const input = { ...next(), idempotencyKey: `bench-${crypto.randomUUID()}` };
      const result = await mcp.callTool({ name: 'request_approval', arguments: input });
      return awaiting(result.structuredContent as Record<string, unknown>);
    },
    grant: ({ approvalId, envelopeHash }: Pending) =>
      product.operator.post(`/approval/${approvalId}/grant`, { envelopeHash }),
    async finished({ intentId }: Pending): Promise<string> {
      const { body } = await product.agent.get(
        `/requests/${intentId}/wait?until=terminal&timeoutSeconds=30`,
      );
      return String(body['state']);
    },
    withdraw: ({ intentId }: Pending) => product.agent.post(`/requests/${intentId}/withdraw`),
    close: () => mcp.close(),
  };
}

export type Orders = Awaited<ReturnType<typeof openOrders>>;

function awaiting(body: Record<string, unknown>): Pending {
  if (body['state'] === 'AwaitingApproval') return body as Pending;
  throw new Error(`the gate did not pass an order of the benchmark: ${JSON.stringify(body)}`);
}
