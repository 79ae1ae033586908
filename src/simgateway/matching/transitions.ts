// The one place where an order's status changes. Each change is told at once, in the live sequence.
import type { DeskContext } from './desk-context.ts';
import type { OrderError } from './order-error.ts';
import type { OrderStatus, SimOrder } from './order.ts';

/** Changes of status, and what they are told as. */
export class Transitions {
  /** Called after an order has reached its last status. */
  onEnd: (order: SimOrder) => void = () => undefined;
  private readonly c: DeskContext;

  constructor(context: DeskContext) {
    this.c = context;
  }

  /** openOrder and orderStatus as they are now. */
  report(order: SimOrder): void {
    this.c.emit({ type: 'openOrder', order });
    this.c.emit({ type: 'orderStatus', order });
  }

  /** A message about an order to its owner. */
  tell(order: SimOrder, code: number, text: string): void {
    this.c.emit({ type: 'orderMessage', order, code, text });
  }

  move(order: SimOrder, status: OrderStatus, withOpenOrder = true): void {
    order.status = status;
    this.c.store.settle(order);
    if (withOpenOrder) this.report(order);
    else this.c.emit({ type: 'orderStatus', order });
  }

  /** An order that the exchange takes is Submitted; one that already is stays silent. */
  submit(order: SimOrder): void {
    if (order.status === 'PreSubmitted') this.move(order, 'Submitted');
  }

  /** The last status of an order. */
  close(order: SimOrder, status: OrderStatus, completedStatus: string): void {
    order.completedAt = this.c.clock.now();
    order.completedStatus = completedStatus;
    this.move(order, status);
    this.onEnd(order);
  }

  /** Ends an order as cancelled, with confirmation 202 after the status. */
  finishCancel(order: SimOrder, reason = ''): void {
    order.completedAt = this.c.clock.now();
    order.completedStatus = reason === '' ? 'Cancelled by Trader' : reason;
    this.move(order, 'Cancelled');
    this.tell(order, 202, `Order Canceled - reason:${reason}`);
    this.onEnd(order);
  }

  /** Ends an order as refused, with the error after the status. */
  refuse(order: SimOrder, { code, text }: OrderError): void {
    this.close(order, 'Inactive', `Rejected: ${text}`);
    this.tell(order, code, text);
  }

  /** Ends what an IOC or FOK did not fill. */
  endUnfilled(order: SimOrder, unfilled: 'cancel' | 'kill'): void {
    if (unfilled === 'cancel') {
      this.move(order, 'PendingCancel', false);
      this.close(order, 'Cancelled', 'Cancelled by System:');
    } else {
      this.close(order, 'Inactive', 'Cancelled by System:');
    }
  }
}
