// One look at one instrument's book: the orders that want something now, and what they want, in the
// order in which they are served.
import type { Instrument } from '../market/instrument.ts';
import type { Phase, Top, Trade } from '../market/market.ts';
import type { Micros } from '../market/money.ts';
import type { SimOrder } from './order.ts';
import type { Wish } from './types/order-type.ts';

/** A print, and the part of the day it fell in. */
export type Print = Trade & { readonly phase: Phase };
/** What all orders of a book see at an instant. */
export type Pass = {
  instrument: Instrument;
  now: number;
  top: Top;
  phase: Phase;
  /** Prints since the book was last looked at; empty unless fills follow the tape. */
  tape: readonly Print[];
  /** A price or the interval is another one than at the last look. */
  isNewQuote: boolean;
  /** The last price is another one than at the last look. */
  isNewLast: boolean;
};
/** An order that wants to trade. */
export type Contender = { order: SimOrder; wish: Extract<Wish, { kind: 'market' | 'limit' }> };

/** Better-priced first, market orders before all; then whoever came first. */
export function byPriority(a: Contender, b: Contender): number {
  const worth = ({ order, wish }: Contender) => {
    if (wish.kind === 'market') return Number.POSITIVE_INFINITY;
    return order.terms.action === 'BUY' ? wish.price : -wish.price;
  };
  const [x, y] = [worth(a), worth(b)];
  return x === y ? a.order.working.rank - b.order.working.rank : x > y ? -1 : 1;
}

/** The price an order would trade at now, or undefined while it has to wait. */
export function tradePrice({ order, wish }: Contender, top: Top): Micros | undefined {
  if (top.halted) return undefined;
  const { action } = order.terms;
  const market = action === 'BUY' ? top.ask : top.bid;
  if (market === undefined || wish.kind === 'market') return market;
  const crosses = action === 'BUY' ? market <= wish.price : market >= wish.price;
  return crosses ? market : undefined;
}

const EXTENDED: ReadonlySet<Phase> = new Set(['pre', 'post']);
/** Order types that may work outside regular hours in stocks and options. */
const QUIET_TYPES: ReadonlySet<string> = new Set(['LMT', 'STP LMT', 'TRAIL LIMIT', 'LIT']);
const RTH_ONLY: ReadonlySet<string> = new Set(['STK', 'OPT', 'BOND']);

/** Whether the exchange takes the order, and a stop may be elected, in this part of the day. */
export function canWorkIn(order: SimOrder, i: Instrument, phase: Phase): boolean {
  if (phase === 'regular') return true;
  if (!EXTENDED.has(phase)) return false;
  // Futures, forex and crypto trade around the clock; the flag means nothing to them.
  if (!RTH_ONLY.has(i.secType)) return true;
  return order.terms.outsideRth && QUIET_TYPES.has(order.terms.orderType);
}
