import type { AccountId, DecisionId } from '../ids.ts';
import { canonicalHash, type EnvelopeHash } from '../order/envelope.ts';
import type { Instant } from '../time/instant.ts';

declare const approved: unique symbol;

/** Which order at the broker is meant. TWS takes a cancel by order id, from the client that owns the order. */
export type CancelTarget = {
  readonly account: AccountId;
  /** 0 for an order that was made in TWS and not bound: no client can cancel that. */
  readonly orderId: number;
  readonly clientId: number;
  readonly permId: string;
};

/** What is signed (or exempted by policy) when an order is to be cancelled. */
export type CancelEnvelope = {
  readonly version: 1;
  readonly environment: 'dev' | 'paper' | 'live';
  readonly action: 'cancel';
  /** Unique; a cancel with the same one is the same request. */
  readonly cancelId: string;
  readonly target: CancelTarget;
  readonly requester: string;
  readonly reason: string;
  /** 0 where the policy exempts cancels from approval. */
  readonly requiredApprovals: number;
  readonly executeBy: Instant;
};

/** A cancel that may leave. Its one constructor is `approveCancel`; the adapter looks at hash and time once more. */
export type ApprovedCancel = {
  readonly [approved]: true;
  readonly envelope: CancelEnvelope;
  readonly envelopeHash: EnvelopeHash;
  readonly decisionIds: readonly DecisionId[];
  readonly claimedAt: Instant;
};

/** A cancel as its claim was committed. */
export type CancelClaim = {
  readonly envelope: CancelEnvelope;
  readonly signedHash: EnvelopeHash;
  readonly decisionIds: readonly DecisionId[];
  readonly claimedAt: Instant;
};

/** The hash that decisions about a cancel are bound to. */
export function cancelHash(envelope: CancelEnvelope): EnvelopeHash {
  return canonicalHash(envelope) as EnvelopeHash;
}

/** Makes an executable cancel of a committed claim. Throws (a bug, not an outcome) where it does not hold together. */
export function approveCancel(claim: CancelClaim): ApprovedCancel {
  const { envelope, signedHash, decisionIds, claimedAt } = claim;
  if (cancelHash(envelope) !== signedHash)
    throw new Error('cancel: the envelope is not the one that was signed');
  if (decisionIds.length < envelope.requiredApprovals)
    throw new Error('cancel: fewer decisions than required');
  if (claimedAt > envelope.executeBy) throw new Error('cancel: later than the approval allows');
  return { envelope, envelopeHash: signedHash, decisionIds, claimedAt } as ApprovedCancel;
}
