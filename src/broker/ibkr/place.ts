import type { Order } from '@stoqey/ib';
import type { ApprovedOrder } from '../../domain/approval/approved-order.ts';
import { GatewayError } from '../../domain/errors.ts';
import { canonicalHash, envelopeHash } from '../../domain/order/envelope.ts';
import type { LinkState } from '../../domain/risk/facts.ts';
import type { Clock } from './clock.ts';
import { ibContract, ibOrder } from './ib-order.ts';
import { plainRecord } from './plain-text.ts';
import type { Environment } from './session-status.ts';
import type { Session } from './session.ts';
import type { Turns } from './turns.ts';
import { FIRST_REQUEST_ID } from './wire-events.ts';
import {
  isRefusal,
  requireAccount,
  requireInTime,
  requireLink,
  requireSession,
  requireWhole,
} from './write-checks.ts';

/**
 * The one write. Everything that can speak against it is looked at before the first byte; then the bytes go to the
 * operating system in the same call, once. There is no queue: an order that cannot leave now does not leave.
 */
export type PlaceOptions = {
  readonly session: Session;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly environment: Environment;
  readonly link: () => LinkState;
  /** Called when every check has passed, before the bytes. */
  readonly onLeaving: (orderId: number, intentId: string) => void;
};

export function createPlace(options: PlaceOptions): (order: ApprovedOrder) => void {
  const { session, turns, clock } = options;
  const usedIds = new Set<number>();
  const usedIntents = new Set<string>();
  return (order) => {
    requireApproval(order, options.environment, clock);
    requireSession(session);
    requireLink(options.link());
    requireAccount(session, order.terms.account);
    const { orderId, intentId } = order;
    const lowest = session.firstValidId ?? Number.POSITIVE_INFINITY;
    if (!Number.isSafeInteger(orderId) || orderId < lowest || orderId >= FIRST_REQUEST_ID) {
      throw new GatewayError('BROKER_UNAVAILABLE', 'the order id is not above the ids of TWS');
    }
    // The same id again would be a modification of a live order, never a second attempt.
    if (usedIds.has(orderId) || usedIntents.has(intentId)) {
      throw new GatewayError('BROKER_UNAVAILABLE', 'the order was written before');
    }
    const contract = ibContract(order.contract);
    const body: Order = { ...ibOrder(order.terms), orderRef: intentId };
    plainRecord({ ...contract });
    plainRecord({ ...body });
    turns.use('write', intentId);
    options.onLeaving(orderId, intentId);
    try {
      session.write((api) => api.placeOrder(orderId, contract, body));
    } catch (error) {
      // Refused: the ids stay free.
      if (!isRefusal(error)) remember();
      throw error;
    }
    remember();

    function remember(): void {
      usedIds.add(orderId);
      usedIntents.add(intentId);
    }
  };
}

function requireApproval(order: ApprovedOrder, environment: Environment, clock: Clock): void {
  const { envelope } = order;
  requireWhole(
    envelopeHash(envelope) === order.envelopeHash &&
      envelope.intentId === order.intentId &&
      envelope.approvalId === order.approvalId &&
      envelope.environment === environment &&
      envelope.contract.conId === envelope.terms.conId &&
      canonicalHash(envelope.terms) === canonicalHash(order.terms) &&
      canonicalHash(envelope.contract) === canonicalHash(order.contract) &&
      order.decisionIds.length >= envelope.requiredApprovals,
    'order',
  );
  requireInTime(envelope.executeBy, clock, 'order');
}
