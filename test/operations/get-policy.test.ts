import { expect, it } from 'vitest';
import { createApi } from '../../src/api/app.ts';
import { logger } from '../../src/log/logger.ts';
import { callTool } from '../../src/mcp/call-tool.ts';
import type { AgentBudget } from '../../src/domain/risk/policy.ts';
import { riskRules } from '../../src/domain/risk/rules/index.ts';
import { policyView } from '../../src/operations/parts/policy-view.ts';
import { d, gateCase } from '../domain/gate-facts.ts';
import { createWorld } from '../support/doors-world.ts';
import { headersOf, origin, send, type Who } from '../support/http-client.ts';

const log = logger('test', 'error', { write: () => undefined });

/** A world in which one agent has a budget of its own, R1 may be reviewed and R7 is off. */
function world() {
  const made = createWorld();
  const { policy } = gateCase();
  const common = policy.budgets.default;
  const own: AgentBudget = { ...common, notionalPerOrder: d(1234), conIds: [265598] };
  const view = policyView({
    ...policy,
    rules: { ...policy.rules, daily_trade_count: { enabled: false, limit: 50 } },
    manualReview: { max_notional: ['deny'] },
    budgets: { default: common, agents: { [made.agent.principal.principalId]: own } },
    approvals: { requiredApprovals: 2, ttlMs: 90_000 },
  });
  const ports = { ...made.ports, policy: view };
  const api = createApi({ ports, log, version: '1', publicUrl: origin });
  const get = async (who: Who) =>
    (await send(api, 'GET', '/api/v1/policy', { headers: headersOf(made, who) })).body;
  return { made, ports, get, common, own };
}

it('says per rule whether it is on and on which answers a human may decide', async () => {
  const { get } = world();
  const body = await get('agent');
  const rules = body['rules'] as { rule: string; enabled: boolean; mayReview: string[] }[];
  expect(rules.map(({ rule }) => rule)).toEqual(riskRules.map(({ id }) => id));
  expect(rules.filter(({ enabled }) => !enabled)).toMatchObject([{ rule: 'R7', limit: 'off' }]);
  expect(rules.filter(({ mayReview }) => mayReview.length > 0)).toMatchObject([
    { rule: 'R1', limit: '50000', enabled: true, mayReview: ['deny'] },
  ]);
  expect(body).toMatchObject({
    ...{ version: 'test', environment: 'dev', requiredApprovals: 2 },
    ...{ ttlSeconds: 90, quoteMaxAgeMs: 5000 },
  });
});

it('shows an agent its own budget and nobody else’s', async () => {
  const { get, own, common, made } = world();
  expect(await get('agent')).toMatchObject({ budget: own, namedBudgets: [] });
  const other = await get('otherAgent');
  expect(other).toMatchObject({ budget: common, namedBudgets: [] });
  expect(JSON.stringify(other)).not.toContain('1234');
  expect(JSON.stringify(other)).not.toContain(made.agent.principal.principalId);
});

it.each(['operator', 'auditor'] as const)(
  'shows the %s the default budget and every named one',
  async (who) => {
    const { get, own, common, made } = world();
    const agent = made.agent.principal.principalId;
    expect(await get(who)).toMatchObject({ budget: common, namedBudgets: [{ agent, ...own }] });
  },
);

it('says the same through MCP', async () => {
  const { get, ports, made } = world();
  const answer = await callTool(
    { ports, log, version: '1' },
    () => Promise.resolve(made.agent.principal),
    { name: 'get_policy', input: {}, signal: new AbortController().signal },
  );
  const { rules, budget, environment } = await get('agent');
  expect(answer.structuredContent).toMatchObject({ rules, budget, environment });
});
