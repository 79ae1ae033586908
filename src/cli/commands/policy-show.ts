import { z } from 'zod';
import { table, type Column } from '../table.ts';
import { visible } from '../visible.ts';
import { readCommand } from './read-command.ts';

/** `policy show`: the policy that is in force, as `GET /policy` gives it. */

const text = z.string();
const Budget = z.object({
  notionalPerOrder: text,
  notionalPerDay: text,
  ordersPerDay: z.number(),
  pendingApprovals: z.number(),
  asksPerHour: z.number(),
  secTypes: z.array(text),
  orderTypes: z.array(text),
  conIds: z.array(z.number()).nullable(),
});
const Rule = z.object({
  rule: text,
  title: text,
  unit: text,
  enabled: z.boolean(),
  limit: text,
  mayReview: z.array(text),
});

const ruleColumns: readonly Column<z.infer<typeof Rule>>[] = [
  ['rule', ({ rule }) => rule],
  ['title', ({ title }) => title],
  ['limit', ({ enabled, limit }) => (enabled ? limit : 'off')],
  ['unit', ({ unit }) => unit],
  ['a human may decide on', ({ mayReview }) => mayReview.join(', ') || null],
];

type Owned = z.infer<typeof Budget> & { readonly agent: string };
const budgetColumns: readonly Column<Owned>[] = [
  ['budget', ({ agent }) => agent],
  ['per order', ({ notionalPerOrder }) => notionalPerOrder],
  ['per day', ({ notionalPerDay }) => notionalPerDay],
  ['orders per day', ({ ordersPerDay }) => ordersPerDay],
  ['pending', ({ pendingApprovals }) => pendingApprovals],
  ['asks per hour', ({ asksPerHour }) => asksPerHour],
  ['security types', ({ secTypes }) => secTypes.join(', ')],
  ['order types', ({ orderTypes }) => orderTypes.join(', ')],
  ['instruments', ({ conIds }) => conIds?.join(', ') ?? 'any'],
];

export const policyShow = readCommand({
  usage: 'show',
  description: 'the policy in force: every rule, and the budgets of agents',
  options: [],
  method: 'get',
  path: '/policy',
  shape: z.object({
    version: text,
    hash: text,
    environment: text,
    requiredApprovals: z.number(),
    ttlSeconds: z.number(),
    quoteMaxAgeMs: z.number(),
    budget: Budget,
    namedBudgets: z.array(Budget.extend({ agent: text })),
    rules: z.array(Rule),
  }),
  lines: (policy) => [
    visible(`${policy.version}  ${policy.hash}`),
    `environment  ${policy.environment}`,
    `approvals    ${policy.requiredApprovals}, within ${policy.ttlSeconds} s`,
    `quote        at most ${policy.quoteMaxAgeMs} ms old`,
    ...table(ruleColumns, policy.rules),
    ...table(budgetColumns, [{ agent: 'default', ...policy.budget }, ...policy.namedBudgets]),
  ],
});
