import type { SecType } from '../instrument/contract.ts';
import type { QuoteKind } from '../instrument/quote.ts';
import type { DecimalText } from '../money/decimal.ts';

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

/** The limits of each rule by its key below `rules`. */
export type RuleLimits = {
  /** Cannot be switched off: without a simulation nobody knows what is being signed. */
  readonly simulation: { readonly enabled: true; readonly allowShort: boolean };
  readonly max_notional: { readonly enabled: boolean; readonly limit: DecimalText };
  readonly max_position_share: { readonly enabled: boolean; readonly limit: DecimalText };
  readonly trading_hours: { readonly enabled: boolean; readonly allowOutsideRth: boolean };
  readonly daily_loss: { readonly enabled: boolean; readonly limit: DecimalText };
  readonly max_quantity: {
    readonly enabled: boolean;
    readonly limits: Readonly<Record<SecType, DecimalText>>;
  };
  readonly price_collar: {
    readonly enabled: boolean;
    readonly limitBps: DecimalText;
    /** Widest spread at which a market order may be sent. */
    readonly maxSpreadBps: DecimalText;
    readonly allowedQuoteKinds: readonly QuoteKind[];
  };
  readonly duplicate: { readonly enabled: boolean; readonly windowSeconds: number };
};
export type RuleKey = keyof RuleLimits;

/** Whether a decision that arrived as a raw Temporal signal counts in `environment`. */
export function countsTemporalDecisions(
  policy: RiskPolicy,
  environment: 'dev' | 'paper' | 'live',
): boolean {
  return policy.channels.temporal[environment];
}
