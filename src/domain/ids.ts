/** Branded identifiers. Every one is printable ASCII, so it can travel in an IBKR `orderRef` or a URL. */

/** `int_` + 20 base-32 characters; also the orderRef at the broker and the tail of the workflow id. */
export type IntentId = string & { readonly __brand: 'IntentId' };
/** `apr_` + 20 base-32 characters: one approval request, that is one envelope of one intent. */
export type ApprovalId = string & { readonly __brand: 'ApprovalId' };
/** `dcn_` + 20 base-32 characters: one decision of one person over one approval request. */
export type DecisionId = string & { readonly __brand: 'DecisionId' };
/** A principal: `agt_…` (agent), `opr_…` (operator), `svc_…` (service). */
export type PrincipalId = string & { readonly __brand: 'PrincipalId' };
/** `lch_` + 20 base-32 characters: one latch, from when a rule stopped trading until an operator released it. */
export type LatchId = string & { readonly __brand: 'LatchId' };
/** IBKR's contract id, a positive integer: the identity of an instrument. A symbol is not one. */
export type ConId = number & { readonly __brand: 'ConId' };
/** IBKR account, e.g. `DU1234567` (paper) or `U1234567` (live). */
export type AccountId = string & { readonly __brand: 'AccountId' };

type Prefixed = {
  int: IntentId;
  apr: ApprovalId;
  dcn: DecisionId;
  agt: PrincipalId;
  opr: PrincipalId;
  lch: LatchId;
};

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Builds an id from 20 random bytes that the caller draws (the domain has no randomness of its own). */
export function makeId<P extends keyof Prefixed>(prefix: P, random: Uint8Array): Prefixed[P] {
  if (random.length < 20) throw new RangeError('an id needs 20 random bytes');
  let text = '';
  for (const byte of random.subarray(0, 20)) text += alphabet.charAt(byte & 31);
  return `${prefix}_${text}` as Prefixed[P];
}
