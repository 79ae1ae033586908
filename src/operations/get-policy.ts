import { z } from 'zod';
import { budgetOf, type AgentBudget } from '../domain/risk/policy.ts';
import { operation } from './operation.ts';
import { readOnly } from './parts/hints.ts';
import { anyReader } from './parts/role-groups.ts';
import { decimal } from './parts/shapes.ts';

/**
 * The limits that are in force, for whoever proposes or watches. An agent is shown its own budget alone; what others
 * may use is for operators and auditors.
 */

const Budget = z.object({
  notionalPerOrder: decimal,
  notionalPerDay: decimal,
  ordersPerDay: z.int(),
  pendingApprovals: z.int(),
  asksPerHour: z.int(),
  secTypes: z.array(z.string()),
  orderTypes: z.array(z.string()),
  conIds: z.array(z.int()).nullable().describe('Null = any instrument'),
});

export const getPolicy = operation({
  name: 'get_policy',
  title: 'Risk limits in force',
  description:
    'The rules of the gate with their limits, your budget and the version of the policy. Read it once before proposing, ' +
    'so that orders stay within the limits. It cannot be changed through this door.',
  roles: anyReader,
  effect: 'read',
  http: { method: 'get', path: '/policy' },
  mcp: readOnly,
  input: z.strictObject({}),
  output: z.object({
    version: z.string(),
    hash: z.string(),
    environment: z.enum(['dev', 'paper', 'live']),
    requiredApprovals: z.int().describe('Humans who have to grant an order'),
    ttlSeconds: z.int().describe('How long they may decide, at most'),
    quoteMaxAgeMs: z.int().describe('An older quote is stale'),
    budget: Budget.describe('Yours, in base currency; for others the one of every unnamed agent'),
    namedBudgets: z
      .array(Budget.extend({ agent: z.string() }))
      .describe('For operators: agents with a budget of their own'),
    rules: z.array(
      z.object({
        rule: z.string(),
        slug: z.string(),
        title: z.string(),
        protects: z.string(),
        unit: z.string(),
        enabled: z.boolean(),
        limit: z.string(),
        mayReview: z
          .array(z.enum(['deny', 'cannot-evaluate']))
          .describe('Answers on which a human may still decide'),
      }),
    ),
  }),
  run({ policy, principal, environment }) {
    const { budgets, rules, ...figures } = policy;
    const isAgent = principal?.kind === 'agent';
    const budget = isAgent ? budgetOf(budgets, principal.principalId) : budgets.default;
    const named = isAgent ? [] : Object.entries(budgets.agents);
    return Promise.resolve({
      ...figures,
      environment,
      budget: shown(budget),
      namedBudgets: named.map(([agent, one]) => ({ agent, ...shown(one) })),
      rules: rules.map((rule) => ({ ...rule, mayReview: [...rule.mayReview] })),
    });
  },
});

function shown({ secTypes, orderTypes, conIds, ...figures }: AgentBudget): z.input<typeof Budget> {
  return {
    ...figures,
    secTypes: [...secTypes],
    orderTypes: [...orderTypes],
    conIds: conIds === null ? null : [...conIds],
  };
}
