// The synthetic tape: the price at every second, the prints, and what any stretch of time folds to.
// A minute's extremes lie at the nodes of the path and at its last print, so a fold costs five prices
// a minute and still equals the fold of all prints.
import type { Instrument, Size } from './instrument.ts';
import type { Trade } from './market.ts';
import { roundToTick, tickAt } from './market-rules.ts';
import type { Micros } from './money.ts';
import { MINUTE_MS } from './new-york-time.ts';
import { NODE_MS } from './noise.ts';
import type { PriceModel } from './price-model.ts';
import { hash } from './hash.ts';
import { printPlan } from './print-plan.ts';

/** Which price a fold is about. */
export type PriceKind = 'last' | 'bid' | 'ask' | 'mid' | 'bid-ask';
/** Open, high, low, close, volume and number of prints of a stretch; `notional` is price × size. */
export type Fold = {
  open: Micros;
  high: Micros;
  low: Micros;
  close: Micros;
  volume: Size;
  count: number;
  /** Sum of price × volume in units, for the weighted average price. Not exact: a display figure. */
  notional: number;
};

/** Quoted spread in ticks of a minute, and how far below the path the bid is. */
type Spread = { tick: Micros; bidBelow: number; ticks: number };
type Memo = { node: number; a: Micros; b: Micros; minute: number; spread: Spread };

/** Usual spread in millionths of the price, by liquidity class. */
const SPREAD_PPM = [0, 60, 300, 1200, 5000];
const OPTION_SPREAD_PPM = [0, 12_000, 20_000, 30_000, 60_000];
const NODES_PER_MINUTE = MINUTE_MS / NODE_MS;

/** Usual spread at a price, in micros. Options in the money are no wider than their hedge makes them. */
function usualSpread(i: Instrument, price: Micros): Micros {
  if (i.secType !== 'OPT') return (price * (SPREAD_PPM[i.liquidity] ?? 0)) / 1_000_000;
  const wide = (price * (OPTION_SPREAD_PPM[i.liquidity] ?? 0)) / 1_000_000;
  return Math.min(wide, 200_000 + price / 250);
}

/** Adds a later fold to an earlier one. */
export function join(earlier: Fold | undefined, later: Fold | undefined): Fold | undefined {
  if (earlier === undefined || later === undefined) return earlier ?? later;
  return {
    open: earlier.open,
    high: Math.max(earlier.high, later.high),
    low: Math.min(earlier.low, later.low),
    close: later.close,
    volume: earlier.volume + later.volume,
    count: earlier.count + later.count,
    notional: earlier.notional + later.notional,
  };
}

/** A bar of bid and ask together: average bid, highest ask, lowest bid, average ask. */
function spread(bid: Fold | undefined, ask: Fold | undefined): Fold | undefined {
  if (bid === undefined || ask === undefined) return undefined;
  const middle = (f: Fold) => Math.round((f.open + f.high + f.low + f.close) / 4);
  return { ...bid, open: middle(bid), high: ask.high, low: bid.low, close: middle(ask) };
}

/** Prices and prints of one seed, as the path alone has them. */
export class Tape {
  private readonly seed: number;
  private readonly model: PriceModel;
  private readonly memos = new Map<number, Memo>();

  constructor(seed: number, model: PriceModel) {
    this.seed = seed;
    this.model = model;
  }

  /** Price of the path at an instant, in whole ticks; moves once a second. */
  priceAt(i: Instrument, instant: number): Micros {
    const node = Math.floor(instant / NODE_MS);
    const memo = this.memoOf(i, node);
    if (memo.a === memo.b) return memo.a;
    const second = Math.floor((instant - node * NODE_MS) / 1000);
    return roundToTick(i, memo.a + ((memo.b - memo.a) * second) / 15);
  }

  /** Bid and ask at an instant; a side that would not be positive is absent. */
  quoteAt(i: Instrument, instant: number): { bid?: Micros; ask?: Micros } {
    if (i.secType === 'IND') return {};
    const price = this.priceAt(i, instant);
    const { tick, bidBelow, ticks } = this.spreadAt(i, instant);
    const bid = roundToTick(i, price - bidBelow * tick, 0);
    const ask = roundToTick(i, bid + ticks * tick);
    return bid > 0 ? { bid, ask } : { ask };
  }

  /** Price of a kind at an instant. A missing bid counts as zero. */
  kindAt(i: Instrument, instant: number, kind: PriceKind): Micros {
    if (kind === 'last' || i.secType === 'IND') return this.priceAt(i, instant);
    const { bid = 0, ask = 0 } = this.quoteAt(i, instant);
    return kind === 'bid' ? bid : kind === 'ask' ? ask : Math.floor((bid + ask) / 2);
  }

  /** The last second at or before an instant at which a print was due. */
  lastPrintAt(i: Instrument, instant: number): number {
    const minute = Math.floor(instant / MINUTE_MS) * MINUTE_MS;
    const { step } = printPlan(this.seed, i, minute);
    return minute + Math.floor((instant - minute) / (step * 1000)) * step * 1000;
  }

  /** Size of the print due at an instant that `lastPrintAt` gave. */
  printSize(i: Instrument, at: number): Size {
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const plan = printPlan(this.seed, i, minute);
    const k = Math.floor((at - minute) / (plan.step * 1000));
    return plan.sizeOfFirst(k + 1) - plan.sizeOfFirst(k);
  }

  /** Prints in [from, to), oldest first, as if the market were open throughout. */
  prints(i: Instrument, from: number, to: number): Trade[] {
    const found: Trade[] = [];
    for (let m = Math.floor(from / MINUTE_MS) * MINUTE_MS; m < to; m += MINUTE_MS) {
      const plan = printPlan(this.seed, i, m);
      for (let k = 0; k < plan.count; k += 1) {
        const at = m + k * plan.step * 1000;
        if (at < from || at >= to) continue;
        const size = plan.sizeOfFirst(k + 1) - plan.sizeOfFirst(k);
        found.push({ at, price: this.priceAt(i, at), size });
      }
    }
    return found;
  }

  /** What [from, to) folds to; undefined when nothing printed in it. */
  fold(i: Instrument, from: number, to: number, kind: PriceKind = 'last'): Fold | undefined {
    if (kind !== 'bid-ask') return this.foldKind(i, from, to, kind);
    return spread(this.foldKind(i, from, to, 'bid'), this.foldKind(i, from, to, 'ask'));
  }

  private foldKind(i: Instrument, from: number, to: number, kind: PriceKind): Fold | undefined {
    let sum: Fold | undefined;
    for (let m = Math.floor(from / MINUTE_MS) * MINUTE_MS; m < to; m += MINUTE_MS) {
      sum = join(sum, this.foldMinute(i, m, Math.max(m, from), Math.min(m + MINUTE_MS, to), kind));
    }
    return sum;
  }

  private foldMinute(
    i: Instrument,
    minute: number,
    from: number,
    to: number,
    kind: PriceKind,
  ): Fold | undefined {
    const plan = printPlan(this.seed, i, minute);
    // Quotes move every second whether or not anything trades; trades only where there is a print.
    const step = kind === 'last' ? plan.step * 1000 : 1000;
    const first = Math.ceil((from - minute) / step);
    const end = Math.ceil((to - minute) / step);
    if (end <= first) return undefined;
    const [start, stop] = [minute + first * step, minute + (end - 1) * step];
    const open = this.kindAt(i, start, kind);
    const close = start === stop ? open : this.kindAt(i, stop, kind);
    let [high, low, sum, points] = [Math.max(open, close), Math.min(open, close), open + close, 2];
    for (let at = Math.floor(start / NODE_MS) * NODE_MS + NODE_MS; at < stop; at += NODE_MS) {
      const price = this.kindAt(i, at, kind);
      high = Math.max(high, price);
      low = Math.min(low, price);
      sum += price;
      points += 1;
    }
    const volume = kind === 'last' ? plan.sizeOfFirst(end) - plan.sizeOfFirst(first) : 0;
    const notional = (sum / points) * (volume / 1_000_000);
    return { open, high, low, close, volume, count: end - first, notional };
  }

  /** The quoted spread of the minute around an instant. */
  private spreadAt(i: Instrument, instant: number): Spread {
    const minute = Math.floor(instant / MINUTE_MS);
    const memo = this.memoOf(i, Math.floor(instant / NODE_MS));
    if (memo.minute === minute) return memo.spread;
    const price = roundToTick(i, this.model.level(i, minute * NODES_PER_MINUTE));
    const tick = tickAt(i, price);
    const draw = hash(this.seed + 23, i.conId, minute);
    const usual = Math.max(1, Math.round(usualSpread(i, price) / tick));
    const ticks = usual + (draw % 3 === 0 ? Math.max(1, usual >> 1) : 0);
    memo.minute = minute;
    memo.spread = { tick, ticks, bidBelow: (draw >>> 8) % (ticks + 1) };
    return memo.spread;
  }

  private memoOf(i: Instrument, node: number): Memo {
    let memo = this.memos.get(i.conId);
    if (memo === undefined) {
      memo = { node: -1, a: 0, b: 0, minute: -1, spread: { tick: 1, bidBelow: 0, ticks: 1 } };
      this.memos.set(i.conId, memo);
    }
    if (memo.node !== node) {
      const follows = node === memo.node + 1 && memo.node >= 0;
      memo.a = follows ? memo.b : roundToTick(i, this.model.level(i, node));
      memo.b = roundToTick(i, this.model.level(i, node + 1));
      memo.node = node;
    }
    return memo;
  }
}
