import type { DecisionId, IntentId } from '../ids.ts';
import type { Contract } from '../instrument/contract.ts';
import { canonicalHash, type EnvelopeHash } from '../order/envelope.ts';
import type { OrderTerms } from '../order/intent.ts';
import type { Instant } from '../time/instant.ts';

declare const approved: unique symbol;

/**
 * The terms that a live order may be given anew. Everything else (side, contract, type, account) needs a cancel and
 * another order (reference note ibkr-protocol 3.3).
 */
const changeable: ReadonlySet<string> = new Set([
  'quantity',
  'limitPrice',
  'stopPrice',
  'trailingAmount',
  'trailingPercent',
  'limitOffset',
  'tif',
  'goodTillDate',
]);

/** What is signed when a live order of ours is to be changed: the whole order as it is and as it shall be. */
export type ModifyEnvelope = {
  readonly version: 1;
  readonly environment: 'dev' | 'paper' | 'live';
  readonly action: 'modify';
  /** Unique; a modification with the same one is the same request. */
  readonly modifyId: string;
  readonly intentId: IntentId;
  readonly orderId: number;
  readonly clientId: number;
  readonly permId: string;
  readonly contract: Contract;
  readonly before: OrderTerms;
  readonly after: OrderTerms;
  readonly requester: string;
  readonly reason: string;
  readonly requiredApprovals: number;
  readonly executeBy: Instant;
};

/** A modification that may leave. Its one constructor is `approveModify`; the adapter checks hash and time again. */
export type ApprovedModify = {
  readonly [approved]: true;
  readonly envelope: ModifyEnvelope;
  readonly envelopeHash: EnvelopeHash;
  readonly decisionIds: readonly DecisionId[];
  readonly claimedAt: Instant;
};

/** A modification as its claim was committed. */
export type ModifyClaim = {
  readonly envelope: ModifyEnvelope;
  readonly signedHash: EnvelopeHash;
  readonly decisionIds: readonly DecisionId[];
  readonly claimedAt: Instant;
};

/** The hash that decisions about a modification are bound to. */
export function modifyHash(envelope: ModifyEnvelope): EnvelopeHash {
  return canonicalHash(envelope) as EnvelopeHash;
}

/** Whether `after` differs from `before` in terms that a live order can be given anew, and in at least one of them. */
export function isModification(before: OrderTerms, after: OrderTerms): boolean {
  const fixed = (terms: OrderTerms): string =>
    canonicalHash(
      Object.fromEntries(Object.entries(terms).filter(([name]) => !changeable.has(name))),
    );
  return fixed(before) === fixed(after) && canonicalHash(before) !== canonicalHash(after);
}

/** Makes an executable modification of a committed claim. Throws (a bug, not an outcome) where it does not hold together. */
export function approveModify(claim: ModifyClaim): ApprovedModify {
  const { envelope, signedHash, decisionIds, claimedAt } = claim;
  if (modifyHash(envelope) !== signedHash)
    throw new Error('modify: the envelope is not the one that was signed');
  if (decisionIds.length < envelope.requiredApprovals)
    throw new Error('modify: fewer decisions than required');
  if (claimedAt > envelope.executeBy) throw new Error('modify: later than the approval allows');
  if (!isModification(envelope.before, envelope.after))
    throw new Error('modify: nothing changes, or what cannot be changed');
  return { envelope, envelopeHash: signedHash, decisionIds, claimedAt } as ApprovedModify;
}
