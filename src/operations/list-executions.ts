import { z } from 'zod';
import { instantFromEpochMs } from '../domain/time/instant.ts';
import { operation } from './operation.ts';
import { pickAccount } from './parts/accounts.ts';
import { account, cleanText, instantField } from './parts/fields.ts';
import { instrumentInput } from './parts/instruments.ts';
import { originOf, placedBy } from './parts/placed-by.ts';
import { anyReader } from './parts/role-groups.ts';
import { decimal, instant, Money } from './parts/shapes.ts';

/** Fills at the broker. Our own ledger's view of an order is get_request; this one also shows what others did. */
export const listExecutions = operation({
  name: 'list_executions',
  title: 'Executions',
  description:
    'Fills of an account in ascending order with their commissions (null until the broker has told it), corrections applied, ' +
    'ours and external ones (intentId null). The broker remembers the current trading day, sometimes a week.',
  roles: anyReader,
  effect: 'read',
  http: { method: 'get', path: '/executions' },
  mcp: null,
  input: z.strictObject({
    account,
    since: instantField.optional().describe('Only fills at or after this moment (ISO 8601, UTC)'),
    symbol: instrumentInput.symbol,
  }),
  output: z.object({
    account: z.string(),
    executions: z.array(
      z.object({
        execId: z.string(),
        placedBy,
        intentId: z.string().nullable(),
        permId: z.string(),
        orderId: z.int(),
        clientId: z.int(),
        conId: z.int(),
        symbol: z.string(),
        secType: z.string(),
        exchange: z.string(),
        side: z.enum(['BUY', 'SELL']),
        quantity: decimal,
        price: decimal,
        cumulative: decimal.describe('Filled of the order up to this fill'),
        averagePrice: decimal,
        at: instant.nullable(),
        isCorrection: z.boolean().describe('Replaces an earlier report of the same fill'),
        commission: Money.nullable(),
        realizedPnl: Money.nullable(),
      }),
    ),
  }),
  async run(context, input) {
    const chosen = await pickAccount(context, input.account);
    const found = await context.broker.executions({
      account: chosen,
      since: input.since === undefined ? null : instantFromEpochMs(Date.parse(input.since)),
      symbol: input.symbol ?? null,
    });
    const described = found.map(async (one) => ({
      ...one,
      ...(await originOf(context.store, one.orderRef)),
      symbol: cleanText(one.symbol, 40),
      exchange: cleanText(one.exchange, 20),
    }));
    return { account: chosen, executions: await Promise.all(described) };
  },
});
