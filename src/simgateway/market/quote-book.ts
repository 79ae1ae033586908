// What each instrument quotes now: the seeded path, unless the control port set or froze it. Outside
// the extended trading day the last quote of the day stands.
import type { ExchangeClock } from './exchange-clock.ts';
import { currentOrNextSession, phaseAt, sessionOn, sessionOnOrBefore } from './calendar.ts';
import type { Session } from './calendar.ts';
import { tickAt } from './contract-book.ts';
import type { Instrument } from './instrument.ts';
import type { Micros } from './money.ts';
import { dayOf, MINUTE_MS } from './new-york-time.ts';
import { hash, midTicks } from './price-path.ts';

type Quote = {
  bid: Micros;
  ask: Micros;
  last: Micros;
  bidSize: number;
  askSize: number;
  lastSize: number;
  volume: number;
  open: Micros;
  high: Micros;
  low: Micros;
  /** Previous session's close. */
  close: Micros;
  halted: boolean;
};
/** What the control port may change about a quote. */
export type QuoteChange = {
  bid?: Micros;
  ask?: Micros;
  last?: Micros;
  /** Keeps the current prices until released. */
  frozen?: boolean;
  halted?: boolean;
};
type Override = { prices?: { bid: Micros; ask: Micros; last: Micros }; halted: boolean };

const SAMPLE_MS = 15 * MINUTE_MS;

/** The quotes of one gateway. */
export class QuoteBook {
  private readonly overrides = new Map<number, Override>();
  private readonly clock: ExchangeClock;
  private readonly seed: number;

  constructor(clock: ExchangeClock, seed: number) {
    this.clock = clock;
    this.seed = seed;
  }

  /** Path price at an instant, ignoring overrides. */
  priceAt(i: Instrument, instant: number): Micros {
    const tick = tickAt(i, i.basePrice);
    return midTicks(this.seed, i.conId, Math.round(i.basePrice / tick), instant) * tick;
  }

  /** Bid, ask and last only: what matching needs, without the day's statistics. */
  top(i: Instrument): { bid: Micros; ask: Micros; last: Micros; halted: boolean } {
    const override = this.overrides.get(i.conId);
    const halted = override?.halted ?? false;
    if (override?.prices !== undefined) return { ...override.prices, halted };
    const tick = tickAt(i, i.basePrice);
    const instant = this.tradedInstant();
    const mid = this.priceAt(i, instant);
    const draw = hash(this.seed, i.conId, Math.floor(instant / 1000));
    const ask = mid + tick * (1 + (draw % 2));
    return { bid: mid, ask, last: draw % 3 === 0 ? ask : mid, halted };
  }

  quote(i: Instrument): Quote {
    const instant = this.tradedInstant();
    const session = sessionOnOrBefore(dayOf(instant));
    const previous = sessionOnOrBefore(session.day - 1);
    const draw = hash(this.seed, i.conId, Math.floor(instant / 1000));
    const top = this.top(i);
    const range = this.range(i, session, Math.min(instant, session.close));
    return {
      ...top,
      bidSize: 100 * (1 + (draw % 9)),
      askSize: 100 * (1 + ((draw >>> 4) % 9)),
      lastSize: 1 + ((draw >>> 8) % 200),
      volume: this.volume(i, session, instant),
      open: this.priceAt(i, session.open),
      high: Math.max(range.high, top.last),
      low: Math.min(range.low, top.last),
      close: this.priceAt(i, previous.close),
    };
  }

  /** Highest and lowest sampled path price between a session's open and an instant. */
  range(i: Instrument, session: Session, until: number): { high: Micros; low: Micros } {
    let high = this.priceAt(i, session.open);
    let low = high;
    for (let at = session.open + SAMPLE_MS; at <= until; at += SAMPLE_MS) {
      const price = this.priceAt(i, at);
      high = Math.max(high, price);
      low = Math.min(low, price);
    }
    return { high, low };
  }

  /** Shares traded since the open, growing evenly through the session. */
  volume(i: Instrument, session: Session, instant: number): number {
    const total = 1_000_000 + (hash(this.seed, i.conId, session.day) % 40_000_000);
    const part = (instant - session.open) / (session.close - session.open);
    return Math.floor(total * Math.min(1, Math.max(0, part)));
  }

  /** Sets prices or state; a price left out of a first change is taken from the current quote. */
  change(i: Instrument, change: QuoteChange): void {
    const top = this.top(i);
    const override: Override = this.overrides.get(i.conId) ?? { halted: false };
    if (change.halted !== undefined) override.halted = change.halted;
    const { bid, ask, last } = change;
    const setsPrice = bid !== undefined || ask !== undefined || last !== undefined;
    if (setsPrice || change.frozen === true) {
      override.prices = { bid: bid ?? top.bid, ask: ask ?? top.ask, last: last ?? top.last };
    } else if (change.frozen === false) {
      delete override.prices;
    }
    this.overrides.set(i.conId, override);
  }

  /** Lets every instrument follow its path again. */
  reset(): void {
    this.overrides.clear();
  }

  private tradedInstant(): number {
    const now = this.clock.now();
    if (phaseAt(now) !== 'closed') return now;
    const today = sessionOn(dayOf(now));
    if (today !== undefined && now >= today.postClose) return today.postClose - 1000;
    return sessionOnOrBefore(dayOf(now) - 1).postClose - 1000;
  }

  /** When a DAY order placed now ends: the end of the running or next trading day. */
  dayOrderExpiry(): number {
    return currentOrNextSession(this.clock.now()).postClose;
  }
}
