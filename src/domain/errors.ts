/**
 * Errors that a caller can do something about. Business outcomes (denied, declined, expired …) are values,
 * not errors; bugs are plain `Error`s and are never relabelled.
 */
export const errorCodes = {
  VALIDATION: { status: 422, title: 'The request is not valid', retry: 'never' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is larger than 64 KB', retry: 'never' },
  MALFORMED_BODY: { status: 400, title: 'The body is not valid JSON', retry: 'never' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Only application/json is accepted',
    retry: 'never',
  },
  UNAUTHENTICATED: { status: 401, title: 'Who you are is not known', retry: 'never' },
  FORBIDDEN: { status: 403, title: 'This identity may not do that', retry: 'never' },
  NOT_FOUND: { status: 404, title: 'There is no such thing', retry: 'never' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'This route does not take that method',
    retry: 'never',
  },
  INSTRUMENT_UNKNOWN: { status: 422, title: 'No contract fits', retry: 'never' },
  INSTRUMENT_AMBIGUOUS: { status: 422, title: 'Several contracts fit', retry: 'never' },
  PRICE_OFF_TICK: {
    status: 422,
    title: 'The price is not a multiple of the minimum variation',
    retry: 'never',
  },
  QUANTITY_OFF_LOT: {
    status: 422,
    title: 'The quantity is not a multiple of the size increment',
    retry: 'never',
  },
  ACCOUNT_UNKNOWN: {
    status: 422,
    title: 'The gateway does not serve that account',
    retry: 'never',
  },
  IDEMPOTENCY_KEY_MISSING: { status: 400, title: 'An Idempotency-Key is required', retry: 'never' },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'The key was used for another request',
    retry: 'never',
  },
  APPROVAL_DECIDED: { status: 409, title: 'The request has been decided', retry: 'never' },
  APPROVAL_EXPIRED: { status: 409, title: 'The request has expired', retry: 'never' },
  APPROVAL_WITHDRAWN: { status: 409, title: 'The request has been withdrawn', retry: 'never' },
  APPROVAL_SUPERSEDED: {
    status: 409,
    title: 'The request was replaced by a newer one',
    retry: 'never',
  },
  APPROVER_IS_PROPOSER: { status: 403, title: 'The proposer may not approve', retry: 'never' },
  ENVELOPE_MISMATCH: {
    status: 412,
    title: 'The decision is about another envelope',
    retry: 'never',
  },
  NOT_WITHDRAWABLE: {
    status: 409,
    title: 'The request can no longer be withdrawn',
    retry: 'never',
  },
  TRADING_HALTED: { status: 409, title: 'The kill switch is active', retry: 'never' },
  ORDER_NOT_OURS: {
    status: 409,
    title: 'The order belongs to another client of TWS',
    retry: 'never',
  },
  BROKER_UNAVAILABLE: { status: 503, title: 'The broker link is down', retry: 'safe' },
  BROKER_NO_ANSWER: { status: 504, title: 'The broker did not answer in time', retry: 'safe' },
  STORE_UNAVAILABLE: { status: 503, title: 'The database is not available', retry: 'safe' },
  ENGINE_UNAVAILABLE: { status: 503, title: 'The workflow engine is not available', retry: 'safe' },
  OUTCOME_UNKNOWN: { status: 504, title: 'The outcome is not known yet', retry: 'after-reconcile' },
  INTERNAL: { status: 500, title: 'A bug of ours', retry: 'never' },
} as const satisfies Record<
  string,
  { status: number; title: string; retry: 'safe' | 'after-reconcile' | 'never' }
>;

export type ErrorCode = keyof typeof errorCodes;

/** One thing wrong with one field. `pointer` is a JSON pointer into the request, `""` for the whole. */
export type FieldProblem = { readonly pointer: string; readonly message: string };

type GatewayErrorOptions = {
  /** What to do next, one sentence, from our own templates (it may reach an agent). */
  readonly hint?: string;
  readonly problems?: readonly FieldProblem[];
  /** Structured facts for the caller, e.g. the alternatives of an ambiguous symbol. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
};

/** A caller's mistake, an access failure or an operational failure, with a closed code. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly problems: readonly FieldProblem[];
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.hint = options.hint;
    this.problems = options.problems ?? [];
    this.details = options.details ?? {};
  }
}
