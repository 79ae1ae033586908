// The market in the shape that the first cut of the matching engine reads: every side present, sizes in
// whole shares. It only translates; prices come from the one market.
import { calendarOf } from './calendars.ts';
import type { ExchangeClock } from './exchange-clock.ts';
import type { Instrument } from './instrument.ts';
import type { QuoteChange } from './interventions.ts';
import type { Micros } from './money.ts';
import { SimMarket } from './sim-market.ts';

export type { QuoteChange } from './interventions.ts';

/** The quotes of one gateway. */
export class QuoteBook {
  readonly market: SimMarket;

  constructor(clock: ExchangeClock, seed: number) {
    this.market = new SimMarket(clock, seed);
  }

  top(i: Instrument): { bid: Micros; ask: Micros; last: Micros; halted: boolean } {
    const { last: maybe, bid, ask, halted } = this.market.top(i);
    const last = maybe ?? i.basePrice;
    return { bid: bid ?? last, ask: ask ?? last, last, halted };
  }

  quote(i: Instrument) {
    const { bidSize, askSize, lastSize } = this.market.top(i);
    const day = this.market.statistics(i);
    const whole = (size: number) => Math.floor(size / 1_000_000);
    return {
      ...day,
      ...this.top(i),
      volume: whole(day.volume),
      bidSize: whole(bidSize),
      askSize: whole(askSize),
      lastSize: whole(lastSize),
    };
  }

  change(i: Instrument, change: QuoteChange): void {
    this.market.change(i, change);
  }

  reset(): void {
    this.market.reset();
  }

  dayOrderExpiry(): number {
    return calendarOf('US').currentOrNext(this.market.clock.now()).end;
  }
}
