import { z } from 'zod';
import { operation } from './operation.ts';
import { pickAccount } from './parts/accounts.ts';
import { brokerOrderFields, showBrokerOrder } from './parts/broker-orders.ts';
import { account, limit } from './parts/fields.ts';
import { anyReader } from './parts/role-groups.ts';
import { instant } from './parts/shapes.ts';

export const listCompletedOrders = operation({
  name: 'list_completed_orders',
  title: 'Completed orders',
  description:
    'Orders of an account that are over at the broker (filled, cancelled, rejected), newest first, ours and those placed ' +
    'elsewhere, as far back as TWS remembers. What became of a request is told by get_request.',
  roles: anyReader,
  effect: 'read',
  http: { method: 'get', path: '/orders/completed' },
  mcp: null,
  input: z.strictObject({ account, limit }),
  output: z.object({
    account: z.string(),
    orders: z.array(z.object({ ...brokerOrderFields, completedAt: instant.nullable() })),
  }),
  async run(context, input) {
    const chosen = await pickAccount(context, input.account);
    const orders = await context.broker.completedOrders(chosen);
    const described = orders.slice(0, input.limit).map((order) => showBrokerOrder(context, order));
    return { account: chosen, orders: await Promise.all(described) };
  },
});
