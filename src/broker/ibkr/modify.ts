import type { Order } from '@stoqey/ib';
import {
  isModification,
  modifyHash,
  type ApprovedModify,
  type ModifyEnvelope,
} from '../../domain/approval/approved-modify.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { Clock } from './clock.ts';
import { ibContract, ibOrder } from './ib-order.ts';
import type { Link } from './link.ts';
import { plainRecord } from './plain-text.ts';
import type { Environment } from './session-status.ts';
import type { Session } from './session.ts';
import type { Turns } from './turns.ts';
import {
  isRefusal,
  requireAccount,
  requireInTime,
  requireLink,
  requireOwned,
  requireSession,
  requireWhole,
} from './write-checks.ts';

export type ModifyOptions = {
  readonly session: Session;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly environment: Environment;
  readonly link: Link;
  /** How long the link must have been ready: a modification into a shaky one can leave two live orders. */
  readonly readyForMs: number;
  /** Called when every check has passed, before the bytes. */
  readonly onLeaving: (envelope: ModifyEnvelope) => void;
  /** Called when bytes have left or may have. */
  readonly onLeft: (envelope: ModifyEnvelope) => void;
};

/**
 * Writes one modification: the whole order with its new terms under the order id that it has (reference note 3.3).
 * Written once or not at all, like an order; that one order lives afterwards is proven by whoever hears `onLeft`.
 */
export function createModify(options: ModifyOptions): (modify: ApprovedModify) => void {
  const { session, turns, link } = options;
  const used = new Set<string>();
  return (modify) => {
    requireApproved(modify, options);
    const { envelope } = modify;
    const { modifyId, orderId, intentId } = envelope;
    requireSession(session);
    requireLink(link.state());
    if (link.readyForMs() < options.readyForMs) {
      const seconds = Math.ceil(options.readyForMs / 1000);
      const message = `orders are changed only when the link has been ready for ${seconds} s`;
      throw new GatewayError('BROKER_UNAVAILABLE', message);
    }
    requireAccount(session, envelope.after.account);
    requireOwned(session, envelope);
    if (used.has(modifyId)) {
      throw new GatewayError('BROKER_UNAVAILABLE', 'the modification was written before');
    }
    const contract = ibContract(envelope.contract);
    const body: Order = { ...ibOrder(envelope.after), orderRef: intentId };
    plainRecord({ ...contract });
    plainRecord({ ...body });
    turns.use('write', modifyId);
    options.onLeaving(envelope);
    try {
      session.write((api) => api.placeOrder(orderId, contract, body));
    } catch (error) {
      if (isRefusal(error)) throw error;
      used.add(modifyId);
      options.onLeft(envelope);
      throw error;
    }
    used.add(modifyId);
    options.onLeft(envelope);
  };
}

function requireApproved(modify: ApprovedModify, { environment, clock }: ModifyOptions): void {
  const { envelope } = modify;
  requireWhole(
    modifyHash(envelope) === modify.envelopeHash &&
      envelope.environment === environment &&
      envelope.contract.conId === envelope.after.conId &&
      isModification(envelope.before, envelope.after) &&
      modify.decisionIds.length >= envelope.requiredApprovals,
    'modification',
  );
  requireInTime(envelope.executeBy, clock, 'modification');
}
