// Which prices elect a stop (order field triggerMethod), and how many in a row. Source: IBKR, "Trigger
// Methods".
import type { SecType } from '../market/instrument.ts';
import type { Micros } from '../market/money.ts';
import { canWorkIn } from './pass.ts';
import type { Pass, Print } from './pass.ts';
import type { SimOrder } from './order.ts';

type Source = 'last' | 'quote' | 'mid' | 'either';
type TriggerMethod = { source: Source; inARow: 1 | 2 };

const LAST: TriggerMethod = { source: 'last', inARow: 1 };
const DOUBLE_QUOTE: TriggerMethod = { source: 'quote', inARow: 2 };
const METHODS: Readonly<Record<number, TriggerMethod>> = {
  1: DOUBLE_QUOTE,
  2: LAST,
  3: { source: 'last', inARow: 2 },
  4: { source: 'quote', inARow: 1 },
  7: { source: 'either', inARow: 1 },
  8: { source: 'mid', inARow: 1 },
};
/** What method 0 (and any unknown one) means, where it is not the last price. */
const DEFAULTS: Partial<Record<SecType, TriggerMethod>> = { OPT: DOUBLE_QUOTE };

/** The method of an order on a kind of contract. */
export const triggerMethodOf = (order: SimOrder, secType: SecType): TriggerMethod =>
  METHODS[order.terms.triggerMethod] ?? DEFAULTS[secType] ?? LAST;

/** Whether a print counts for an order: it came later, and in hours in which the order works. */
export function counts(order: SimOrder, print: Print, { instrument }: Pass): boolean {
  const { working, terms } = order;
  if (print.at <= working.since || print.at <= (terms.startsAt ?? 0)) return false;
  return canWorkIn(order, instrument, print.phase);
}

/** The prices that are quoted now. Where nothing is ever printed the quote stands for the last price. */
function pricesNow(source: Source, order: SimOrder, { top }: Pass): (Micros | undefined)[] {
  const { bid, ask, last } = top;
  const quote = order.terms.action === 'BUY' ? ask : bid;
  if (source === 'either') return [last, quote];
  if (source === 'mid' && bid !== undefined && ask !== undefined) {
    return [Math.floor((bid + ask) / 2)];
  }
  return [source === 'quote' ? quote : (last ?? quote)];
}

/** Whether the price now is one more than was seen before: two in a row must be two. */
function isAnother({ source, inARow }: TriggerMethod, pass: Pass): boolean {
  if (inARow === 1) return true;
  // The last price is the last print: it was counted on the tape.
  if (source === 'last') return pass.isNewLast && pass.tape.length === 0;
  return pass.isNewQuote;
}

/** The prices an order looks at since it was last asked, oldest first. */
export function triggerPrices(order: SimOrder, pass: Pass): Micros[] {
  const method = triggerMethodOf(order, pass.instrument.secType);
  const readsTape = method.source === 'last' || method.source === 'either';
  const prices = readsTape
    ? pass.tape.filter((print) => counts(order, print, pass)).map((print) => print.price)
    : [];
  if (!isAnother(method, pass)) return prices;
  for (const price of pricesNow(method.source, order, pass)) {
    if (price !== undefined) prices.push(price);
  }
  return prices;
}
