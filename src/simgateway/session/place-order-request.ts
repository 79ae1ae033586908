// placeOrder: a new order, a change of one, or a what-if.
import { placeOrder } from '../wire/place-order.ts';
import { request } from './request.ts';

/** The placeOrder request. */
export const placeOrderRequest = request(placeOrder, (session, fields, handling) => {
  const { sim, clientId } = session;
  if ((fields.exchange ?? '') === '') {
    const text = "Error validating request.-'bW' : cause - Missing order exchange";
    session.sendError(fields.orderId ?? 0, 321, text);
    return;
  }
  sim.desk.place(clientId, fields, handling);
  const order = sim.store.byOrderId(clientId, fields.orderId ?? 0);
  // An order kept back with transmit=false reports nothing, yet must survive.
  if (order !== undefined) sim.persistence.markOrder(order);
  sim.scheduleFlush();
});
