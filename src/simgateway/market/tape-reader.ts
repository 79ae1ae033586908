// The tape as it really ran: only while the market was open, and with what the control port set or
// halted in between. Prints, folds of any stretch, and the statistics of a day.
import { log } from './black-scholes.ts';
import { calendarOf } from './calendars.ts';
import type { Instrument } from './instrument.ts';
import type { Interventions, SetPrices, Stretch } from './interventions.ts';
import type { Trade } from './market.ts';
import type { Micros } from './money.ts';
import { MINUTE_MS } from './new-york-time.ts';
import type { DayStatistics } from './sim-market.ts';
import { join } from './tape.ts';
import type { Fold, PriceKind, Tape } from './tape.ts';
import type { Segment, TradingDay } from './trading-calendar.ts';

/** Size of the one print that a price set by hand makes. */
const SET_SIZE = 100_000_000;
const KEPT_DAYS = 20_000;

function priceOf(prices: SetPrices, kind: PriceKind): Micros {
  if (kind === 'bid-ask' || kind === 'mid') return Math.floor((prices.bid + prices.ask) / 2);
  return prices[kind];
}

function flat(price: Micros, volume: number, count: number): Fold {
  const notional = price * (volume / 1_000_000);
  return { open: price, high: price, low: price, close: price, volume, count, notional };
}

/** Reads one market's tape. */
export class TapeReader {
  private readonly path: Tape;
  private readonly interventions: Interventions;
  private readonly finished = new Map<string, Fold | undefined>();
  private readonly running = new Map<
    number,
    { from: number; until: number; fold: Fold | undefined }
  >();

  constructor(path: Tape, interventions: Interventions) {
    this.path = path;
    this.interventions = interventions;
  }

  /** The set prices that ruled at an instant, if any did. */
  ruledAt(i: Instrument, instant: number): Stretch | undefined {
    return this.interventions
      .stretches(i.conId)
      .findLast((s) => instant >= s.from && instant < s.to);
  }

  /** Price of a kind at an instant, open or not. */
  priceAt(i: Instrument, instant: number, kind: PriceKind = 'last'): Micros {
    const stretch = this.ruledAt(i, instant);
    return stretch === undefined
      ? this.path.kindAt(i, instant, kind)
      : priceOf(stretch.prices, kind);
  }

  /** Prints in [from, to) while the market was open, oldest first. An index has none. */
  trades(i: Instrument, from: number, to: number): Trade[] {
    if (i.secType === 'IND') return [];
    const found: Trade[] = [];
    for (const open of this.openSegments(i, from, to, false)) {
      for (const piece of this.pieces(i, open)) {
        if (piece.stretch === undefined) found.push(...this.path.prints(i, piece.from, piece.to));
        else if (piece.stretch.printed && piece.stretch.from === piece.from) {
          found.push({ at: piece.from, price: piece.stretch.prices.last, size: SET_SIZE });
        }
      }
    }
    return found;
  }

  /** What [from, to) folds to over the time the market was open; undefined when nothing happened. */
  fold(i: Instrument, from: number, to: number, kind: PriceKind = 'last'): Fold | undefined {
    let sum: Fold | undefined;
    for (const piece of this.pieces(i, { from, to })) {
      const { stretch } = piece;
      if (stretch === undefined) sum = join(sum, this.path.fold(i, piece.from, piece.to, kind));
      else if (kind !== 'last') sum = join(sum, flat(priceOf(stretch.prices, kind), 0, 1));
      else if (stretch.printed && stretch.from === piece.from) {
        sum = join(sum, flat(stretch.prices.last, SET_SIZE, 1));
      }
    }
    return sum;
  }

  /** Open segments of the market that meet [from, to), clipped to it, oldest first. */
  openSegments(i: Instrument, from: number, to: number, regularOnly: boolean): Segment[] {
    const calendar = calendarOf(i.calendar);
    const found: Segment[] = [];
    for (let day = calendar.startedBy(to - 1); day.end > from; day = calendar.before(day.day)) {
      const segments = regularOnly ? day.liquid : day.trading;
      for (const s of segments.toReversed()) {
        const clipped = { from: Math.max(s.from, from), to: Math.min(s.to, to) };
        if (clipped.from < clipped.to) found.push(clipped);
      }
    }
    return found.reverse();
  }

  /** Fold of one whole trading day; remembered, because finished days never change. */
  foldDay(i: Instrument, day: TradingDay, kind: PriceKind, regularOnly: boolean): Fold | undefined {
    const segments = regularOnly ? day.liquid : day.trading;
    const isTouched = this.interventions
      .stretches(i.conId)
      .some((s) => s.from < day.end && s.to > day.start);
    const key = `${i.conId} ${day.day} ${kind} ${regularOnly}`;
    if (!isTouched && this.finished.has(key)) return this.finished.get(key);
    let sum: Fold | undefined;
    for (const s of segments) sum = join(sum, this.fold(i, s.from, s.to, kind));
    if (isTouched) return sum;
    if (this.finished.size > KEPT_DAYS) this.finished.clear();
    this.finished.set(key, sum);
    return sum;
  }

  /** The last instant at or before another at which a print was due. */
  lastPrintAt(i: Instrument, instant: number): number {
    return this.path.lastPrintAt(i, instant);
  }

  /** A bar of a stretch in which nothing traded: the last price, no volume. */
  still(i: Instrument, instant: number): Fold {
    return flat(this.priceAt(i, instant), 0, 0);
  }

  /** Folds of the last finished trading days before an instant, oldest first, regular hours. */
  lastDays(i: Instrument, instant: number, count: number): Fold[] {
    const calendar = calendarOf(i.calendar);
    const found: Fold[] = [];
    let day = calendar.startedBy(instant);
    if (instant < day.end) day = calendar.before(day.day);
    for (; found.length < count; day = calendar.before(day.day)) {
      const fold = this.foldDay(i, day, 'last', true);
      if (fold === undefined) break;
      found.push(fold);
    }
    return found.reverse();
  }

  /** Annualised volatility of the last thirty days' closes. */
  volatility(i: Instrument, instant: number): number {
    const calendar = calendarOf(i.calendar);
    const closes: number[] = [];
    for (
      let day = calendar.startedBy(instant);
      closes.length < 31;
      day = calendar.before(day.day)
    ) {
      closes.push(this.lastOf(i, day));
    }
    const moves = closes.slice(1).map((older, n) => log((closes[n] ?? older) / older));
    const mean = moves.reduce((sum, move) => sum + move / moves.length, 0);
    const variance =
      moves.reduce((sum, m) => sum + (m - mean) * (m - mean), 0) / (moves.length - 1);
    return Math.sqrt(variance * 252);
  }

  /** Open, high, low, volume of the regular hours so far, and the close before. */
  statistics(i: Instrument, instant: number): DayStatistics {
    const calendar = calendarOf(i.calendar);
    let day = calendar.startedBy(instant);
    const opened = day.liquid[0]?.from ?? day.start;
    if (instant < opened) day = calendar.before(day.day);
    const before = calendar.before(day.day);
    const close = this.lastOf(i, before);
    const fold = this.foldSoFar(i, day, instant) ?? flat(close, 0, 0);
    const { open, high, low, volume } = fold;
    return { open, high, low, volume, close };
  }

  private lastOf(i: Instrument, day: TradingDay): Micros {
    return this.priceAt(i, (day.liquid.at(-1)?.to ?? day.end) - 1000);
  }

  /** The running day's fold: whole minutes are folded once and kept. */
  private foldSoFar(i: Instrument, day: TradingDay, instant: number): Fold | undefined {
    const first = day.liquid[0]?.from ?? day.start;
    const end = Math.min(instant + 1, day.liquid.at(-1)?.to ?? day.end);
    const minute = Math.floor(end / MINUTE_MS) * MINUTE_MS;
    const touched = this.interventions.stretches(i.conId).some((s) => s.to > first);
    const over = (from: number, to: number) => {
      let sum: Fold | undefined;
      for (const s of day.liquid) {
        const [a, b] = [Math.max(s.from, from), Math.min(s.to, to)];
        if (a < b) sum = join(sum, this.fold(i, a, b));
      }
      return sum;
    };
    if (touched) return over(first, end);
    let kept = this.running.get(i.conId);
    if (kept?.from !== first || kept.until > minute) {
      kept = { from: first, until: first, fold: undefined };
      this.running.set(i.conId, kept);
    }
    if (minute > kept.until) {
      kept.fold = join(kept.fold, over(kept.until, minute));
      kept.until = minute;
    }
    return join(kept.fold, over(Math.max(minute, first), end));
  }

  /** Cuts a segment where the control port's stretches begin and end. */
  private pieces(i: Instrument, s: Segment): { from: number; to: number; stretch?: Stretch }[] {
    const found: { from: number; to: number; stretch?: Stretch }[] = [];
    let at = s.from;
    for (const stretch of this.interventions.stretches(i.conId)) {
      const [from, to] = [Math.max(stretch.from, at), Math.min(stretch.to, s.to)];
      if (to <= from) continue;
      if (from > at) found.push({ from: at, to: from });
      found.push({ from, to, stretch });
      at = to;
    }
    if (at < s.to) found.push({ from: at, to: s.to });
    return found;
  }
}
