import type { ErrorCode, GatewayError } from '../domain/errors.ts';

/** What to do about an error where the thrower did not say: every error that leaves has a next step. */
const usual: Readonly<Record<ErrorCode, string>> = {
  VALIDATION: 'Correct the named fields and repeat the call.',
  BODY_TOO_LARGE: 'Send less: an order fits into one kilobyte.',
  MALFORMED_BODY: 'Send one JSON object.',
  UNSUPPORTED_MEDIA_TYPE: 'Set Content-Type: application/json.',
  UNAUTHENTICATED: 'Send an agent key, or log in as an operator.',
  FORBIDDEN: 'Ask somebody who holds the role.',
  NOT_FOUND: 'Look at the list that the id came from.',
  METHOD_NOT_ALLOWED: 'Use the method that the Allow header names.',
  INSTRUMENT_UNKNOWN: 'Find the instrument with instrument_search and name its conId.',
  INSTRUMENT_AMBIGUOUS: 'Choose one of the alternatives by its conId.',
  PRICE_OFF_TICK: 'Use one of the nearest valid prices.',
  QUANTITY_OFF_LOT: 'Use one of the nearest valid quantities.',
  ACCOUNT_UNKNOWN: 'Name one of the served accounts.',
  IDEMPOTENCY_KEY_MISSING: 'Send a unique Idempotency-Key of 8 to 128 characters.',
  IDEMPOTENCY_KEY_REUSED: 'Use a new key for a new order.',
  APPROVAL_DECIDED: 'Nothing is left to do: the first decision stands.',
  APPROVAL_EXPIRED: 'The order may be proposed again.',
  APPROVAL_WITHDRAWN: 'Nothing is left to do.',
  APPROVAL_SUPERSEDED: 'Decide on the newer request.',
  APPROVER_IS_PROPOSER: 'Another operator must decide.',
  ENVELOPE_MISMATCH: 'Load the request again and decide on what it shows now.',
  NOT_WITHDRAWABLE: 'Read the request with get_request.',
  TRADING_HALTED: 'Wait until an operator has released the kill switch.',
  ORDER_NOT_OURS: 'Cancel or change it where it was placed: in TWS or in the program that owns it.',
  BROKER_UNAVAILABLE: 'Read connection_status; repeat the call when the broker link is ready.',
  BROKER_NO_ANSWER: 'Repeat the call; if it goes on, read connection_status.',
  STORE_UNAVAILABLE:
    'Repeat the call in a few seconds, with the same idempotency key if it has one.',
  ENGINE_UNAVAILABLE: 'Repeat the call in a few seconds, with the same idempotency key.',
  OUTCOME_UNKNOWN: 'Do not repeat it: read get_request until the state is known.',
  INTERNAL: 'Do not repeat it; tell the operator the requestId, the log has the rest.',
};

/** The next step of an error: the thrower's own, or the usual one of its code. */
export function whatNext(error: Pick<GatewayError, 'code' | 'hint'>): string {
  return error.hint ?? usual[error.code];
}
