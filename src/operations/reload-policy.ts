import { z } from 'zod';
import { operation } from './operation.ts';
import { configurers } from './parts/role-groups.ts';

const hash = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and 64 hex digits');

export const reloadPolicy = operation({
  name: 'reload_policy',
  title: 'Reload the risk policy',
  description:
    'Reads the policy file anew, checks it as a whole, and puts it in force for every process; when it returns no order is ' +
    'judged by the policy before. In live a second operator has to repeat it. Operators only, never an agent.',
  roles: configurers,
  effect: 'configure',
  http: { method: 'post', path: '/policy/reload' },
  mcp: null,
  input: z.strictObject({
    expectedHash: hash.optional().describe('Refused where the file has another one'),
  }),
  output: z.object({
    outcome: z
      .enum(['active', 'proposed', 'unchanged'])
      .describe('proposed waits for a second operator'),
    hash: z.string(),
    version: z.string(),
    previousHash: z.string(),
    changes: z.array(
      z.object({ key: z.string(), from: z.string().nullable(), to: z.string().nullable() }),
    ),
  }),
  async run(context, { expectedHash }) {
    const reloaded = await context.reloadPolicy(expectedHash ?? null, context.actor);
    return { ...reloaded, changes: [...reloaded.changes] };
  },
});
