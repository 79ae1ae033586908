import { z } from 'zod';
import { operation } from './operation.ts';
import { pickAccount } from './parts/accounts.ts';
import { brokerOrderFields, showBrokerOrder } from './parts/broker-orders.ts';
import { account } from './parts/fields.ts';
import { readOnly } from './parts/hints.ts';
import { anyReader } from './parts/role-groups.ts';
import { decimal } from './parts/shapes.ts';

export const getOpenOrders = operation({
  name: 'get_open_orders',
  title: 'Open orders',
  description:
    'Orders that are live at the broker now, ours and external ones (made in TWS or by other programs; intentId null), with ' +
    'prices, fills so far, bracket parent and OCA group. For requests that still wait for a decision use list_requests.',
  roles: anyReader,
  effect: 'read',
  http: { method: 'get', path: '/orders/open' },
  mcp: readOnly,
  input: z.strictObject({ account }),
  output: z.object({
    account: z.string(),
    orders: z.array(
      z.object({
        ...brokerOrderFields,
        orderId: z.int(),
        clientId: z.int().describe('API client that placed it; -1 = not known'),
        remaining: decimal,
        averagePrice: decimal.nullable().describe('Of what is filled so far'),
      }),
    ),
  }),
  async run(context, input) {
    const chosen = await pickAccount(context, input.account);
    const orders = await context.broker.workingOrders(chosen);
    const described = orders.map((order) => showBrokerOrder(context, order));
    return { account: chosen, orders: await Promise.all(described) };
  },
});
