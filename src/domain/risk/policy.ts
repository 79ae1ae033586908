import type { DecimalText } from '../money/decimal.ts';
import type { RuleLimits } from './rules/index.ts';

/**
 * The limits in force, as `config/risk_policy.yml` states them after validation (`src/config/risk-policy.ts`).
 * Every rule has its entry whether it is on or off; a rule that is off shows as `off` in every verdict.
 * Money limits are in the account's base currency, bps are 1/10 000, shares are 0..1.
 */
export type RiskPolicy = {
  readonly version: string;
  /** `sha256:` + 64 hex digits over the canonical JSON of everything else in here. */
  readonly hash: string;
  readonly rules: RuleLimits;
  /** Half-width of the band around the quote's side between which an approved order may still leave. */
  readonly priceBandBps: DecimalText;
  /** A quote older than this is stale, when proposed and again when claimed. */
  readonly quoteMaxAgeMs: number;
  readonly approvals: { readonly requiredApprovals: number; readonly ttlMs: number };
  /** Per environment, whether decisions that arrive as raw Temporal signals count. Never in live. */
  readonly channels: {
    readonly temporal: { readonly dev: boolean; readonly paper: boolean; readonly live: false };
  };
};

/** Whether a decision that arrived as a raw Temporal signal counts in `environment`. */
export function countsTemporalDecisions(
  policy: RiskPolicy,
  environment: 'dev' | 'paper' | 'live',
): boolean {
  return policy.channels.temporal[environment];
}
