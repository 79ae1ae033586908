import type { z } from 'zod';
import type { Contract } from '../../instrument/contract.ts';
import type { DecimalText } from '../../money/decimal.ts';
import { fixed, larger, type Fixed } from '../../money/fixed.ts';
import type { OrderTerms } from '../../order/intent.ts';
import type { GateEvaluation } from '../../risk/evaluate.ts';
import type { GateFacts } from '../../risk/facts.ts';
import type { Instant } from '../../time/instant.ts';

/** What the ledger knows of earlier automatic approvals, without the order under judgement. */
export type AutoUsage = {
  /** Base currency, approved automatically for this agent in this instrument since the policy's day began. */
  readonly notionalToday: DecimalText;
  /** By name of a DCA schedule: the market's time of its last order of this agent in this instrument. */
  readonly lastBySchedule: Readonly<Record<string, Instant>>;
};

/** An order as a gate that passed it leaves it, and everything else that an automatic approval depends on. */
export type AutoInput = {
  readonly terms: OrderTerms;
  readonly contract: Contract;
  readonly facts: GateFacts;
  readonly evaluation: GateEvaluation;
  /** The proposer's own words. */
  readonly words: { readonly reason: string; readonly strategyTag: string | null };
  readonly usage: AutoUsage;
  /** 1 for a new order, more after something did not hold when it was to be sent. */
  readonly round: number;
  /** How many people would have to approve. */
  readonly requiredApprovals: number;
  readonly isHalted: boolean;
};

/** What was held against what; both are texts of ours. */
export type Matched = {
  readonly category: string;
  readonly observed: string;
  readonly limit: string;
};

/** One check's answer. `why` is one sentence of ours without a full stop. */
export type CategoryAnswer =
  | {
      readonly matches: true;
      readonly observed: string;
      readonly limit: string;
      /** The DCA schedule that the order belongs to. */
      readonly schedule?: string;
    }
  | { readonly matches: false; readonly why: string };

/** A category of the auto-approval policy: one small file each, registered in `index.ts`. */
export type AutoCategory<S extends z.ZodType = z.ZodType> = {
  /** Key below `categories` in `auto_approval_policy.json`. */
  readonly key: string;
  readonly title: string;
  /** What stands below that key where the category is on. */
  readonly settings: S;
  /** Pure and total; what cannot be judged does not match. A method, so that categories of all settings fit one list. */
  check(input: AutoInput, settings: z.output<S>): CategoryAnswer;
};

/** Typed identity function: ties a category's check to its own settings. */
export function autoCategory<K extends string, S extends z.ZodType>(
  category: AutoCategory<S> & { readonly key: K },
): AutoCategory<S> & { readonly key: K } {
  return category;
}

/** The answer of a check that fails. */
export function refuse(why: string): CategoryAnswer {
  return { matches: false, why };
}

/**
 * What the order may cost at worst, in base currency: the larger of what was simulated and what is reserved for
 * it. Null where nothing could be simulated.
 */
export function notionalOf({ simulation, reservedNotional }: GateEvaluation): Fixed | null {
  if ('missing' in simulation) return null;
  return larger(fixed(simulation.worstNotionalBase).abs(), fixed(reservedNotional).abs());
}
