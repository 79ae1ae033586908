// Fills orders in slices over exchange time, once per order. The matcher does the booking.
import type { ExchangeClock } from '../market/exchange-clock.ts';
import type { Size } from '../market/instrument.ts';
import type { Slice } from './fill-policy.ts';
import { isLive, remainingOf } from './order.ts';
import type { SimOrder } from './order.ts';

/** The sliced fills of one desk. */
export class Slicer {
  private readonly started = new Set<number>();
  private readonly clock: ExchangeClock;
  private readonly fill: (order: SimOrder, size: Size) => void;

  constructor(clock: ExchangeClock, fill: (order: SimOrder, size: Size) => void) {
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
        const left = remainingOf(order);
        const size = slice.shares === 'rest' ? left : Math.min(left, slice.shares);
        if (isLive(order) && size > 0) this.fill(order, size);
      });
    }
  }
}
