import { z } from 'zod';
import { operation } from './operation.ts';
import { limit } from './parts/fields.ts';
import { readOnly } from './parts/hints.ts';
import { OrderSummary, showSummary } from './parts/order-output.ts';
import { isAgent } from './parts/own-order.ts';
import { anyReader } from './parts/role-groups.ts';
import { State } from './parts/shapes.ts';

export const listRequests = operation({
  name: 'list_requests',
  title: 'List order requests',
  description:
    'Requests newest first, in pages of limit rows: an agent sees its own, operators and auditors all. Pass nextCursor of one ' +
    'page as cursor to get the next one; null = the end.',
  roles: anyReader,
  effect: 'read',
  http: { method: 'get', path: '/requests' },
  mcp: readOnly,
  input: z.strictObject({
    state: State.optional().describe('Only requests in this state'),
    cursor: z
      .string()
      .regex(/^[\x21-\x7e]{1,200}$/, 'a cursor is what nextCursor returned')
      .optional(),
    limit,
  }),
  output: z.object({ requests: z.array(OrderSummary), nextCursor: z.string().nullable() }),
  async run(context, input) {
    const page = await context.store.ledger.orders({
      limit: input.limit,
      ...(input.state === undefined ? {} : { state: input.state }),
      ...(input.cursor === undefined ? {} : { cursor: input.cursor }),
      ...(isAgent(context) && context.principal !== null
        ? { proposer: context.principal.principalId }
        : {}),
    });
    return { requests: page.items.map(showSummary), nextCursor: page.next };
  },
});
