import type { ApprovalId, DecisionId, IntentId } from '../ids.ts';
import type { Contract } from '../instrument/contract.ts';
import { envelopeHash, type ApprovalEnvelope, type EnvelopeHash } from '../order/envelope.ts';
import type { OrderTerms } from '../order/intent.ts';
import type { Instant } from '../time/instant.ts';

declare const approved: unique symbol;

/**
 * An order that may leave: the broker port's write takes nothing else. Its one constructor is `approveOrder`;
 * a brand is gone at run time, so the adapter checks hash and expiry again immediately before the bytes leave.
 */
export type ApprovedOrder = {
  readonly [approved]: true;
  readonly intentId: IntentId;
  readonly approvalId: ApprovalId;
  readonly decisionIds: readonly DecisionId[];
  readonly envelope: ApprovalEnvelope;
  readonly envelopeHash: EnvelopeHash;
  readonly contract: Contract;
  readonly terms: OrderTerms;
  /** Order id above every one this client id ever used. */
  readonly orderId: number;
  readonly claimedAt: Instant;
};

/** A claim as the ledger committed it. */
export type Claim = {
  readonly envelope: ApprovalEnvelope;
  readonly signedHash: EnvelopeHash;
  readonly decisionIds: readonly DecisionId[];
  readonly orderId: number;
  readonly claimedAt: Instant;
};

/**
 * Makes an executable order of a committed claim. Throws (a bug, not an outcome) where the claim does not
 * hold together: foreign hash, no decision, claimed after expiry.
 */
export function approveOrder(claim: Claim): ApprovedOrder {
  const { envelope } = claim;
  if (envelopeHash(envelope) !== claim.signedHash)
    throw new Error('claim: the envelope is not the one that was signed');
  if (claim.decisionIds.length < envelope.requiredApprovals)
    throw new Error('claim: fewer decisions than required');
  if (claim.claimedAt > envelope.executeBy)
    throw new Error('claim: later than the approval allows');
  return {
    intentId: envelope.intentId,
    approvalId: envelope.approvalId,
    decisionIds: claim.decisionIds,
    envelope,
    envelopeHash: claim.signedHash,
    contract: envelope.contract,
    terms: envelope.terms,
    orderId: claim.orderId,
    claimedAt: claim.claimedAt,
  } as ApprovedOrder;
}
