import type { PrincipalId } from '../ids.ts';
import type { DecimalText } from '../money/decimal.ts';
import type { OrderType } from '../order/order-type.ts';
import type { OrderableSecType } from '../instrument/contract.ts';
import type { FactMaxAges } from './fact-age.ts';
import type { RuleKey, RuleLimits } from './rules/index.ts';

/**
 * The limits in force, as `config/environments/<env>/risk_policy.yml` states them after validation (`src/config/risk-policy.ts`).
 * Every rule has its entry whether it is on or off; a rule that is off shows as `off` in every verdict.
 * Money limits are in the account's base currency, bps are 1/10 000, shares are 0..1.
 */
export type RiskPolicy = {
  readonly version: string;
  /** `sha256:` + 64 hex digits over the canonical JSON of everything else in here. */
  readonly hash: string;
  readonly rules: RuleLimits;
  /** Why a rule is off, where somebody has said so; in live each that is off has its reason. */
  readonly offBecause: { readonly [K in RuleKey]?: string };
  /** Where a human may decide although the rule gave that answer. Not for every rule: `neverReviewed`. */
  readonly manualReview: { readonly [K in RuleKey]?: readonly ('deny' | 'cannot-evaluate')[] };
  readonly budgets: Budgets;
  /** What a breach found at the claim leads to, by the breach's term up to its first dot; `ask` where none is named. */
  readonly breaches: Readonly<Record<string, BreachAction>>;
  /** Half-width of the band around the quote's side between which an approved order may still leave. */
  readonly priceBandBps: DecimalText;
  /** A quote older than this is stale, when proposed and again when claimed. */
  readonly quoteMaxAgeMs: number;
  /** An older fact counts as missing. */
  readonly factMaxAgeMs: FactMaxAges;
  readonly approvals: { readonly requiredApprovals: number; readonly ttlMs: number };
  /** Per environment, whether decisions that arrive as raw Temporal signals count. Never in live. */
  readonly channels: {
    readonly temporal: { readonly dev: boolean; readonly paper: boolean; readonly live: false };
  };
};

/** Ask a human anew, deny the order, or halt all trading. */
export type BreachAction = 'ask' | 'deny' | 'halt';

/** What one agent may use. Every figure is a limit; there is no "unlimited". */
export type AgentBudget = {
  /** Base currency. */
  readonly notionalPerOrder: DecimalText;
  readonly notionalPerDay: DecimalText;
  readonly ordersPerDay: number;
  readonly pendingApprovals: number;
  readonly asksPerHour: number;
  readonly secTypes: readonly OrderableSecType[];
  readonly orderTypes: readonly OrderType[];
  /** Null = any instrument. */
  readonly conIds: readonly number[] | null;
};

export type Budgets = {
  /** Of every agent that is not named. */
  readonly default: AgentBudget;
  /** By principal id. */
  readonly agents: Readonly<Record<string, AgentBudget>>;
};

/** The budget under the agent's own id, else the one of all others. */
export function budgetOf(
  { agents, default: common }: Budgets,
  principal: PrincipalId,
): AgentBudget {
  return Object.hasOwn(agents, principal) ? (agents[principal] ?? common) : common;
}

/** Whether a decision that arrived as a raw Temporal signal counts in `environment`. */
export function countsTemporalDecisions(
  policy: RiskPolicy,
  environment: 'dev' | 'paper' | 'live',
): boolean {
  return policy.channels.temporal[environment];
}
