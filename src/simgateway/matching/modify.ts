// What may be changed about a live order, and the change itself (reference note §3.3).
import type { CheckedOrder } from './order-checks.ts';
import { rejected } from './order-error.ts';
import type { OrderError } from './order-error.ts';
import type { OrderFields, OrderTerms, SimOrder } from './order.ts';
import { bookOf } from './order.ts';
import type { OrderStore } from './order-store.ts';
import { leaveQueue } from './queue.ts';

/** Error 201: the order stands in an auction that takes no changes any more. */
export const TOO_LATE_TO_CHANGE: OrderError = rejected(
  'The order can no longer be changed before this auction',
);

/** Why a change is refused; undefined when only price, size, time or stop values differ. */
export function modifyError(
  order: SimOrder,
  f: OrderFields,
  checked: CheckedOrder,
): OrderError | undefined {
  const { terms, instrument } = checked;
  const isSameOrder =
    instrument.conId === bookOf(order) &&
    JSON.stringify(terms.legs) === JSON.stringify(order.terms.legs) &&
    checked.account === order.account &&
    terms.action === order.terms.action;
  if (!isSameOrder) {
    return { code: 105, text: 'Order being modified does not match original order.' };
  }
  if (terms.orderType !== order.terms.orderType) {
    return { code: 329, text: 'Order modify failed. Cannot change to the new order type.' };
  }
  if (f.ocaGroup !== order.fields.ocaGroup) {
    return { code: 10326, text: 'OCA group revision is not allowed.' };
  }
  if (terms.quantity < order.filled) return rejected('quantity is below the filled quantity');
  return undefined;
}

/** Puts new terms in force. A new price or a larger size goes to the end of the queue. */
export function changeTerms(
  order: SimOrder,
  f: OrderFields,
  terms: OrderTerms,
  { now, store }: { now: number; store: OrderStore },
): void {
  const { working } = order;
  const before = order.terms;
  if (terms.limitPrice !== before.limitPrice || terms.quantity > before.quantity) {
    working.rank = store.takeRank();
    working.since = now;
    leaveQueue(order);
  }
  if (terms.stopPrice !== before.stopPrice) {
    working.since = now;
    delete working.hits;
  }
  if (JSON.stringify(terms.trail) !== JSON.stringify(before.trail) && !working.triggered) {
    delete working.stop;
    delete working.hits;
    working.since = now;
  }
  order.ordered += terms.quantity - before.quantity;
  order.terms = terms;
  order.fields = f;
  order.orderRef = f.orderRef ?? '';
}
