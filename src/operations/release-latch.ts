import { z } from 'zod';
import { GatewayError } from '../domain/errors.ts';
import { operation } from './operation.ts';
import { cleanText, latchId, plainText } from './parts/fields.ts';
import { ReleasedLatchShape, showLatch } from './parts/latch-output.ts';
import { releasers } from './parts/role-groups.ts';

export const releaseLatch = operation({
  name: 'release_latch',
  title: 'Release a latch',
  description:
    'Lets a rule that has stopped trading judge anew, with a reason for the audit trail. Operators only, never an agent. A ' +
    'limit that is still broken sets it again, but for the drawdown of R11, whose marks begin anew at the current value.',
  roles: releasers,
  effect: 'release',
  http: { method: 'post', path: '/latches/{latchId}/release' },
  mcp: null,
  input: z.strictObject({ latchId, reason: plainText(3, 1000).describe('Why the rule may go on') }),
  output: ReleasedLatchShape,
  async run(context, input) {
    const { latchId: id, reason } = input;
    const latch = await context.store.limits.releaseLatch(id, reason, context.actor);
    if (latch === null) {
      throw new GatewayError('NOT_FOUND', `There is no latch ${id}.`, {
        hint: 'list_latches shows the active ones.',
      });
    }
    if (latch.released === null) throw new Error(`${id} was not released`);
    const { at, by, reason: given } = latch.released;
    return { ...showLatch(latch), released: { at, by, reason: cleanText(given, 1000) } };
  },
});
