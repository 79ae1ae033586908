// Until when an auction takes orders.
import type { Instrument } from '../market/instrument.ts';
import type { Market } from '../market/market.ts';
import { DAY_MS, MINUTE_MS } from '../market/new-york-time.ts';
import { rejected } from './order-error.ts';
import type { OrderError } from './order-error.ts';
import type { SimOrder } from './order.ts';
import type { OrderTypeRule } from './types/order-type.ts';
import { ruleOf } from './types/registry.ts';

/** Minutes before an auction in which nothing new is taken (`entry`), nothing changed or cancelled (`change`). */
type CutOff = { entry: number; change: number };

/** Source: NYSE, Nasdaq and NYSE Arca rules of their closing and opening auctions. */
const CLOSE_CUT_OFF: Readonly<Record<string, CutOff>> = {
  NASDAQ: { entry: 5, change: 10 },
  NYSE: { entry: 10, change: 10 },
  ARCA: { entry: 1, change: 1 },
  AMEX: { entry: 10, change: 10 },
};
const OPEN_CUT_OFF: CutOff = { entry: 2, change: 2 };
const OTHERS: CutOff = { entry: 5, change: 5 };

type Now = { market: Market; now: number };

/** Whether it is less than the cut-off before a rule's next auction. */
function isPast(of: keyof CutOff, i: Instrument, rule: OrderTypeRule, { market, now }: Now) {
  if (rule.auction === undefined) return false;
  const cutOff = rule.auction === 'open' ? OPEN_CUT_OFF : (CLOSE_CUT_OFF[i.primaryExch] ?? OTHERS);
  const next = market.auctions(i, now, now + DAY_MS).find((a) => a.kind === rule.auction);
  return next !== undefined && now >= next.at - cutOff[of] * MINUTE_MS;
}

/** Error 201 between the cut-off and the auction; undefined before and after. */
export function cutOffError(i: Instrument, rule: OrderTypeRule, at: Now): OrderError | undefined {
  if (!isPast('entry', i, rule, at)) return undefined;
  return rejected(`${rule.name} orders are no longer accepted before this auction`);
}

/** Whether an order stands in an auction that lets nobody out any more. */
export function isFrozen(order: SimOrder, i: Instrument, at: Now): boolean {
  const isThere = order.status === 'Submitted' || order.status === 'PreSubmitted';
  const rule = ruleOf(order.terms.orderType);
  if (rule === undefined || !isThere || order.working.isChild) return false;
  return isPast('change', i, rule, at);
}
