import type { Breach } from '../domain/approval/breaches.ts';
import type { ApprovalId, IntentId } from '../domain/ids.ts';
import type { OrderState } from '../domain/order/lifecycle.ts';
import type { ApprovalStatus, ExpiryOutcome, GateOutcome } from '../store/port/ledger.ts';
import type { SignalDecision } from '../workflows/names.ts';

/** Activities of the worker: local activities of the order workflow, each one idempotent transaction. */
export type OrderActivities = {
  readonly gate: (input: { intentId: IntentId; round: number }) => Promise<GateOutcome>;
  /** Reads an approval's status. */
  readonly follow: (approvalId: ApprovalId) => Promise<ApprovalStatus>;
  readonly expire: (approvalId: ApprovalId) => Promise<ExpiryOutcome>;
  /** Makes a decision row of a Temporal signal, where the policy of the environment allows that. */
  readonly recordSignalDecision: (input: {
    decision: 'grant' | 'deny';
    signal: SignalDecision;
    intentId: IntentId;
    /** Unique per signal of a run, so that a repeat records one row. */
    signalIndex: number;
  }) => Promise<{ recorded: boolean; status: ApprovalStatus | null }>;
  readonly applyNews: (
    intentId: IntentId,
  ) => Promise<{ state: OrderState; terminal: boolean; acknowledged: boolean }>;
  readonly markUnconfirmed: (input: { intentId: IntentId; why: string }) => Promise<void>;
  readonly markNotSent: (input: { intentId: IntentId; why: string }) => Promise<void>;
};

/** What a submit attempt came to. The ledger's outcome without what only the gateway needs. */
export type SubmitResult =
  | { readonly kind: 'sent'; readonly orderId: number }
  | { readonly kind: 'stale'; readonly breaches: readonly Breach[] }
  | { readonly kind: 'denied'; readonly breaches: readonly Breach[] }
  | { readonly kind: 'halted' | 'expired' }
  | { readonly kind: 'claimed-before' }
  | { readonly kind: 'not-granted'; readonly status: ApprovalStatus }
  | { readonly kind: 'not-sent'; readonly why: string };

export type ReconcileResult =
  /** No attempt ever claimed the order: nothing can have left. */
  | { readonly kind: 'unclaimed' }
  /** The broker knows it; what it said is persisted. */
  | { readonly kind: 'found' }
  /** Every query answered to its end on a healthy link, and none knows it. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unclear' };

/** Activities of the gateway process, on the account group's queue. */
export type BrokerActivities = {
  /** Claim, write, mark. One attempt, ever: after any doubt the workflow reconciles. */
  readonly submitOrder: (input: {
    intentId: IntentId;
    approvalId: ApprovalId;
  }) => Promise<SubmitResult>;
  readonly reconcileOrder: (intentId: IntentId) => Promise<ReconcileResult>;
};
