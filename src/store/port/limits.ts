import type { Actor } from '../../domain/audit/event.ts';
import type { AccountId, LatchId } from '../../domain/ids.ts';
import type { Money } from '../../domain/money/money.ts';
import type { AgentUsage, EquityMarks, Latch } from '../../domain/risk/facts.ts';
import type { Instant } from '../../domain/time/instant.ts';

/** A latch as people see it. */
export type StoredLatch = Latch & {
  readonly latchId: LatchId;
  readonly account: AccountId;
  /** The intent whose verdict set it, or `monitor`. */
  readonly setBy: string;
  readonly released: {
    readonly at: Instant;
    readonly by: string;
    readonly reason: string;
  } | null;
};

/** A limit that is breached: what a latch is made of. `limit` and `observed` are the rule's own words. */
export type LimitBreach = Pick<Latch, 'rule' | 'scope' | 'observed' | 'limit'>;

/**
 * What the gate remembers between orders, for people and for the monitor; the gate itself reads and sets it in its
 * own transactions (`Ledger`). Every change is one transaction with its audit event.
 */
export type Limits = {
  /** Active ones, oldest first; of every account where none is named. */
  readonly latches: (account?: AccountId) => Promise<readonly StoredLatch[]>;
  /** Sets what is not set yet, and returns those. Waits for gates and claims of the account that are under way. */
  readonly setLatches: (
    account: AccountId,
    breaches: readonly LimitBreach[],
    actor: Actor,
  ) => Promise<readonly LatchId[]>;
  /**
   * Lets go of a latch; null = no such latch. One that was released before stays as it is. With the drawdown rule's
   * the marks of the equity begin anew at the value that was seen last, or it would be set again at once.
   */
  readonly releaseLatch: (
    latchId: LatchId,
    reason: string,
    actor: Actor,
  ) => Promise<StoredLatch | null>;
  /** Takes note of an account's net liquidation value and returns the marks with it. */
  readonly observeEquity: (
    account: AccountId,
    netLiquidation: Money,
    marketTime: Instant,
  ) => Promise<EquityMarks>;
  /** What every agent that has proposed since the trading day of `marketTime` began has used; by principal id. */
  readonly agentsToday: (marketTime: Instant | null) => Promise<readonly AgentUsage[]>;
};
