import type { ApprovedOrder } from '../../domain/approval/approved-order.ts';
import type { Breach } from '../../domain/approval/breaches.ts';
import type { AutoInput, Matched } from '../../domain/approval/policy/category.ts';
import type { AutoJudgement } from '../../domain/approval/policy/judge-auto-approval.ts';
import type { Actor } from '../../domain/audit/event.ts';
import type {
  AccountId,
  ApprovalId,
  ConId,
  DecisionId,
  IntentId,
  PrincipalId,
} from '../../domain/ids.ts';
import type { Contract } from '../../domain/instrument/contract.ts';
import type { DecimalText } from '../../domain/money/decimal.ts';
import type { ApprovalEnvelope, EnvelopeHash, PriceBand } from '../../domain/order/envelope.ts';
import type { OrderTerms } from '../../domain/order/intent.ts';
import type { OrderState } from '../../domain/order/lifecycle.ts';
import type { BrokerFacts, GateFacts } from '../../domain/risk/facts.ts';
import type { BreachAction } from '../../domain/risk/policy.ts';
import type { Verdict } from '../../domain/risk/rule.ts';
import type { Simulation } from '../../domain/simulate/simulation.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { BrokerEvent } from '../../broker/port.ts';
import type { ErrorCode } from '../../domain/errors.ts';

/** A proposal as it enters the ledger: resolved terms plus the agent's words. */
export type NewIntent = {
  readonly intentId: IntentId;
  readonly proposer: PrincipalId;
  /** Unique per proposer; the same key with the same body gives the same intent. */
  readonly idempotencyKey: string;
  /** `sha256:…` of the canonical request. */
  readonly bodyHash: string;
  readonly terms: OrderTerms;
  readonly contract: Contract;
  readonly reason: string;
  readonly strategyTag: string | null;
  /** The proposer's own, shorter time to decide; the policy's applies where it is shorter still. */
  readonly validForMs: number | null;
  readonly actor: Actor;
};

export type IntentReceipt =
  | { readonly kind: 'recorded'; readonly intentId: IntentId }
  | { readonly kind: 'same'; readonly intentId: IntentId }
  | { readonly kind: 'conflict' };

/** An intent as stored. */
export type StoredIntent = Omit<NewIntent, 'actor'> & { readonly proposedAt: Instant };

export type GateEvaluation = {
  readonly verdict: Verdict;
  readonly simulation: Simulation;
  readonly priceBand: PriceBand;
  readonly reservedNotional: DecimalText;
};

/** An approval that the auto-approval policy gave. */
export type AutoApproved = {
  /** What was held against what, in the order of the policy. */
  readonly matched: readonly Matched[];
  readonly policyHash: string;
};

/** The auto-approval policy in force, as the ledger asks it inside its transactions. Both are pure. */
export type AutoApproval = {
  /** When the day of the cumulative limit began that `now` is in. */
  readonly dayStart: (now: Instant) => Instant;
  readonly judge: (input: AutoInput) => AutoJudgement;
};

export type GateInput = {
  readonly intentId: IntentId;
  /** 1, or one more than the round that was found stale. */
  readonly round: number;
  readonly approvalId: ApprovalId;
  readonly brokerFacts: BrokerFacts;
  readonly ttlMs: number;
  readonly actor: Actor;
  /** Pure; runs inside the transaction that holds the account's lock. */
  readonly evaluate: (terms: OrderTerms, facts: GateFacts) => GateEvaluation;
  /** Pure; builds what the human will sign. */
  readonly seal: (
    intent: StoredIntent,
    facts: GateFacts,
    evaluation: GateEvaluation,
    expiresAt: Instant,
  ) => ApprovalEnvelope;
  /** Null = only people approve. */
  readonly autoApproval: AutoApproval | null;
};

/** What a gate round came to; the same answer when asked again for the same round. */
export type GateOutcome =
  | { readonly kind: 'denied'; readonly verdict: Verdict; readonly simulation: Simulation }
  | { readonly kind: 'halted' }
  | {
      readonly kind: 'awaiting';
      readonly approvalId: ApprovalId;
      readonly envelopeHash: EnvelopeHash;
      readonly expiresAt: Instant;
      readonly verdict: Verdict;
      readonly simulation: Simulation;
      /** Only where nobody is waited for: the policy has granted it already. */
      readonly autoApproved?: AutoApproved;
    };

export type ApprovalStatus =
  'open' | 'granted' | 'declined' | 'expired' | 'withdrawn' | 'stale' | 'consumed' | 'halted';

export type DecisionInput = {
  readonly approvalId: ApprovalId;
  /** The order that it was said to, where it was said to one: the approval of another order is not found there. */
  readonly intentId?: IntentId;
  readonly decisionId: DecisionId;
  readonly decision: 'grant' | 'deny';
  readonly principal: PrincipalId;
  readonly channel: 'http' | 'cli' | 'temporal';
  /** The envelope that the person saw. Null only for channel `temporal`, whose approval id names one envelope. */
  readonly envelopeHash: EnvelopeHash | null;
  readonly reason: string | null;
  readonly actor: Actor;
};

export type DecisionReceipt =
  | {
      readonly kind: 'recorded';
      readonly intentId: IntentId;
      readonly approvalId: ApprovalId;
      readonly decisionId: DecisionId;
      readonly status: ApprovalStatus;
      readonly state: OrderState;
    }
  | {
      readonly kind: 'refused';
      readonly code: Extract<
        ErrorCode,
        | 'NOT_FOUND'
        | 'APPROVAL_DECIDED'
        | 'APPROVAL_EXPIRED'
        | 'APPROVAL_WITHDRAWN'
        | 'APPROVAL_SUPERSEDED'
        | 'APPROVER_IS_PROPOSER'
        | 'ENVELOPE_MISMATCH'
        | 'TRADING_HALTED'
        | 'FORBIDDEN'
      >;
      readonly status: ApprovalStatus | null;
      /** Who decided first, for the message to later ones. */
      readonly winner: {
        readonly decision: 'grant' | 'deny';
        readonly principal: string;
        readonly at: Instant;
      } | null;
    };

export type ExpiryOutcome =
  | { readonly kind: 'expired' }
  /** The database clock is not there yet. */
  | { readonly kind: 'not-yet'; readonly remainingMs: number }
  /** Somebody decided in time. */
  | { readonly kind: 'settled'; readonly status: ApprovalStatus };

export type SubmitInput = {
  readonly intentId: IntentId;
  readonly approvalId: ApprovalId;
  readonly clientId: number;
  readonly nextValidId: number;
  readonly brokerFacts: BrokerFacts;
  readonly actor: Actor;
  readonly evaluate: (terms: OrderTerms, facts: GateFacts) => GateEvaluation;
  /** Pure; every term re-derived. Empty = nothing changed beyond what was signed. */
  readonly findBreaches: (
    envelope: ApprovalEnvelope,
    facts: GateFacts,
    verdict: Verdict,
  ) => readonly Breach[];
  /** Pure; what the policy wants where there are any. */
  readonly actionOn: (breaches: readonly Breach[]) => BreachAction;
  /** Asked again about an order that it approved; null = it approves nothing any more. */
  readonly autoApproval: AutoApproval | null;
  /** Whether the sender's lease is still valid on its own monotonic clock; asked right before the write. */
  readonly mayWrite: () => boolean;
  /** Writes the bytes synchronously, or throws before the first one. */
  readonly write: (order: ApprovedOrder) => void;
  /** Test hook; does nothing in production. */
  readonly barrier: (
    point: 'submit.before-claim' | 'submit.after-claim' | 'submit.after-write',
  ) => Promise<void>;
};

export type SubmitOutcome =
  | { readonly kind: 'sent'; readonly orderId: number; readonly sentAt: Instant }
  | { readonly kind: 'stale'; readonly breaches: readonly Breach[] }
  /** The policy denies an order that is no longer as it was signed. */
  | { readonly kind: 'denied'; readonly breaches: readonly Breach[] }
  | { readonly kind: 'halted' }
  | { readonly kind: 'expired' }
  /** Granted too little, declined, withdrawn: nothing was consumed. */
  | { readonly kind: 'not-granted'; readonly status: ApprovalStatus }
  /** An earlier attempt claimed it: only reconciliation may say what became of it. */
  | { readonly kind: 'claimed-before' }
  /** Claimed, but the write was refused before the first byte. */
  | { readonly kind: 'not-sent'; readonly why: string };

/** What the ledger knows of the claim of an intent. */
export type Submission = {
  readonly intentId: IntentId;
  readonly approvalId: ApprovalId;
  readonly clientId: number;
  readonly orderId: number;
  readonly claimedAt: Instant;
  readonly writtenAt: Instant | null;
  readonly permId: string | null;
};

/** An order as the ledger shows it to people and agents. */
export type OrderView = {
  readonly intentId: IntentId;
  readonly state: OrderState;
  readonly version: number;
  readonly account: AccountId;
  readonly proposer: PrincipalId;
  readonly terms: OrderTerms;
  readonly contract: Contract;
  readonly reason: string;
  readonly strategyTag: string | null;
  readonly round: number;
  readonly approvalId: ApprovalId | null;
  readonly envelopeHash: EnvelopeHash | null;
  readonly expiresAt: Instant | null;
  readonly verdict: Verdict | null;
  readonly simulation: Simulation | null;
  readonly breaches: readonly Breach[];
  /** Null where people decide or have decided about the approval that is shown. */
  readonly autoApproved: AutoApproved | null;
  readonly declineReason: string | null;
  readonly orderId: number | null;
  readonly permId: string | null;
  readonly filled: DecimalText;
  readonly remaining: DecimalText;
  readonly averagePrice: DecimalText | null;
  readonly commission: DecimalText | null;
  readonly proposedAt: Instant;
  readonly updatedAt: Instant;
};

export type ApprovalView = {
  readonly approvalId: ApprovalId;
  readonly intentId: IntentId;
  readonly status: ApprovalStatus;
  readonly envelope: ApprovalEnvelope;
  readonly envelopeHash: EnvelopeHash;
  readonly requestedAt: Instant;
  readonly expiresAt: Instant;
  /** On the database clock, never negative. */
  readonly remainingMs: number;
  readonly decisions: readonly {
    readonly decisionId: DecisionId;
    readonly decision: 'grant' | 'deny';
    readonly principal: string;
    readonly channel: string;
    readonly reason: string | null;
    readonly at: Instant;
  }[];
  /** Null where people decide. */
  readonly autoApproved: AutoApproved | null;
};

export type Page<T> = { readonly items: readonly T[]; readonly next: string | null };

/** Work whose wake-up may have been lost in a crash; the sweeper repeats it. */
export type Overdue =
  | { readonly kind: 'not-started'; readonly intentId: IntentId }
  | { readonly kind: 'decided'; readonly intentId: IntentId; readonly approvalId: ApprovalId }
  | { readonly kind: 'broker-news'; readonly intentId: IntentId };

/**
 * The ledger of orders: every method is one transaction on the database clock that also appends its audit
 * events, or nothing. Failures of the database are `STORE_UNAVAILABLE`.
 */
export type Ledger = {
  readonly recordIntent: (intent: NewIntent) => Promise<IntentReceipt>;
  readonly intent: (intentId: IntentId) => Promise<StoredIntent | null>;
  /** What its proposer recorded under that key; null = nothing. */
  readonly intentByKey: (
    proposer: PrincipalId,
    idempotencyKey: string,
  ) => Promise<StoredIntent | null>;
  readonly recordGate: (input: GateInput) => Promise<GateOutcome>;
  readonly recordDecision: (input: DecisionInput) => Promise<DecisionReceipt>;
  /** Null = no such intent; refused once approved, decided or sent. */
  readonly withdraw: (
    intentId: IntentId,
    actor: Actor,
  ) => Promise<{ readonly withdrawn: boolean; readonly state: OrderState } | null>;
  /** Ends an open approval whose time is over, and a granted one that nobody could execute in time. */
  readonly expire: (approvalId: ApprovalId, actor: Actor) => Promise<ExpiryOutcome>;
  /** Reads an approval's status and notes that the workflow has seen it. */
  readonly follow: (approvalId: ApprovalId) => Promise<ApprovalStatus>;
  readonly submit: (input: SubmitInput) => Promise<SubmitOutcome>;
  readonly submission: (intentId: IntentId) => Promise<Submission | null>;
  /** Persists and de-duplicates; returns the intents that have news, each once. */
  readonly recordBrokerEvents: (events: readonly BrokerEvent[]) => Promise<readonly IntentId[]>;
  /** Folds unapplied broker events into the order's state. */
  readonly applyBrokerEvents: (
    intentId: IntentId,
  ) => Promise<{ readonly state: OrderState; readonly terminal: boolean }>;
  readonly markUnconfirmed: (intentId: IntentId, why: string, actor: Actor) => Promise<void>;
  /**
   * Dropped where stored broker events say otherwise (read the order afterwards). `OUTCOME_UNKNOWN` while the
   * claim is so young that its sender may still write.
   */
  readonly markNotSent: (intentId: IntentId, why: string, actor: Actor) => Promise<void>;
  readonly order: (intentId: IntentId) => Promise<OrderView | null>;
  readonly orders: (filter: {
    readonly proposer?: PrincipalId;
    readonly state?: OrderState;
    readonly cursor?: string;
    readonly limit: number;
  }) => Promise<Page<OrderView>>;
  readonly approval: (approvalId: ApprovalId) => Promise<ApprovalView | null>;
  /** Open ones, soonest expiry first. */
  readonly pendingApprovals: () => Promise<readonly ApprovalView[]>;
  /** Resolves with the first view that `until` accepts, or with the last one at the deadline; null = no such intent. */
  readonly waitForOrder: (
    intentId: IntentId,
    until: (view: OrderView) => boolean,
    timeoutMs: number,
    signal?: AbortSignal,
  ) => Promise<OrderView | null>;
  readonly overdue: (olderThanMs: number) => Promise<readonly Overdue[]>;
  /**
   * Facts for a read-only evaluation: what `recordGate` would see, without writing. Without `seen` no working
   * order is known, so sent orders still count as reserved; without `conId` there are no recent intents.
   */
  readonly peekLedgerFacts: (
    account: AccountId,
    seen?: {
      readonly brokerFacts?: BrokerFacts;
      readonly conId?: ConId;
      /** Whose budgets count. */
      readonly principal?: PrincipalId;
      readonly strategyTag?: string | null;
    },
  ) => Promise<GateFacts['ledger']>;
};
