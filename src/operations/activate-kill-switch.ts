import { z } from 'zod';
import { operation } from './operation.ts';
import { plainText } from './parts/fields.ts';
import { harmlessWrite } from './parts/hints.ts';
import { KillSwitchShape, showKillSwitch } from './parts/kill-switch-output.ts';
import { tradingFloor } from './parts/role-groups.ts';

export const activateKillSwitch = operation({
  name: 'activate_kill_switch',
  title: 'Halt trading',
  description:
    'Halts all new orders at once; when it returns, no further order leaves. Cancels still work. Use it when something is ' +
    'wrong: it is always allowed and harmless. Only a human operator can release it again.',
  roles: tradingFloor,
  effect: 'halt',
  http: { method: 'post', path: '/kill-switch/activate' },
  mcp: harmlessWrite,
  input: z.strictObject({
    reason: plainText(3, 1000).describe('What is wrong, for the operator who will look'),
  }),
  output: KillSwitchShape,
  run: async (context, input) =>
    showKillSwitch(await context.store.killSwitch.activate(input.reason, context.actor)),
});
