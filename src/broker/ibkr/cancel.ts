import { cancelHash, type ApprovedCancel } from '../../domain/approval/approved-cancel.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { Clock } from './clock.ts';
import type { Environment } from './session-status.ts';
import type { Session } from './session.ts';
import type { Turns } from './turns.ts';
import {
  isRefusal,
  requireInTime,
  requireOwned,
  requireSession,
  requireWhole,
} from './write-checks.ts';

export type CancelOptions = {
  readonly session: Session;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly environment: Environment;
  /** Called when every check has passed, before the bytes. */
  readonly onLeaving: (orderId: number, cancelId: string) => void;
};

/**
 * Writes one cancel. What it must have is a session that takes messages: neither a link that TWS calls broken nor the
 * restart window stops it, because an order that shall end is safer asked twice than not at all.
 */
export function createCancel(options: CancelOptions): (cancel: ApprovedCancel) => void {
  const { session, turns, clock, environment } = options;
  const used = new Set<string>();
  return ({ envelope, envelopeHash, decisionIds }) => {
    const { cancelId, target } = envelope;
    requireWhole(
      cancelHash(envelope) === envelopeHash &&
        envelope.environment === environment &&
        decisionIds.length >= envelope.requiredApprovals,
      'cancel',
    );
    requireInTime(envelope.executeBy, clock, 'cancel');
    requireSession(session);
    requireOwned(session, target);
    if (used.has(cancelId)) {
      throw new GatewayError('BROKER_UNAVAILABLE', 'the cancel was written before');
    }
    turns.use('cancel', cancelId);
    options.onLeaving(target.orderId, cancelId);
    try {
      session.write((api) => api.cancelOrder(target.orderId, ''));
    } catch (error) {
      if (!isRefusal(error)) used.add(cancelId);
      throw error;
    }
    used.add(cancelId);
  };
}
