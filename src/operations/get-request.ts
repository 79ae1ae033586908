import { z } from 'zod';
import { operation } from './operation.ts';
import { intentId } from './parts/fields.ts';
import { readOnly } from './parts/hints.ts';
import { OrderShape, showOrder } from './parts/order-output.ts';
import { ownOrder } from './parts/own-order.ts';
import { anyReader } from './parts/role-groups.ts';

export const getRequest = operation({
  name: 'get_request',
  title: 'One order request',
  description:
    'State and details of one request: verdict, simulation, decision, fills, and what to do next. An agent sees only what it ' +
    'proposed itself. To wait for a change use wait_for_decision instead of polling.',
  roles: anyReader,
  effect: 'read',
  http: { method: 'get', path: '/requests/{intentId}' },
  mcp: readOnly,
  input: z.strictObject({ intentId }),
  output: OrderShape,
  run: async (context, input) => showOrder(context, await ownOrder(context, input.intentId)),
});
