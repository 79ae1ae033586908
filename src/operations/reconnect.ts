import { z } from 'zod';
import { operation } from './operation.ts';
import { harmlessWrite } from './parts/hints.ts';
import { tradingFloor } from './parts/role-groups.ts';

export const reconnect = operation({
  name: 'reconnect',
  title: 'Reconnect to the broker',
  description:
    'Asks the gateway process to renew its broker session if the link is not healthy. It returns at once and sends, ' +
    'cancels or repeats no order. Read connection_status a few seconds later.',
  roles: tradingFloor,
  effect: 'read',
  http: { method: 'post', path: '/connection/reconnect', status: 202 },
  mcp: harmlessWrite,
  input: z.strictObject({}),
  output: z.object({ requested: z.boolean(), next: z.string() }),
  async run(context) {
    await context.broker.reconnect();
    return { requested: true, next: 'Read connection_status in a few seconds.' };
  },
});
