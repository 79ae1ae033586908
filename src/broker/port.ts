import type { ApprovedCancel } from '../domain/approval/approved-cancel.ts';
import type { ApprovedModify } from '../domain/approval/approved-modify.ts';
import type { ApprovedOrder } from '../domain/approval/approved-order.ts';
import type { AccountId, ConId } from '../domain/ids.ts';
import type { Contract, ContractDetails } from '../domain/instrument/contract.ts';
import type { InstrumentQuery } from '../domain/instrument/instrument-query.ts';
import type { BarRequest, BarSeries } from '../domain/instrument/bar.ts';
import type { OptionChain } from '../domain/instrument/option-chain.ts';
import type { Quote } from '../domain/instrument/quote.ts';
import type { Snapshot } from '../domain/instrument/snapshot.ts';
import type { DecimalText } from '../domain/money/decimal.ts';
import type { OrderTerms } from '../domain/order/intent.ts';
import type { ExecutionQuery, ExecutionReport } from '../domain/portfolio/execution-report.ts';
import type { CompletedOrder, Portfolio, WorkingOrder } from '../domain/portfolio/portfolio.ts';
import type { BrokerFacts, LinkState } from '../domain/risk/facts.ts';
import type { Instant } from '../domain/time/instant.ts';

/**
 * The broker port. Reads are for every process (through the gateway's internal read port); writes exist in the
 * gateway process alone and accept nothing but an `ApprovedOrder`. Every read has a deadline: no answer is
 * `BROKER_NO_ANSWER`, never an empty list.
 */
export type BrokerReads = {
  readonly accounts: () => Promise<readonly AccountId[]>;
  readonly link: () => Promise<LinkState>;
  /** IBKR's server time: the clock by which trading hours and days are judged. */
  readonly marketTime: () => Promise<Instant>;
  readonly portfolio: (account: AccountId) => Promise<Portfolio>;
  readonly workingOrders: (account: AccountId) => Promise<readonly WorkingOrder[]>;
  readonly quote: (conId: ConId) => Promise<Quote>;
  /** A quote for looking at: may be up to a minute old unless `fresh`; its age is in the answer. */
  readonly snapshot: (conId: ConId, options: { readonly fresh: boolean }) => Promise<Snapshot>;
  /** Throws `BROKER_UNAVAILABLE` where IBKR's pacing of historical data leaves no room before the deadline. */
  readonly bars: (request: BarRequest) => Promise<BarSeries>;
  /** The chains of an underlying; empty = it has no options. */
  readonly optionChains: (underlying: ConId) => Promise<readonly OptionChain[]>;
  /** Ascending by time. */
  readonly executions: (query: ExecutionQuery) => Promise<readonly ExecutionReport[]>;
  /** Newest first, ours and those placed elsewhere. */
  readonly completedOrders: (account: AccountId) => Promise<readonly CompletedOrder[]>;
  /** Counters of caches, market data lines and pacing since the gateway process began. */
  readonly statistics: () => Promise<ReadStatistics>;
  /** Exact matches only, all of them; empty = IBKR knows none (error 200). Sorted by conId. */
  readonly resolve: (query: InstrumentQuery) => Promise<readonly ContractDetails[]>;
  /** Text search over symbols and names, at most 16, IBKR's order. */
  readonly search: (pattern: string) => Promise<readonly Contract[]>;
  /** All facts of one gate evaluation in one call; a part that fails is a missing fact, never an exception. */
  readonly facts: (terms: OrderTerms) => Promise<BrokerFacts>;
};

/** One cache of the gateway process. `shared` = questions that joined one under way, `bypassed` = asked anew on demand. */
export type CacheStatistics = {
  readonly name: 'contracts' | 'market rules' | 'option chains' | 'snapshots' | 'bars';
  readonly entries: number;
  readonly keepMs: number;
  /** Age of the oldest entry; null = empty. */
  readonly oldestMs: number | null;
  readonly hits: number;
  readonly misses: number;
  readonly shared: number;
  readonly bypassed: number;
  readonly evictions: number;
};

export type ReadStatistics = {
  readonly caches: readonly CacheStatistics[];
  /** Market data lines; `refused` = TWS had none left (101). */
  readonly lines: {
    readonly open: number;
    readonly most: number;
    readonly evictions: number;
    readonly refused: number;
  };
  /** Historical questions of the last ten minutes, of at most `most`; `paced` = refused by IBKR's pacing (162). */
  readonly history: { readonly asked: number; readonly most: number; readonly paced: number };
};

/** One thing that the broker said of an order. De-duplicated by `dedupKey`, persisted before it is acted on. */
export type BrokerEvent = {
  /**
   * `exec:<execId>` · `status:<permId>:<status>:<filled>` · `open:<permId>:<status>` · `commission:<execId>` ·
   * `error:<orderId>:<code>` (of a change also its id) · `incident:<what>:<orderRef>:…` · `completed:<permId>:<status>`. Where IBKR has not given a permId yet, `<clientId>/<orderId>`
   * stands for it.
   */
  readonly dedupKey: string;
  readonly kind:
    | 'open-order'
    | 'order-status'
    | 'execution'
    | 'commission'
    | 'order-error'
    | 'completed-order'
    /** Not said by the broker but concluded from what it said: something a person must look at. */
    | 'incident';
  readonly orderRef: string | null;
  readonly orderId: number | null;
  readonly permId: string | null;
  readonly clientId: number | null;
  readonly receivedAt: Instant;
  /** IBKR's order status word where the message has one. */
  readonly status: string | null;
  /** Cumulative filled and remaining quantity where the message has them. */
  readonly filled: DecimalText | null;
  readonly remaining: DecimalText | null;
  readonly averagePrice: DecimalText | null;
  readonly execution: Execution | null;
  readonly commission: {
    readonly execId: string;
    readonly amount: DecimalText;
    readonly currency: string;
  } | null;
  readonly error: {
    readonly code: number;
    readonly text: string;
    readonly treatment: ErrorTreatment;
  } | null;
  /** What the order is, where the message says it. */
  readonly order?: SeenOrder;
  /** What is wrong; exactly with kind `incident`. */
  readonly incident?: BrokerIncident;
};

/** An order as a message describes it, for orders that we did not place. What it does not say is null. */
export type SeenOrder = {
  readonly account: string | null;
  readonly conId: number | null;
  readonly symbol: string | null;
  readonly side: 'BUY' | 'SELL' | null;
  readonly orderType: string | null;
  readonly tif: string | null;
  readonly quantity: DecimalText | null;
  readonly limitPrice: DecimalText | null;
};

/**
 * More than one order lives under one intent; nobody could say how many after a modification; a message named an
 * order of ours with an account that TWS does not serve, and was not believed.
 */
export type BrokerIncident = 'two-live-orders' | 'modify-unproven' | 'wrong-account';

export type Execution = {
  readonly execId: string;
  readonly quantity: DecimalText;
  readonly price: DecimalText;
  readonly cumulative: DecimalText;
  readonly averagePrice: DecimalText;
  readonly side: 'BUY' | 'SELL';
  /** IBKR's text, e.g. `20261124 10:31:02 US/Eastern`. */
  readonly time: string;
};

/** What an error code means for the order it names (ibkr-protocol notes 3.5; one table, `ibkr/error-table.ts`). */
export type ErrorTreatment =
  'rejected' | 'cancelled' | 'warning' | 'unchanged' | 'reconcile' | 'connection' | 'information';

/** Writes. Implemented by the IBKR adapter inside the gateway process. */
export type BrokerWrites = {
  /** The client id that owns the orders sent here. */
  readonly clientId: number;
  /** IBKR's next valid id of the current session; the ledger allocates above it. Null when the session is not ready. */
  readonly nextValidId: () => number | null;
  /**
   * Waits for a place in the pacing of the login, cancels before orders, and keeps it for the write of that id; to be
   * asked before anything is claimed. The returned function gives an unused place back. Throws `BROKER_UNAVAILABLE`.
   */
  readonly turn: (lane: 'write' | 'cancel', id: string) => Promise<() => void>;
  /**
   * Writes the order's bytes to the socket in this very call, once, and returns; or throws before any byte is
   * written (session not ready, control character, hash, lease). It never queues. The one exception: `OUTCOME_UNKNOWN`
   * when the connection broke during the write; the session is then destroyed, nothing leaves later, and the
   * order must be reconciled.
   */
  readonly place: (order: ApprovedOrder) => void;
  /**
   * As `place`, for a cancel. Needs a session and nothing else: no broken link and no restart window stops it.
   * `ORDER_NOT_OURS` for an order of another client, which TWS would refuse.
   */
  readonly cancel: (cancel: ApprovedCancel) => void;
  /**
   * As `place`, for the whole order with new terms under its own id. Needs a link that has been ready for half a
   * minute. That exactly one order lives afterwards is looked at by itself; anything else comes as an `incident`.
   */
  readonly modify: (modify: ApprovedModify) => void;
};

/** Which orders live under one orderRef. `unknown` = a question was not answered to its end. */
export type LiveProof =
  | { readonly kind: 'none' | 'unknown' }
  | { readonly kind: 'one'; readonly permId: string }
  | { readonly kind: 'several'; readonly permIds: readonly string[] };

/** Evidence about one intent at the broker, by orderRef and permId over open orders, completed orders and executions. */
export type Evidence =
  | { readonly found: true; readonly events: readonly BrokerEvent[] }
  /** `complete` = all three queries gave their end marker on a ready link. */
  | { readonly found: false; readonly complete: boolean; readonly nextValidId: number | null };

export type BrokerEvidence = {
  readonly findOrder: (intentId: string) => Promise<Evidence>;
  /** Asks which orders of the intent live now. */
  readonly liveOrders: (intentId: string) => Promise<LiveProof>;
};

/** What the adapter counts since its process began; `lastSecond` and `waiting` are of now. */
export type BrokerNumbers = {
  readonly link: LinkState;
  readonly connections: Readonly<Record<'write' | 'read', number>>;
  readonly messages: {
    readonly total: number;
    readonly lastSecond: number;
    readonly waiting: number;
  };
  readonly events: number;
  readonly faults: number;
  readonly reads: ReadStatistics;
};
