// Faults that act later in the life of an order: they see what the desk reports about it.
import type { DeskEvent } from '../matching/desk-events.ts';
import type { SimOrder } from '../matching/order.ts';

type Watcher = (event: DeskEvent, order: SimOrder) => boolean;

/** The watchers of one gateway, by the client's order id. */
export class OrderWatch {
  private readonly watchers = new Map<string, Watcher[]>();

  /** Watches from now on; a watcher is forgotten once it returns true. */
  add(clientId: number, orderId: number, see: Watcher): void {
    const key = `${clientId}:${orderId}`;
    this.watchers.set(key, [...(this.watchers.get(key) ?? []), see]);
  }

  /** Shows one desk event to whoever watches its order. */
  see(event: DeskEvent): void {
    if (this.watchers.size === 0 || !('order' in event)) return;
    const key = `${event.order.clientId}:${event.order.orderId}`;
    const left = this.watchers.get(key)?.filter((see) => !see(event, event.order));
    if (left === undefined) return;
    if (left.length === 0) this.watchers.delete(key);
    else this.watchers.set(key, left);
  }
}
