import { z } from 'zod';
import { operation } from './operation.ts';
import { account } from './parts/fields.ts';
import { readOnly } from './parts/hints.ts';
import { LatchShape, showLatch } from './parts/latch-output.ts';
import { anyReader } from './parts/role-groups.ts';

export const listLatches = operation({
  name: 'list_latches',
  title: 'Latches',
  description:
    'Rules that have stopped trading until an operator releases them, oldest first: for a whole account, or for one ' +
    'instrument, side and strategy. Orders that only reduce a position still pass. No agent can release one.',
  roles: anyReader,
  effect: 'read',
  http: { method: 'get', path: '/latches' },
  mcp: readOnly,
  input: z.strictObject({ account: account.describe('Only of this account') }),
  output: z.object({ latches: z.array(LatchShape) }),
  run: async (context, input) => ({
    latches: (await context.store.limits.latches(input.account)).map(showLatch),
  }),
});
