import { loadAutoApprovalPolicy, shippedAutoApprovalFile } from '../config/auto-approval-policy.ts';
import type { Settings } from '../config/env.ts';
import { dayStart, type AutoApprovalPolicy } from '../domain/approval/policy/auto-policy.ts';
import { judgeAutoApproval } from '../domain/approval/policy/judge-auto-approval.ts';
import { soundFacts } from '../domain/risk/evaluate.ts';
import type { RiskPolicy } from '../domain/risk/policy.ts';
import type { AutoApproval } from '../store/port/ledger.ts';

/** The auto-approval policy of this environment. Throws `ConfigurationError` with every problem of the file. */
export function autoApprovalPolicy(settings: Settings): AutoApprovalPolicy {
  const { AUTO_APPROVAL_POLICY_FILE: file, ENV } = settings;
  return loadAutoApprovalPolicy(file ?? shippedAutoApprovalFile(ENV));
}

/**
 * What the ledger asks; null where the policy approves nothing in this environment, so that nothing is asked. It
 * judges by the facts that the gate judges by: `riskPolicy` says how old they may be.
 */
export function autoApproval(
  settings: Settings,
  riskPolicy: () => RiskPolicy,
): AutoApproval | null {
  const { ENV } = settings;
  const policy = autoApprovalPolicy(settings);
  if (!policy.enabled || !policy.environments.includes(ENV)) return null;
  return {
    dayStart: (now) => dayStart(policy, now),
    judge: (input) => {
      const facts = soundFacts(input.terms, input.facts, riskPolicy());
      return judgeAutoApproval({ ...input, facts }, policy, ENV);
    },
  };
}
