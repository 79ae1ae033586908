import type { z } from 'zod';
import type { DecimalText } from '../money/decimal.ts';
import type { OrderTerms } from '../order/intent.ts';
import type { Simulation } from '../simulate/simulation.ts';
import type { Exposure } from './exposure.ts';
import type { Instant } from '../time/instant.ts';
import type { GateFacts } from './facts.ts';
import type { RiskPolicy } from './policy.ts';

/** Names of facts that a rule can need. The evaluator refuses (cannot-evaluate) before the rule runs if one is missing. */
export type FactName = Exclude<keyof GateFacts, 'account'>;

/**
 * What a rule answers. `observed` and `limit` are in the rule's unit, as decimal or plain text that a person
 * can read; `share` is observed ÷ limit where that makes sense (0.8 and more is a warning), else null.
 */
export type RuleResult =
  | {
      readonly outcome: 'pass' | 'warn' | 'deny';
      readonly observed: string;
      readonly limit: string;
      readonly share: string | null;
      /** With `deny`: the rule stays denied for this scope until an operator releases it. */
      readonly latch?: string;
    }
  | { readonly outcome: 'cannot-evaluate'; readonly missing: string }
  /** The policy switches the rule off; said in every verdict so that nobody takes silence for a pass. */
  | { readonly outcome: 'off' };

export type RuleInput = {
  readonly terms: OrderTerms;
  readonly facts: GateFacts;
  readonly simulation: Simulation;
  /** What can become of the position; null where portfolio or working orders are missing. */
  readonly exposure: Exposure | null;
  /** How far from the mid an order without a limit may be filled, at worst. */
  readonly collarBps: DecimalText;
  /** A quote older than this is stale. */
  readonly quoteMaxAgeMs: number;
  readonly policy: RiskPolicy;
};

/** The entry of a rule in the policy file: every one can say whether the rule is on. */
type LimitsSchema = z.ZodType<{ readonly enabled: boolean }>;

/** A risk rule: one small file each, registered in `rules/index.ts`. */
export type RiskRule<S extends LimitsSchema = LimitsSchema> = {
  /** `R1` … */
  readonly id: string;
  /** The file's name without ending, e.g. `r01-max-notional`. */
  readonly slug: string;
  readonly title: string;
  /** One sentence: what it protects against. */
  readonly protects: string;
  readonly unit: string;
  /** Key below `rules` in `config/environments/<env>/risk_policy.yml`. */
  readonly configKey: string;
  /** What stands below that key. */
  readonly limits: S;
  readonly needs: readonly FactName[];
  /** Facts that `check` looks at only where it has to: shown as used, but their absence is for `check` to judge. */
  readonly alsoReads?: readonly FactName[];
  /**
   * What the rule means for an exit: `pass` = exits are not asked, whatever facts are missing; `warn` = a denial or
   * a missing fact only warns. Left out, an exit is judged like any other order.
   */
  readonly exits?: 'pass' | 'warn';
  /** Another quantity or price would dodge the rule instead of obeying it: no nearest order is named against it. */
  readonly isDodgeable?: true;
  /** Pure and total: never throws for facts that `needs` names. */
  readonly check: (input: RuleInput, limits: z.output<S>) => RuleResult;
};

/** Typed identity function: ties a rule's check to its own limits. */
export function riskRule<K extends string, S extends LimitsSchema>(
  rule: RiskRule<S> & { readonly configKey: K },
): RiskRule<S> & { readonly configKey: K } {
  return rule;
}

/** One rule's answer inside a verdict. */
export type RuleVerdict = RuleResult & {
  readonly rule: string;
  readonly slug: string;
  readonly title: string;
  readonly unit: string;
  /** The policy lets a human decide although the rule denies or cannot be evaluated. */
  readonly mayReview: boolean;
  /** What it was judged by, in the order of `needs`; a missing fact has no time. */
  readonly facts: readonly FactUsed[];
};

export type FactUsed = {
  readonly name: FactName;
  readonly source: string | null;
  readonly at: Instant | null;
};

/**
 * The gate's answer: `deny` if any rule denies or cannot be evaluated, unless the policy lets a human decide about
 * each of those: then `review`, which no automatic approval passes.
 */
export type Verdict = {
  readonly outcome: 'pass' | 'review' | 'deny';
  readonly warnings: number;
  readonly rules: readonly RuleVerdict[];
  readonly policyVersion: string;
  /** `sha256:` + 64 hex digits of the policy's canonical JSON. */
  readonly policyHash: string;
  /** Of a denied order the nearest one that passes, where it was looked for. */
  readonly nearest?: NearestOrder;
};

/** What the gate would pass instead. */
export type NearestOrder =
  | {
      readonly kind: 'found';
      /** The largest that passes. */
      readonly quantity: DecimalText;
      /** The order's own, or the nearest one that passes; null for an order without a limit. */
      readonly limitPrice: DecimalText | null;
      readonly changes: readonly ('quantity' | 'limitPrice')[];
    }
  /** `why` is our own text: the rules that deny at every size and price. */
  | { readonly kind: 'none'; readonly why: string };
