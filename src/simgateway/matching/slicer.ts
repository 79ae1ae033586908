// Fills orders in slices over exchange time, once per order. The desk does the filling.
import type { ExchangeClock } from '../market/exchange-clock.ts';
import type { Slice } from './fill-policy.ts';
import { isLive } from './order.ts';
import type { SimOrder } from './order.ts';

/** The sliced fills of one desk. */
export class Slicer {
  private readonly started = new Set<number>();
  private readonly clock: ExchangeClock;
  private readonly fill: (order: SimOrder, shares: number) => void;

  constructor(clock: ExchangeClock, fill: (order: SimOrder, shares: number) => void) {
    this.clock = clock;
    this.fill = fill;
  }

  /** Schedules the slices; an order that was sliced before is left alone. */
  start(order: SimOrder, slices: readonly Slice[]): void {
    if (this.started.has(order.permId)) return;
    this.started.add(order.permId);
    let delayMs = 0;
    for (const slice of slices) {
      delayMs += slice.delayMs;
      this.clock.after(delayMs, () => {
        const left = order.terms.quantity - order.filled;
        const shares = slice.shares === 'rest' ? left : Math.min(left, slice.shares);
        if (isLive(order) && shares > 0) this.fill(order, shares);
      });
    }
  }
}
