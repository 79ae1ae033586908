import type { RiskPolicy } from '../../domain/risk/policy.ts';
import { riskRules } from '../../domain/risk/rules/index.ts';
import type { PolicyView } from '../operation.ts';

/** The policy for readers: every rule in id order with its limits as one text. */
export function policyView(policy: RiskPolicy): PolicyView {
  return {
    version: policy.version,
    hash: policy.hash,
    requiredApprovals: policy.approvals.requiredApprovals,
    ttlSeconds: policy.approvals.ttlMs / 1000,
    quoteMaxAgeMs: policy.quoteMaxAgeMs,
    budgets: policy.budgets,
    rules: riskRules.map(({ id, slug, title, protects, unit, configKey }) => ({
      rule: id,
      slug,
      title,
      protects,
      unit,
      enabled: policy.rules[configKey].enabled,
      limit: limitText(policy.rules[configKey]),
      mayReview: policy.manualReview[configKey] ?? [],
    })),
  };
}

function limitText({ enabled, ...limits }: Readonly<Record<string, unknown>>): string {
  if (enabled !== true) return 'off';
  const parts = Object.entries(limits).map(([name, value]) =>
    name === 'limit' && typeof value === 'string' ? value : `${name} ${JSON.stringify(value)}`,
  );
  return parts.join(', ') || 'on';
}
