// What an order's fate does to the orders it is linked with: children follow their parent, and members
// of an OCA group cancel or reduce each other. Types 1 and 2 act at once, so that the group never
// overfills; type 3 has no such block: its reductions arrive when the pass that filled is over.
import { UNIT } from '../accounts/value.ts';
import type { Size } from '../market/instrument.ts';
import type { DeskContext } from './desk-context.ts';
import { isLive } from './order.ts';
import type { SimOrder } from './order.ts';
import type { OrderStore } from './order-store.ts';
import type { Transitions } from './transitions.ts';

/** OCA type that cancels the others on the first fill. */
const CANCEL_WITH_BLOCK = 1;
const REDUCE_WITHOUT_BLOCK = 3;

/** size × part ÷ whole in whole units where the size is whole, rounded as told. */
function scale(size: Size, part: Size, whole: Size, round: 'up' | 'down'): Size {
  const step = size % UNIT === 0 ? UNIT : 1;
  const divisor = BigInt(whole) * BigInt(step);
  const dividend = BigInt(size) * BigInt(part) + (round === 'up' ? divisor - 1n : 0n);
  return Number(dividend / divisor) * step;
}

/**
 * What a child may fill in all by what its parent has filled so far. What its group took away counts
 * in full: siblings that have exited already must not be exited again.
 */
function shareOf(child: SimOrder, parent: SimOrder): Size {
  const byParent = scale(child.ordered, parent.filled, parent.ordered, 'down');
  return Math.max(0, byParent - (child.ordered - child.terms.quantity));
}

/** How much of an order may have filled by now: a child follows its parent's fills. */
export function allowanceOf(order: SimOrder, store: OrderStore): Size {
  const { parentPermId, terms } = order;
  const parent = parentPermId === undefined ? undefined : store.orders.get(parentPermId);
  return parent === undefined || !isLive(parent) ? terms.quantity : shareOf(order, parent);
}

/** The orders that an order takes along when it is sent: parents kept back, then their earlier children. */
export function keptBack(order: SimOrder, store: OrderStore): SimOrder[] {
  const parent =
    order.parentPermId === undefined ? undefined : store.orders.get(order.parentPermId);
  if (parent === undefined) return [order];
  const siblings = store
    .childrenOf(parent.permId)
    .filter((o) => o === order || o.status === 'ApiPending');
  return parent.status === 'ApiPending' ? [...keptBack(parent, store), ...siblings] : siblings;
}

/** Parents, children and groups of one desk. */
export class Links {
  private readonly c: DeskContext;
  private readonly transitions: Transitions;
  private waiting: { order: SimOrder; size: Size }[] = [];

  constructor(context: DeskContext, transitions: Transitions) {
    this.c = context;
    this.transitions = transitions;
    transitions.onEnd = (order) => {
      this.afterEnd(order);
    };
  }

  /** After a fill of a live order. */
  afterFill(order: SimOrder, size: Size): void {
    if (order.oca !== undefined) {
      if (order.oca.type === REDUCE_WITHOUT_BLOCK) this.waiting.push({ order, size });
      else this.reduceOthers(order, size);
    }
    if (!isLive(order)) this.afterEnd(order);
  }

  /** Reductions that had to wait for the end of a pass. */
  settle(): void {
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      for (const { order, size } of batch) this.reduceOthers(order, size);
    }
  }

  private reduceOthers(order: SimOrder, size: Size): void {
    const { oca } = order;
    if (oca === undefined) return;
    for (const other of this.c.store.groupOf(order.account, oca.group)) {
      if (other === order || !isLive(other)) continue;
      const isOver = oca.type === CANCEL_WITH_BLOCK || order.status === 'Filled';
      if (isOver) {
        this.transitions.finishCancel(other);
        continue;
      }
      const by = scale(other.ordered, size, order.ordered, 'up');
      this.shrink(other, other.terms.quantity - by);
    }
  }

  /** Gives an order a smaller quantity; it ends when nothing is left to fill. */
  private shrink(order: SimOrder, quantity: Size): void {
    if (quantity <= order.filled) {
      this.transitions.finishCancel(order);
      return;
    }
    order.terms = { ...order.terms, quantity };
    this.transitions.report(order);
  }

  private afterEnd(order: SimOrder): void {
    for (const child of this.c.store.childrenOf(order.permId)) {
      if (!isLive(child)) continue;
      if (order.filled === 0) this.transitions.finishCancel(child);
      else {
        const quantity = shareOf(child, order);
        if (quantity < child.terms.quantity) this.shrink(child, quantity);
      }
    }
  }
}
