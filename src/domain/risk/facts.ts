import type { ContractDetails } from '../instrument/contract.ts';
import type { Quote } from '../instrument/quote.ts';
import type { AccountId, ConId, IntentId } from '../ids.ts';
import type { LinkReason } from '../link-reason.ts';
import type { DecimalText } from '../money/decimal.ts';
import type { Side } from '../order/order-type.ts';
import type { Portfolio, WorkingOrder } from '../portfolio/portfolio.ts';
import type { Instant } from '../time/instant.ts';

/** A known fact: what, from where, as of when. */
export type Known<T> = { readonly value: T; readonly source: string; readonly at: Instant };
/** A fact that could not be had. `reason` is our own text, e.g. `no quote within 3 s`. */
export type Missing = { readonly missing: string };
export type Fact<T> = Known<T> | Missing;

/** Whether the fact is there. */
export function isKnown<T>(fact: Fact<T>): fact is Known<T> {
  return !('missing' in fact);
}

/** The broker's own estimate of an order (a what-if order), in the account's base currency. */
export type WhatIf = {
  readonly initialMarginBefore: DecimalText | null;
  readonly initialMarginAfter: DecimalText | null;
  readonly maintenanceMarginBefore: DecimalText | null;
  readonly maintenanceMarginAfter: DecimalText | null;
  readonly equityWithLoanAfter: DecimalText | null;
  readonly commission: DecimalText | null;
  readonly commissionCurrency: string | null;
  /** The broker's warning, for the operator only: third-party text is never shown to an agent. */
  readonly warning: string;
};

/** Facts that only the broker knows, gathered by the gateway process in one call. */
export type BrokerFacts = {
  /** The market's clock: IBKR's server time. Trading hours are judged by it. */
  readonly marketTime: Fact<Instant>;
  readonly contract: Fact<ContractDetails>;
  readonly quote: Fact<Quote>;
  readonly portfolio: Fact<Portfolio>;
  /** Every live order of the account, ours and foreign. */
  readonly workingOrders: Fact<readonly WorkingOrder[]>;
  /** Units of base currency per unit of the contract's currency (`"1"` where they are the same). */
  readonly fxToBase: Fact<DecimalText>;
  readonly whatIf: Fact<WhatIf>;
  /** Whether orders can be sent now: session ready, no 1100/2110 outstanding. */
  readonly link: Fact<LinkState>;
};

export type LinkState = {
  readonly state: 'ready' | 'connecting' | 'degraded' | 'down';
  readonly since: Instant;
  /** Why, as a closed code. */
  readonly reason: LinkReason;
  /** One sentence of ours, e.g. `TWS has lost its link to IBKR (1100)`. */
  readonly detail: string;
  /** When something is tried next, or the restart window ends; null where nothing is planned. */
  readonly nextAttemptAt: Instant | null;
};

/** An approval that waits or an approved order that the broker does not show yet: it holds part of the limits. */
export type Reservation = {
  readonly intentId: IntentId;
  readonly conId: ConId;
  readonly side: Side;
  readonly quantity: DecimalText;
  /** Worst-case notional in base currency. */
  readonly notional: DecimalText;
};

/** A recent proposal, for the look-alike rule. */
export type RecentIntent = {
  readonly intentId: IntentId;
  readonly conId: ConId;
  readonly side: Side;
  readonly quantity: DecimalText;
  /** What of its prices it carried; null for the others. */
  readonly limitPrice: DecimalText | null;
  readonly stopPrice: DecimalText | null;
  readonly trailingAmount: DecimalText | null;
  readonly trailingPercent: DecimalText | null;
  readonly limitOffset: DecimalText | null;
  readonly at: Instant;
};

/** Facts that our own ledger knows, read in the transaction that records the verdict. */
export type LedgerFacts = {
  /** The database clock in that transaction: the one clock for ages and windows. */
  readonly now: Instant;
  /**
   * When the order under evaluation was proposed; left out for a new one (= now). At the claim it keeps
   * look-alikes that came later from counting against the first.
   */
  readonly proposedAt?: Instant;
  /** Without the order under evaluation itself. */
  readonly reservations: readonly Reservation[];
  /**
   * Of the same account and instrument and of the last four hours, newest first, at most 100, without the order
   * under evaluation itself.
   */
  readonly recentIntents: readonly RecentIntent[];
  /** Sent orders in this instrument of which nobody knows yet what became of them. */
  readonly unconfirmed: readonly IntentId[];
};

/** Everything that rules and simulator may look at. */
export type GateFacts = BrokerFacts & {
  readonly ledger: Known<LedgerFacts>;
  readonly account: AccountId;
};
