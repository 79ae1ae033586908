// The exchange's side, over the control port of the simulated gateway (src/simgateway/README.md): what has
// really arrived there. No rule is switched off. The clock is set where the market is closed; the chapter
// "gateway" holds one price still and ends every connection.
import { z } from 'zod';

const Clock = z.object({ now: z.string(), running: z.boolean(), phase: z.string() });
const Orders = z.array(
  z.object({
    orderId: z.number(),
    permId: z.number(),
    clientId: z.number(),
    status: z.string(),
    action: z.string(),
    quantity: z.number(),
    filled: z.number(),
    avgPrice: z.string(),
    limitPrice: z.string().optional(),
  }),
);
const Frames = z.array(z.object({ orderRef: z.string(), total: z.number(), whatIf: z.number() }));
const Accounts = z.array(
  z.object({
    id: z.string(),
    positions: z.array(z.object({ conId: z.number(), quantity: z.number() })),
  }),
);

const Executions = z.array(z.object({ execId: z.string(), permId: z.number() }));
const Restarted = z.object({ nextIds: z.record(z.string(), z.number()) });

type Change = { readonly method: 'PUT' | 'POST' | 'DELETE'; readonly body?: object };

/** A client of the control port. `clientPort` is where IB clients connect. */
export function exchangeAt(controlUrl: string, clientPort: number) {
  const call = async <T>(path: string, shape: z.ZodType<T>, change?: Change): Promise<T> => {
    const response = await fetch(`${controlUrl}${path}`, {
      method: change?.method ?? 'GET',
      body: change?.body === undefined ? null : JSON.stringify(change.body),
      signal: AbortSignal.timeout(5000),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return shape.parse(await response.json());
  };
  return {
    controlUrl,
    clientPort,
    clock: () => call('/clock', Clock),
    setClock: (instant: string) =>
      call('/clock', Clock, { method: 'PUT', body: { instant, running: true } }),
    /** From now on these prices stand still, until `releasePrices`. */
    holdPrice: (symbol: string, prices: { bid: string; ask: string; last: string }) =>
      call(`/quotes/${symbol}`, z.unknown(), { method: 'PUT', body: prices }),
    releasePrices: () => call('/quotes', z.unknown(), { method: 'DELETE' }),
    /** A nightly restart that hands out order ids again; the next ids by client. */
    restart: async (fields: { rollBackIds: number; downMs: number }) =>
      (await call('/restart', Restarted, { method: 'POST', body: fields })).nextIds,
    executions: (orderRef: string) => call(`/executions?orderRef=${orderRef}`, Executions),
    orders: (intentId: string) => call(`/orders?orderRef=${intentId}`, Orders),
    /** How many real placeOrder frames have ever arrived for that order; what-ifs do not count. */
    async orderFrames(intentId: string): Promise<number> {
      const frames = await call(`/frames?orderRef=${intentId}`, Frames);
      return frames.reduce((sum, { total, whatIf }) => sum + total - whatIf, 0);
    },
    async position(account: string, conId: number): Promise<number> {
      const accounts = await call('/accounts', Accounts);
      const held = accounts.find(({ id }) => id === account)?.positions ?? [];
      return held.find((one) => one.conId === conId)?.quantity ?? 0;
    },
  };
}

export type Exchange = ReturnType<typeof exchangeAt>;

const dayMs = 86_400_000;

/**
 * Makes sure that the exchange trades. Where it is closed its clock is moved forward to the next trading
 * moment (the trading-hours rule then passes because it holds, not because it is off). Null = it was open;
 * else the new time.
 */
export async function openExchange(exchange: Exchange): Promise<string | null> {
  const before = await exchange.clock();
  if (before.phase === 'regular' && before.running) return null;
  const today = before.now.slice(0, 10);
  for (let day = 0; day < 10; day += 1) {
    const date = new Date(Date.parse(today) + day * dayMs).toISOString().slice(0, 10);
    const instant = `${date}T15:30:00.000Z`; // in New York 10:30 or 11:30
    if (instant <= before.now) continue;
    const after = await exchange.setClock(instant);
    if (after.phase === 'regular') return instant;
  }
  throw new Error('no trading moment was found within ten days');
}
