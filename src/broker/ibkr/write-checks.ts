import { GatewayError } from '../../domain/errors.ts';
import type { LinkState } from '../../domain/risk/facts.ts';
import { instantFromEpochMs, type Instant } from '../../domain/time/instant.ts';
import type { Clock } from './clock.ts';
import type { Session } from './session.ts';

/** What speaks against a write, looked at before the first byte. Each throws a `GatewayError` that says so. */

/** A brand is gone at run time: what is about to leave must be what was signed. */
export function requireWhole(isWhole: boolean, what: string): void {
  if (isWhole) return;
  throw new GatewayError('ENVELOPE_MISMATCH', `the ${what} is not the one that was approved`);
}

export function requireInTime(executeBy: Instant, clock: Clock, what: string): void {
  if (instantFromEpochMs(clock.wallMs()) <= executeBy) return;
  throw new GatewayError('APPROVAL_EXPIRED', `the approval ran out before the ${what} left`);
}

export function requireSession(session: Session): void {
  if (session.isReady) return;
  throw new GatewayError('BROKER_UNAVAILABLE', 'the order session is not ready');
}

/** Orders and modifications wait for a link on which nothing is in doubt; cancels do not. */
export function requireLink(link: LinkState): void {
  if (link.state === 'ready') return;
  const message = `orders are frozen: ${link.detail}`;
  throw new GatewayError('BROKER_UNAVAILABLE', message, { details: { reason: link.reason } });
}

export function requireAccount(session: Session, account: string): void {
  if (session.accounts.includes(account)) return;
  throw new GatewayError('ACCOUNT_UNKNOWN', 'TWS does not serve the account of the order');
}

/** TWS lets the client that placed an order change or cancel it, and nobody else; order id 0 belongs to nobody. */
export function requireOwned(
  session: Session,
  target: { readonly clientId: number; readonly orderId: number },
): void {
  if (target.clientId === session.clientId && target.orderId !== 0) return;
  const owner =
    target.orderId === 0
      ? 'it was made in TWS and is bound to no client'
      : `it belongs to client ${target.clientId} of TWS, and we are client ${session.clientId}`;
  throw new GatewayError('ORDER_NOT_OURS', `the order cannot be reached from here: ${owner}`);
}

/** Refused = not a byte. Everything else that a write throws may have left something. */
export function isRefusal(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'BROKER_UNAVAILABLE';
}
