// What the control port did to prices: set, froze, halted. What holds now, and for the tape the
// stretches of time in which the path did not rule.
import type { Instrument } from './instrument.ts';
import type { Top } from './market.ts';
import type { Micros } from './money.ts';

/** What may be changed about a quote. */
export type QuoteChange = {
  bid?: Micros;
  ask?: Micros;
  last?: Micros;
  /** Keeps the current prices until released. */
  frozen?: boolean;
  halted?: boolean;
};
/** Prices that stand until released. */
export type SetPrices = { bid: Micros; ask: Micros; last: Micros };
/** Time without prints of the path; when a last price was set, its first instant has one print. */
export type Stretch = { from: number; to: number; prices: SetPrices; printed: boolean };
type State = { prices?: SetPrices; halted: boolean; stretches: Stretch[] };

/** Stretches kept per instrument; older ones are forgotten, oldest first. */
const KEPT = 500;
const NONE: readonly Stretch[] = [];

/** The prices a change sets; undefined when it sets none. */
function withoutUnset({ bid, ask, last }: QuoteChange): Partial<SetPrices> | undefined {
  if (bid === undefined && ask === undefined && last === undefined) return undefined;
  return {
    ...(bid === undefined ? {} : { bid }),
    ...(ask === undefined ? {} : { ask }),
    ...(last === undefined ? {} : { last }),
  };
}

/** The changes of one gateway. */
export class Interventions {
  private readonly states = new Map<number, State>();
  /** Grows with every change, so that whoever remembers a price knows it is old. */
  version = 0;

  prices(conId: number): SetPrices | undefined {
    return this.states.get(conId)?.prices;
  }

  isHalted(conId: number): boolean {
    return this.states.get(conId)?.halted ?? false;
  }

  /** Oldest first; the last one may still run (`to` infinite). */
  stretches(conId: number): readonly Stretch[] {
    return this.states.get(conId)?.stretches ?? NONE;
  }

  /** A price left out of a first change is taken from `top`. */
  change(i: Instrument, change: QuoteChange, top: Top, now: number): void {
    const state = this.states.get(i.conId) ?? { halted: false, stretches: [] };
    this.states.set(i.conId, state);
    this.version += 1;
    if (change.halted !== undefined) state.halted = change.halted;
    const known = top.last ?? i.basePrice;
    const quoted = { bid: top.bid ?? known, ask: top.ask ?? known, last: known };
    const current = state.prices ?? quoted;
    const set = withoutUnset(change);
    if (set !== undefined || change.frozen === true) state.prices = { ...current, ...set };
    else if (change.frozen === false) delete state.prices;
    this.endStretch(state, now);
    if (state.prices === undefined && !state.halted) return;
    const printed = change.last !== undefined && !state.halted;
    const prices = state.prices ?? current;
    state.stretches.push({ from: now, to: Number.POSITIVE_INFINITY, prices, printed });
    if (state.stretches.length > KEPT) state.stretches.shift();
  }

  /** Every price follows its path again; what was stays in the past. */
  reset(now: number): void {
    this.version += 1;
    for (const state of this.states.values()) {
      this.endStretch(state, now);
      state.halted = false;
      delete state.prices;
    }
  }

  private endStretch(state: State, now: number): void {
    const open = state.stretches.at(-1);
    if (open?.to === Number.POSITIVE_INFINITY) open.to = Math.max(now, open.from + 1);
  }
}
