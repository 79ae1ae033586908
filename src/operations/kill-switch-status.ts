import { z } from 'zod';
import { operation } from './operation.ts';
import { readOnly } from './parts/hints.ts';
import { KillSwitchShape, showKillSwitch } from './parts/kill-switch-output.ts';
import { anyReader } from './parts/role-groups.ts';

export const killSwitchStatus = operation({
  name: 'kill_switch_status',
  title: 'Kill switch status',
  description:
    'Whether trading is halted, since when, by whom and why. If it cannot be read, take it as active: that is what the ' +
    'gateway does.',
  roles: anyReader,
  effect: 'read',
  http: { method: 'get', path: '/kill-switch/status' },
  mcp: readOnly,
  input: z.strictObject({}),
  output: KillSwitchShape,
  run: async (context) => showKillSwitch(await context.store.killSwitch.status()),
});
