// Orders entered in TWS by hand belong to client 0 and have the order id 0 until they are bound; then
// client 0 can change and cancel them by a negative id. Source: reference note §3.3; IBKR, "Open Orders".
import type { SimOrder } from '../matching/order.ts';
import type { Simulation } from '../simulation.ts';
import { orderBound } from '../wire/session-events.ts';
import type { ClientSession } from './client-session.ts';

/** Server version from which a client is told of a binding. */
const BOUND_FROM = 144;

/** Whether an order was entered by hand and has no id that a client could name yet. */
const isUnbound = (order: SimOrder) => order.clientId === 0 && order.orderId === 0;

function bind(session: ClientSession, order: SimOrder): void {
  const { sim } = session;
  sim.store.bind(order);
  sim.persistence.markOrder(order);
  if (session.version < BOUND_FROM) return;
  const { permId, clientId, orderId } = order;
  session.send(orderBound, { permId, clientId, orderId });
}

/** Client 0: binds every live order entered by hand. Others: nothing. */
export function bindOrders(session: ClientSession): void {
  if (session.clientId !== 0) return;
  for (const order of session.sim.store.live) if (isUnbound(order)) bind(session, order);
}

/** Binds an order entered by hand that appears while client 0 has asked for it. */
export function bindNewOrder(sim: Simulation, order: SimOrder): void {
  if (!isUnbound(order)) return;
  for (const session of sim.sessions) {
    if (session.clientId === 0 && session.subscriptions.bindsOrders) bind(session, order);
  }
}
