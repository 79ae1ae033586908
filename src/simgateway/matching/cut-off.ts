// Until when an auction takes orders.
import type { Instrument } from '../market/instrument.ts';
import type { Market } from '../market/market.ts';
import { DAY_MS, MINUTE_MS } from '../market/new-york-time.ts';
import { rejected } from './order-error.ts';
import type { OrderError } from './order-error.ts';
import type { OrderTypeRule } from './types/order-type.ts';

/** Minutes before the auction. Source: NYSE and Nasdaq closing and opening cross rules. */
const CLOSE_CUT_OFF: Readonly<Record<string, number>> = { NASDAQ: 5, NYSE: 10, ARCA: 1, AMEX: 10 };
const OPEN_CUT_OFF = 2;
const OTHERS = 5;

/** Error 201 between the cut-off and the auction; undefined before and after. */
export function cutOffError(
  i: Instrument,
  rule: OrderTypeRule,
  { market, now }: { market: Market; now: number },
): OrderError | undefined {
  const minutes = rule.auction === 'open' ? OPEN_CUT_OFF : (CLOSE_CUT_OFF[i.primaryExch] ?? OTHERS);
  const next = market.auctions(i, now, now + DAY_MS).find((a) => a.kind === rule.auction);
  if (next === undefined || now < next.at - minutes * MINUTE_MS) return undefined;
  return rejected(`${rule.name} orders are no longer accepted before this auction`);
}
