// The market of one gateway: the seeded tape on the exchange clock, with what the control port changed
// and the displayed size that orders have taken. Everything else in here only reads.
import { calendarOf } from './calendars.ts';
import type { ExchangeClock } from './exchange-clock.ts';
import type { Instrument, Size } from './instrument.ts';
import { Interventions } from './interventions.ts';
import type { QuoteChange } from './interventions.ts';
import type { Auction, Market, Phase, Top, Trade } from './market.ts';
import { tickAt } from './market-rules.ts';
import type { Micros } from './money.ts';
import { DAY_MS } from './new-york-time.ts';
import { PriceModel } from './price-model.ts';
import { hash } from './hash.ts';
import { shownSize } from './shown-size.ts';
import { Tape } from './tape.ts';
import { TapeReader } from './tape-reader.ts';

/** The day so far: what quote lines show besides the best prices. */
export type DayStatistics = {
  open: Micros;
  high: Micros;
  low: Micros;
  /** Last price of the previous trading day's regular hours. */
  close: Micros;
  volume: Size;
};
type Seen = { second: number; version: number; top: Top; bidTaken: Size; askTaken: Size };

/** Shares that can be borrowed of a stock of liquidity 1 … 4, in millions. */
const BORROWABLE = [25, 8, 1.5, 0.2];

/** The market of one gateway. */
export class SimMarket implements Market {
  readonly clock: ExchangeClock;
  readonly seed: number;
  readonly tape: TapeReader;
  private readonly path: Tape;
  private readonly model: PriceModel;
  private readonly interventions = new Interventions();
  private readonly seen = new Map<number, Seen>();

  constructor(clock: ExchangeClock, seed: number) {
    this.clock = clock;
    this.seed = seed;
    this.model = new PriceModel(seed);
    this.path = new Tape(seed, this.model);
    this.tape = new TapeReader(this.path, this.interventions);
  }

  top(i: Instrument): Top {
    const now = this.clock.now();
    const second = Math.floor(now / 1000);
    const seen = this.seen.get(i.conId);
    const { version } = this.interventions;
    if (seen?.second === second && seen.version === version) return seen.top;
    const top = this.look(i, now);
    const kept = seen?.second === second ? seen : undefined;
    this.see(i, second, top, kept?.bidTaken ?? 0, kept?.askTaken ?? 0);
    return this.seen.get(i.conId)?.top ?? top;
  }

  phase(i: Instrument, at: number): Phase {
    return calendarOf(i.calendar).phase(at);
  }

  tickAt(i: Instrument, price: Micros): Micros {
    return tickAt(i, price);
  }

  take(i: Instrument, side: 'bid' | 'ask', wanted: Size): Size {
    const top = this.top(i);
    const shown = side === 'bid' ? top.bidSize : top.askSize;
    const taken = Math.max(0, Math.min(wanted, shown));
    const seen = this.seen.get(i.conId);
    if (taken === 0 || seen === undefined || top.halted) return 0;
    const isBid = side === 'bid';
    seen.bidTaken += isBid ? taken : 0;
    seen.askTaken += isBid ? 0 : taken;
    seen.top = isBid ? { ...top, bidSize: shown - taken } : { ...top, askSize: shown - taken };
    return taken;
  }

  trades(i: Instrument, from: number, to: number): readonly Trade[] {
    return this.tape.trades(i, from + 1, to + 1);
  }

  auctions(i: Instrument, from: number, to: number): readonly Auction[] {
    const calendar = calendarOf(i.calendar);
    const found: Auction[] = [];
    if (calendar.row.hasAuctions !== true || i.secType !== 'STK') return found;
    for (let day = calendar.startedBy(to); day.end > from; day = calendar.before(day.day)) {
      const [open, close] = [day.liquid[0]?.from ?? 0, day.liquid.at(-1)?.to ?? 0];
      const cross = (kind: 'open' | 'close', at: number, priced: number) => {
        const isHalted = this.tape.ruledAt(i, priced) !== undefined;
        if (at > from && at <= to && !isHalted) {
          found.push({ kind, at, price: this.path.priceAt(i, priced) });
        }
      };
      cross('close', close, close - 1000);
      cross('open', open, open);
    }
    return found.reverse();
  }

  dayOrderExpiry(i: Instrument): number {
    return calendarOf(i.calendar).currentOrNext(this.clock.now()).end;
  }

  usdRate(currency: string): Micros | undefined {
    const instant = calendarOf('FOREX').lastOpenInstant(this.clock.now());
    const rate = this.model.usdPerUnit(currency, instant);
    return rate === undefined ? undefined : Math.round(rate * 1_000_000);
  }

  shortable(i: Instrument): Size | undefined {
    if (i.secType !== 'STK') return undefined;
    const day = Math.floor(this.clock.now() / DAY_MS);
    const draw = hash(this.seed + 41, i.conId, day) % 100;
    const shares = (BORROWABLE[i.liquidity - 1] ?? 0) * 10_000 * (50 + draw);
    // A few thinly traded names cannot be borrowed on some days.
    return i.liquidity >= 3 && draw < 5 ? 0 : Math.floor(shares) * 1_000_000;
  }

  /** The day so far, or the last day while the market is closed. */
  statistics(i: Instrument): DayStatistics {
    return this.tape.statistics(i, this.marketInstant(i));
  }

  /** Now, or the last instant of trading while the market is closed. */
  marketInstant(i: Instrument): number {
    return calendarOf(i.calendar).lastOpenInstant(this.clock.now());
  }

  /** Displayed sizes at an instant of the past, before anything was taken. */
  shownAt(i: Instrument, instant: number): { bid: Size; ask: Size } {
    return shownSize(this.seed, i, Math.floor(instant / 1000));
  }

  /** When the last trade was: the last print, or when the control port set the price. */
  lastTradeTime(i: Instrument): number {
    const instant = this.marketInstant(i);
    const ruled = this.tape.ruledAt(i, instant);
    return ruled?.from ?? this.tape.lastPrintAt(i, instant);
  }

  /** Sets prices or state of one instrument. */
  change(i: Instrument, change: QuoteChange): void {
    this.interventions.change(i, change, this.top(i), this.clock.now());
  }

  /** Lets every instrument follow its path again. */
  reset(): void {
    this.interventions.reset(this.clock.now());
  }

  private look(i: Instrument, now: number): Top {
    const instant = calendarOf(i.calendar).lastOpenInstant(now);
    const second = Math.floor(instant / 1000);
    const shown = shownSize(this.seed, i, second);
    const last = this.path.lastPrintAt(i, instant);
    const set = this.interventions.prices(i.conId);
    const prices = set ?? { ...this.path.quoteAt(i, instant), last: this.path.priceAt(i, last) };
    return {
      ...prices,
      bidSize: prices.bid === undefined ? 0 : shown.bid,
      askSize: prices.ask === undefined ? 0 : shown.ask,
      lastSize: this.path.printSize(i, last),
      halted: this.interventions.isHalted(i.conId),
    };
  }

  private see(i: Instrument, second: number, top: Top, bidTaken: Size, askTaken: Size): void {
    const left = {
      ...top,
      bidSize: Math.max(0, top.bidSize - bidTaken),
      askSize: Math.max(0, top.askSize - askTaken),
    };
    const { version } = this.interventions;
    this.seen.set(i.conId, { second, version, top: left, bidTaken, askTaken });
  }
}
