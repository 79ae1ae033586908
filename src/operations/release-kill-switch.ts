import { z } from 'zod';
import { operation } from './operation.ts';
import { plainText } from './parts/fields.ts';
import { KillSwitchShape, showKillSwitch } from './parts/kill-switch-output.ts';
import { releasers } from './parts/role-groups.ts';

export const releaseKillSwitch = operation({
  name: 'release_kill_switch',
  title: 'Resume trading',
  description:
    'Releases the kill switch, with a reason for the audit trail. Operators only, never an agent. Requests that were halted ' +
    'stay halted; new proposals are possible.',
  roles: releasers,
  effect: 'release',
  http: { method: 'post', path: '/kill-switch/release' },
  mcp: null,
  input: z.strictObject({ reason: plainText(3, 1000).describe('Why trading may resume') }),
  output: KillSwitchShape,
  run: async (context, input) =>
    showKillSwitch(await context.store.killSwitch.release(input.reason, context.actor)),
});
