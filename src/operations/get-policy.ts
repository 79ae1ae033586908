import { z } from 'zod';
import { operation } from './operation.ts';
import { readOnly } from './parts/hints.ts';
import { anyReader } from './parts/role-groups.ts';

export const getPolicy = operation({
  name: 'get_policy',
  title: 'Risk limits in force',
  description:
    'The rules of the gate with their limits and the version of the policy. Read it once before proposing, so that orders ' +
    'stay within the limits. It cannot be changed through this door.',
  roles: anyReader,
  effect: 'read',
  http: { method: 'get', path: '/policy' },
  mcp: readOnly,
  input: z.strictObject({}),
  output: z.object({
    version: z.string(),
    hash: z.string(),
    rules: z.array(
      z.object({
        rule: z.string(),
        slug: z.string(),
        title: z.string(),
        protects: z.string(),
        unit: z.string(),
        limit: z.string(),
      }),
    ),
  }),
  run: (context) => Promise.resolve({ ...context.policy, rules: [...context.policy.rules] }),
});
