import type { ApprovalId, DecisionId, IntentId } from '../domain/ids.ts';
import type { GateOutcome } from '../store/port/ledger.ts';
import type { OrderState } from '../domain/order/lifecycle.ts';

/** Names of everything that is addressed by text in Temporal. One home, so that no name is ever typed twice. */
export const orderQueue = 'orders';

/** Each account group has its own queue: its one gateway process owns the TWS sessions. */
export function brokerQueue(accountGroup: string): string {
  return `broker-${accountGroup}`;
}

const orderPrefix = 'order-';

export function orderWorkflowId(intentId: IntentId): string {
  return `${orderPrefix}${intentId}`;
}

/** Names of updates, signals and the query of an order workflow. */
export const orderMessages = {
  propose: 'propose',
  grant: 'grant',
  deny: 'deny',
  approveSignal: 'approve',
  denySignal: 'deny',
  withdrawn: 'withdrawn',
  news: 'news',
  describe: 'describe',
} as const;

/** Says that a decision row waits; the row is the authority, this is a wake-up. */
export type DecisionHint = { readonly approvalId: ApprovalId; readonly decisionId: DecisionId };

/** What an operator types in the Temporal Web UI or CLI. The approval id names exactly one envelope. */
export type SignalDecision = { readonly approvalId: ApprovalId; readonly reason?: string };

export type OrderDescription = {
  readonly intentId: IntentId;
  readonly state: OrderState;
  readonly round: number;
  readonly approvalId: ApprovalId | null;
  readonly expiresAt: string | null;
};

export type PlaceOrderInput = {
  readonly intentId: IntentId;
  /** `BUY 5 AAPL LMT 189.50 DAY`, for people. */
  readonly summary: string;
  readonly brokerQueue: string;
  /** How long two proofs of absence must lie apart before a doubtful order counts as never sent. */
  readonly quarantineMs: number;
  /** How long the broker may stay silent after the bytes have left. */
  readonly acknowledgeWithinMs: number;
  /** Set by continue-as-new: the order is at the broker and is only followed. */
  readonly following?: { readonly state: OrderState; readonly firstGate: GateOutcome };
};

export type PlaceOrderResult = { readonly intentId: IntentId; readonly state: OrderState };

/** Search attributes, all of type Keyword. */
export const searchAttributes = {
  account: 'CountersignAccount',
  symbol: 'CountersignSymbol',
  state: 'CountersignState',
  agent: 'CountersignAgent',
} as const;
