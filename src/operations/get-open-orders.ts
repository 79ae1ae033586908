import { z } from 'zod';
import { operation } from './operation.ts';
import { pickAccount } from './parts/accounts.ts';
import { account, cleanText } from './parts/fields.ts';
import { readOnly } from './parts/hints.ts';
import { originOf, placedBy } from './parts/placed-by.ts';
import { anyReader } from './parts/role-groups.ts';
import { decimal } from './parts/shapes.ts';

export const getOpenOrders = operation({
  name: 'get_open_orders',
  title: 'Open orders',
  description:
    'Orders that are live at the broker now, ours and external ones (made in TWS or by other programs; intentId null). For requests that still ' +
    'wait for a decision use list_requests.',
  roles: anyReader,
  effect: 'read',
  http: { method: 'get', path: '/orders/open' },
  mcp: readOnly,
  input: z.strictObject({ account }),
  output: z.object({
    account: z.string(),
    orders: z.array(
      z.object({
        placedBy,
        intentId: z.string().nullable(),
        permId: z.string(),
        orderId: z.int(),
        conId: z.int(),
        symbol: z.string(),
        side: z.enum(['BUY', 'SELL']),
        orderType: z.string(),
        tif: z.string(),
        quantity: decimal,
        filled: decimal,
        remaining: decimal,
        limitPrice: decimal.nullable(),
        status: z.string().describe("IBKR's word: PreSubmitted, Submitted, PendingCancel …"),
      }),
    ),
  }),
  async run(context, input) {
    const chosen = await pickAccount(context, input.account);
    const orders = await context.broker.workingOrders(chosen);
    const described = orders.map(async (order) => ({
      ...order,
      ...(await originOf(context.store, order.orderRef)),
      symbol: cleanText(order.symbol, 40),
    }));
    return { account: chosen, orders: await Promise.all(described) };
  },
});
