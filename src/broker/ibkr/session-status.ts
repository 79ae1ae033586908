import type { LinkReason } from '../../domain/link-reason.ts';

/** What a session says of itself; the link state of the broker is made of two of these. */
export type SessionStatus = {
  /** `waiting` = between attempts. `ready` = messages can be exchanged, not yet that orders may be sent. */
  readonly phase: 'connecting' | 'ready' | 'waiting' | 'closed';
  /** Many failures in a row, or a reason that waiting does not cure: announce it as an outage. */
  readonly isDown: boolean;
  /** 1100 or 2110 while the link between TWS and IBKR is broken, else null. */
  readonly brokenBy: number | null;
  /** Whether what happened before this session, or while it was broken, has been read from TWS. */
  readonly isCaughtUp: boolean;
  readonly reason: LinkReason;
  /** One sentence of ours. */
  readonly detail: string;
  /** When the next attempt is made, in milliseconds of the wall clock; null where none is planned. */
  readonly nextAttemptMs: number | null;
};

/** Before the first attempt. */
export const notStarted: SessionStatus = {
  phase: 'connecting',
  isDown: false,
  brokenBy: null,
  isCaughtUp: false,
  reason: 'connecting',
  detail: 'connecting',
  nextAttemptMs: null,
};

export type Environment = 'dev' | 'paper' | 'live';

/**
 * Why these accounts may not be used in this environment, or null where they may: paper and dev see paper accounts
 * only (`DU…`, `DF…`), live sees none of them. A mismatch is never worked around.
 */
export function accountMismatch(
  environment: Environment,
  accounts: readonly string[],
): string | null {
  if (accounts.length === 0) return 'TWS named no account';
  const fits = environment === 'live' ? /^[UFI]\d/ : /^D[UF]\d/;
  const wanted = environment === 'live' ? 'live accounts (U…)' : 'paper accounts (DU…)';
  return accounts.every((account) => fits.test(account))
    ? null
    : `ENV=${environment} must see ${wanted}, but TWS serves other ones`;
}
