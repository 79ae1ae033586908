import type { ContractDetails, SecType } from '../instrument/contract.ts';
import type { Quote } from '../instrument/quote.ts';
import type { AccountId, ConId, IntentId, PrincipalId } from '../ids.ts';
import type { LinkReason } from '../link-reason.ts';
import type { DecimalText } from '../money/decimal.ts';
import type { Side } from '../order/order-type.ts';
import type { Currency } from '../money/money.ts';
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
  /** Base currency per unit of every currency that positions, working orders and the order itself are in. */
  readonly exchangeRates: Fact<readonly ExchangeRate[]>;
  /** What is traded a day in the instrument. */
  readonly dailyVolume: Fact<DailyVolume>;
  readonly volatility: Fact<Volatility>;
  /** How the instrument moves with every other one that is held, is working or is in question. */
  readonly correlations: Fact<readonly Correlation[]>;
  /** Every instrument that counts: the order's own, of every position and of every working order; by conId. */
  readonly instruments: Fact<readonly InstrumentFacts[]>;
  /** Whether orders can be sent now: session ready, no 1100/2110 outstanding. */
  readonly link: Fact<LinkState>;
};

/** No fact at all, each for the same reason. */
export function allMissing(why: string): BrokerFacts {
  const missing: Missing = { missing: why };
  return {
    marketTime: missing,
    contract: missing,
    quote: missing,
    portfolio: missing,
    workingOrders: missing,
    fxToBase: missing,
    whatIf: missing,
    link: missing,
    exchangeRates: missing,
    dailyVolume: missing,
    volatility: missing,
    correlations: missing,
    instruments: missing,
  };
}

export type ExchangeRate = { readonly currency: Currency; readonly rate: DecimalText };

/** Mean over the last complete trading days. */
export type DailyVolume = { readonly average: DecimalText; readonly days: number };

/** Shares per year (`"0.24"` = 24 %), over the last complete trading days; null = not enough of them, or not quoted. */
export type Volatility = {
  readonly closeToClose: DecimalText | null;
  readonly parkinson: DecimalText | null;
  /** As the options of the instrument, or the option itself, are quoted. */
  readonly implied: DecimalText | null;
  readonly days: number;
};

/** Correlation of daily returns, -1..1, shrunk; null = too few common days. */
export type Correlation = {
  readonly conId: ConId;
  readonly coefficient: DecimalText | null;
  /** Days on which both have a return. */
  readonly days: number;
};

/** What of an instrument counts where exposures are added up. */
export type InstrumentFacts = {
  readonly conId: ConId;
  readonly secType: SecType;
  readonly currency: Currency;
  /** Value of one unit per 1.00 of price; `"1"` where it is 1 by nature. */
  readonly multiplier: DecimalText;
  /** IBKR's industry and category; empty = IBKR names none. */
  readonly sector: string;
  readonly industry: string;
  /** Price of one unit of price, newest known; null = none. */
  readonly price: DecimalText | null;
  /** Of options: signed delta of one option on one unit of the underlying, and the underlying's price. */
  readonly delta: DecimalText | null;
  readonly underlyingPrice: DecimalText | null;
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
  /** As in `InstrumentFacts`, when it was reserved. */
  readonly sector: string;
};

/** Of recent proposals the ledger tells no more than these. */
export const mostRecentIntents = 100;

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
  readonly strategyTag: string | null;
  /** Whether it was sent to the broker. */
  readonly wasSent: boolean;
  readonly at: Instant;
};

/** A rule that has stopped trading until an operator releases it with a reason. */
export type Latch = {
  readonly latchId: string;
  /** `R8`, `R11`, `R16`. */
  readonly rule: string;
  /** What it stops: `account` for everything of the account, else `<conId>/<side>/<strategy tag or ->`. */
  readonly scope: string;
  /** The rule's own words when it was set. */
  readonly observed: string;
  readonly limit: string;
  readonly since: Instant;
};

/** Messages of the account that carry risk (orders and modifications; cancels never count). */
export type Counters = {
  /** Orders sent since the trading day of the market began. */
  readonly ordersToday: number;
  readonly ordersLastMinute: number;
  readonly messagesLastMinute: number;
};

/**
 * Marks of the net liquidation value in base currency, the current one included; null = none yet. `weekStart` and
 * `dayStart` are the last values before the week and the trading day began, or the first that was seen at all
 * (`domain/portfolio/equity-marks.ts`).
 */
export type EquityMarks = {
  readonly highest: DecimalText | null;
  readonly weekStart: DecimalText | null;
  readonly dayStart: DecimalText | null;
};

/** Who proposes, and what that agent has used of its budgets, without the order under evaluation. */
export type AgentUsage = {
  readonly principal: PrincipalId;
  readonly strategyTag: string | null;
  /** Since the trading day began: orders that passed the gate and have not ended without being sent. */
  readonly ordersToday: number;
  /** What those orders reserved, in the base currency of their accounts. */
  readonly notionalToday: DecimalText;
  /** At the claim only those that were there before it. */
  readonly pendingApprovals: number;
  /** Proposals of the hour before this one, whatever became of them. */
  readonly asksLastHour: number;
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
   * Of the same account and instrument and of the last four hours, newest first, at most `mostRecentIntents`,
   * without the order under evaluation itself.
   */
  readonly recentIntents: readonly RecentIntent[];
  /** Sent orders in this instrument of which nobody knows yet what became of them. */
  readonly unconfirmed: readonly IntentId[];
  readonly latches: readonly Latch[];
  readonly counters: Counters;
  readonly equity: EquityMarks;
  readonly agent: AgentUsage;
};

/** Everything that rules and simulator may look at. */
export type GateFacts = BrokerFacts & {
  readonly ledger: Known<LedgerFacts>;
  readonly account: AccountId;
};
