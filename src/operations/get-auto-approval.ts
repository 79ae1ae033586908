import { z } from 'zod';
import { autoCategories } from '../domain/approval/policy/index.ts';
import { operation } from './operation.ts';
import { auditReaders } from './parts/role-groups.ts';
import { decimal } from './parts/shapes.ts';

/** The auto-approval policy in force, for people. Agents have no door to it, to read or to change. */
export const getAutoApproval = operation({
  name: 'get_auto_approval',
  title: 'What is approved without a human',
  description:
    'The auto-approval policy in force: whether it is on and where, its threshold, its limit per agent, instrument and day, ' +
    'and the settings of each category. For operators; it is changed in its file only.',
  roles: auditReaders,
  effect: 'read',
  http: { method: 'get', path: '/policy/auto-approval' },
  mcp: null,
  input: z.strictObject({}),
  output: z.object({
    version: z.string(),
    hash: z.string(),
    active: z.boolean().describe('Whether it approves anything in this environment'),
    enabled: z.boolean(),
    environments: z.array(z.string()),
    threshold: decimal.describe('Of one order, base currency'),
    cumulative: z
      .object({ limit: decimal, timeZone: z.string() })
      .describe('Per agent, instrument and day of that zone, base currency'),
    categories: z.array(
      z.object({
        category: z.string(),
        title: z.string(),
        settings: z.unknown().describe('"off", or what must hold'),
      }),
    ),
  }),
  run({ autoApproval: policy, environment }) {
    const { version, hash, enabled, threshold, cumulative } = policy;
    return Promise.resolve({
      ...{ version, hash, enabled, threshold, cumulative },
      environments: [...policy.environments],
      active: enabled && policy.environments.includes(environment),
      categories: autoCategories.map(({ key, title }) => ({
        ...{ category: key, title, settings: policy.categories[key] },
      })),
    });
  },
});
