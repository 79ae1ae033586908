// One placeOrder on its way in: faults first, then the journal and the frame count, then the desk.
import type { ArmedFault } from '../faults/fault-plan.ts';
import type { Placement, PlacementFault } from '../faults/placement.ts';
import type { OrderFields } from '../matching/order.ts';
import type { Handling } from '../matching/order-desk.ts';
import { placeOrder } from '../wire/place-order.ts';
import type { ClientSession } from './client-session.ts';
import { request } from './request.ts';

function receive(session: ClientSession, fields: OrderFields): void {
  const { sim } = session;
  const orderRef = fields.orderRef ?? '';
  const isWhatIf = fields.whatIf === true;
  sim.journal.add('in', session.clientId, placeOrder.name, fields);
  sim.store.countFrame(orderRef, isWhatIf);
  sim.persistence.addFrame(orderRef, isWhatIf);
}

function placementOf(session: ClientSession, fields: OrderFields): Placement {
  const { sim, clientId } = session;
  const handling: Handling = {};
  return {
    fields,
    handling,
    place: () => {
      sim.desk.place(clientId, fields, handling);
      const order = sim.store.byOrderId(clientId, fields.orderId ?? 0);
      // An order kept back with transmit=false reports nothing, yet must survive.
      if (order !== undefined) sim.persistence.markOrder(order);
      sim.scheduleFlush();
    },
    mute: () => {
      session.mute();
    },
    close: (how) => {
      session.close(how);
    },
    cork: (corked) => {
      session.cork(corked);
    },
    hold: (stage, proceed) => {
      session.hold(true);
      sim.persistence.commit();
      sim.holds.add({ clientId, stage, fields }, (action) => {
        proceed(action);
        session.hold(false);
      });
    },
  };
}

function strike(
  session: ClientSession,
  placement: Placement,
  { fault, options }: { fault: PlacementFault; options: ArmedFault },
): void {
  const { orderId, orderRef } = placement.fields;
  session.sim.journal.add('fault', session.clientId, fault.kind, { orderId, orderRef });
  if (fault.isUnread !== true) receive(session, placement.fields);
  fault.apply(placement, options);
}

/** The placeOrder request; it journals itself. */
export const placeOrderRequest = request(placeOrder, (session, fields) => {
  const placement = placementOf(session, fields);
  const struck =
    fields.whatIf === true
      ? undefined
      : session.sim.faults.strikePlacement(session.clientId, fields.orderRef ?? '');
  if (struck !== undefined) {
    strike(session, placement, struck);
    return;
  }
  receive(session, fields);
  placement.place();
});
