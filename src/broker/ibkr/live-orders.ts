import type { BrokerEvent } from '../port.ts';
import { isFinished } from './order-status.ts';

/** Other programs may give one orderRef to many orders; an intent id stands for one. */
const ourRef = /^int_[0-9a-z]{20}$/;

/**
 * Which orders of one orderRef live at the broker. There is to be one; a modification that meets a broken link can
 * leave two (reference note 0.7), and then each of them can be filled.
 */
export class LiveOrders {
  readonly #byRef = new Map<string, Set<string>>();

  /** The permIds that live under the event's orderRef, if it has just made them more than one; else null. */
  note({ kind, orderRef, permId, status }: BrokerEvent): readonly string[] | null {
    const isNews = kind === 'open-order' || kind === 'order-status' || kind === 'completed-order';
    const isOurs = orderRef !== null && ourRef.test(orderRef);
    if (!isNews || !isOurs || permId === null || status === null) return null;
    const live = this.#byRef.get(orderRef) ?? new Set<string>();
    if (isFinished(status)) {
      live.delete(permId);
      if (live.size === 0) this.#byRef.delete(orderRef);
      return null;
    }
    const isMore = !live.has(permId) && live.size > 0;
    this.#byRef.set(orderRef, live.add(permId));
    return isMore ? [...live].sort() : null;
  }
}
