import { z } from 'zod';
import type { DecimalText } from '../../money/decimal.ts';
import { fixed, Fixed } from '../../money/fixed.ts';
import { isKnown, type AgentUsage } from '../facts.ts';
import { cannotEvaluate, judgeAmount } from '../judge.ts';
import { flag } from '../limits.ts';
import { judgeFit, judgeTogether, type Part } from '../parts.ts';
import { budgetOf, type AgentBudget } from '../policy.ts';
import { riskRule, type RuleInput, type RuleResult } from '../rule.ts';

/**
 * R20. Limits of what an agent may do, and of how much of a human's attention it may ask for. The former do not
 * keep anyone from an exit, the latter and what it may trade at all do.
 */
export const agentBudget = riskRule({
  id: 'R20',
  slug: 'r20-agent-budget',
  title: 'Agent budget',
  protects: 'One agent that uses up what all of them share: limits, approvals, attention.',
  unit: 'budget',
  configKey: 'agent_budget',
  limits: z.strictObject({ enabled: flag }),
  needs: ['ledger'],
  alsoReads: ['contract', 'portfolio', 'workingOrders', 'quote', 'fxToBase'],
  check: (input) => {
    const { agent } = input.facts.ledger.value;
    if (!agent.principal.startsWith('agt_')) return judgeFit(true, 'no budget', 'none');
    const budget = budgetOf(input.policy.budgets, agent.principal);
    const isExit = input.exposure?.isExit === true;
    return judgeTogether([
      ...(isExit ? [] : usageParts(input, agent, budget)),
      ...attentionParts(agent, budget),
      ...scopeParts(input, budget),
    ]);
  },
});

/** What the agent has used with this order. */
function usageParts({ simulation }: RuleInput, agent: AgentUsage, budget: AgentBudget): Part[] {
  const notional = (limit: DecimalText, before: DecimalText): RuleResult =>
    'missing' in simulation
      ? cannotEvaluate(simulation.missing)
      : judgeAmount(fixed(before).plus(fixed(simulation.worstNotionalBase)), fixed(limit));
  return [
    { name: 'notional', answer: notional(budget.notionalPerOrder, '0' as DecimalText) },
    { name: 'notional today', answer: notional(budget.notionalPerDay, agent.notionalToday) },
    { name: 'orders today', answer: withThisOne(agent.ordersToday, budget.ordersPerDay) },
  ];
}

/** What it asks of a human with this order. */
function attentionParts(agent: AgentUsage, budget: AgentBudget): Part[] {
  const { pendingApprovals, asksLastHour } = agent;
  return [
    { name: 'pending approvals', answer: withThisOne(pendingApprovals, budget.pendingApprovals) },
    { name: 'asks per hour', answer: withThisOne(asksLastHour, budget.asksPerHour) },
  ];
}

/** What it may trade at all. */
function scopeParts({ terms, facts: { contract } }: RuleInput, budget: AgentBudget): Part[] {
  const { secTypes, orderTypes, conIds } = budget;
  const secType = isKnown(contract) ? contract.value.contract.secType : null;
  const parts: Part[] = [
    {
      name: 'security type',
      answer:
        secType === null
          ? cannotEvaluate('contract')
          : judgeFit(
              secTypes.some((one) => one === secType),
              secType,
              oneOf(secTypes),
            ),
    },
    {
      name: 'order type',
      answer: judgeFit(orderTypes.includes(terms.orderType), terms.orderType, oneOf(orderTypes)),
    },
  ];
  if (conIds === null) return parts;
  const isNamed = conIds.includes(terms.conId);
  const answer = judgeFit(isNamed, String(terms.conId), `one of ${conIds.length}`);
  return [...parts, { name: 'conId', answer }];
}

function withThisOne(before: number, limit: number): RuleResult {
  return judgeAmount(new Fixed(before + 1, 0), new Fixed(limit, 0));
}

function oneOf(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join('/');
}
