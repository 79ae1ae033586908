import { z } from 'zod';
import type { KillSwitchStatus } from '../../store/port/kill-switch.ts';
import { cleanText } from './fields.ts';
import { instant } from './shapes.ts';

export const KillSwitchShape = z.object({
  state: z.enum(['active', 'released']).describe('active = no order leaves; cancels still do'),
  reason: z.string().nullable(),
  by: z.string().nullable(),
  at: instant.nullable(),
});

/** The kill switch as shown to anybody who may ask. */
export function showKillSwitch(status: KillSwitchStatus): z.input<typeof KillSwitchShape> {
  return { ...status, reason: status.reason === null ? null : cleanText(status.reason, 1000) };
}
