// How the matcher looks at a book: the market as it is now, and what has changed since the last look.
// The tape is read once: a clock that is set back, or jumps, never brings a print twice.
import type { DeskContext } from './desk-context.ts';
import type { SimOrder } from './order.ts';
import type { Pass, Print } from './pass.ts';

const INTERVAL_MS = 1000;
/** A jump of the clock replays at most this much of the tape. */
const REPLAYED_MS = 10 * 60_000;

type Seen = { at: number; interval: number; bid?: number; ask?: number; last?: number };

/** The looks of one desk, by contract. */
export class BookViews {
  private readonly c: DeskContext;
  private readonly seen = new Map<number, Seen>();

  constructor(context: DeskContext) {
    this.c = context;
  }

  /** The market of a contract now, without its tape. */
  look(conId: number): Pass {
    const { market, clock, contracts } = this.c;
    const instrument = contracts.byConId(conId);
    if (instrument === undefined) throw new Error(`contract ${conId} does not exist`);
    const now = clock.now();
    const top = market.top(instrument);
    const seen = this.seen.get(conId);
    const isNewLast = seen === undefined || seen.last !== top.last;
    const isNewQuote =
      isNewLast ||
      seen.interval !== Math.floor(now / INTERVAL_MS) ||
      seen.bid !== top.bid ||
      seen.ask !== top.ask;
    const phase = market.phase(instrument, now);
    return { instrument, now, top, phase, tape: [], isNewQuote, isNewLast };
  }

  /** Remembers a look at the whole book, and adds what was printed since the one before. */
  remember(pass: Pass, orders: readonly SimOrder[], readsTape: boolean): void {
    const { instrument, now, top } = pass;
    const seen = this.seen.get(instrument.conId);
    if (seen !== undefined && now < seen.at) {
      // Set back: what was printed until then has been counted for these orders.
      for (const { working } of orders) working.since = Math.max(working.since, seen.at);
    }
    if (readsTape) {
      // Nothing that was printed before the oldest order came can matter.
      const oldest = orders.reduce((at, order) => Math.min(at, order.working.since), now);
      const since = Math.max(seen?.at ?? oldest, oldest, now - REPLAYED_MS);
      if (since < now) pass.tape = this.printsOf(pass, since);
    }
    const { bid, ask, last } = top;
    this.seen.set(instrument.conId, {
      at: now,
      interval: Math.floor(now / INTERVAL_MS),
      ...(bid === undefined ? {} : { bid }),
      ...(ask === undefined ? {} : { ask }),
      ...(last === undefined ? {} : { last }),
    });
  }

  private printsOf({ instrument, now, phase }: Pass, since: number): Print[] {
    const { market } = this.c;
    // No part of the day is shorter than what is replayed.
    const isOnePhase = market.phase(instrument, since) === phase;
    return market.trades(instrument, since, now).map((print) => ({
      ...print,
      phase: isOnePhase ? phase : market.phase(instrument, print.at),
    }));
  }
}
