import type { Contract, OrderableSecType } from '../instrument/contract.ts';
import { isOrderable } from '../instrument/contract.ts';
import type { Quote } from '../instrument/quote.ts';
import { touchOf } from '../instrument/touch.ts';
import { fixed, Fixed } from '../money/fixed.ts';
import type { OrderTerms } from './intent.ts';
import { auctionOf, isTrailing, needOf } from './order-type.ts';

/**
 * What is unusual about an order without being wrong: for the agent to think once more and for the human to look
 * twice. Nothing is refused for it and no rule reads it.
 */
export type OrderWarning = { readonly code: WarningCode; readonly message: string };

type Order = { readonly terms: OrderTerms; readonly contract: Contract };
type Check = (order: Order, quote: Quote | null) => string | null;

/** Quantities from which a slip of the finger is likelier than an intention. */
const largeQuantity: Readonly<Record<OrderableSecType, number>> = {
  STK: 10_000,
  OPT: 100,
  FUT: 20,
  CASH: 1_000_000,
  CRYPTO: 10,
  BOND: 100,
};

/** Shares of the mid beyond which a limit is far from it, on the side that pays and on the side that waits. */
const far = { paying: new Fixed(1, 2), waiting: new Fixed(1, 1) };
/** An option is quoted wide, and its price is a small number. */
const farForOption = { paying: new Fixed(1, 1), waiting: new Fixed(5, 1) };
/** Per cent. */
const tightTrail = new Fixed(2, 1);

/** One row per warning, in the order in which they are told. */
const checks = {
  NO_WORST_PRICE: ({ terms }) =>
    needOf(terms.orderType, 'limitPrice') === null && terms.limitOffset === null
      ? `An order of type ${terms.orderType} has no worst price: it fills at whatever the market pays.`
      : null,
  LARGE_QUANTITY: ({ terms, contract: { secType } }) => {
    if (!isOrderable(secType)) return null;
    const from = largeQuantity[secType];
    return fixed(terms.quantity).lt(new Fixed(from, 0))
      ? null
      : `${terms.quantity} is a large quantity for a ${secType} (${from} and more).`;
  },
  LIMIT_BEHIND_STOP: ({ terms }) => {
    const { stopPrice, limitPrice, side } = terms;
    if (stopPrice === null || limitPrice === null) return null;
    const [stop, limit] = [fixed(stopPrice), fixed(limitPrice)];
    const isBehind = side === 'BUY' ? limit.lt(stop) : limit.gt(stop);
    return isBehind ? 'The limit is better than the stop: it may wake and never fill.' : null;
  },
  LIMIT_FAR_FROM_MARKET: farText,
  OUTLIVES_TODAY: ({ terms: { tif, goodTillDate } }) =>
    tif === 'GTC'
      ? 'It works until somebody cancels it, on other days too.'
      : tif === 'GTD' && goodTillDate !== null
        ? `It works until ${goodTillDate}.`
        : null,
  OUTLIVES_CONTRACT: ({ terms, contract: { secType, expiry } }) => {
    const isDated = (secType === 'OPT' || secType === 'FUT') && expiry !== undefined;
    if (!isDated) return null;
    const lastDay = terms.goodTillDate?.slice(0, 10).replaceAll('-', '') ?? '';
    const isLonger = terms.tif === 'GTC' || (terms.tif === 'GTD' && lastDay > expiry);
    return isLonger ? `The contract ends on ${expiry}, before the order does.` : null;
  },
  OUTSIDE_REGULAR_HOURS: ({ terms, contract: { secType } }) =>
    terms.outsideRth
      ? secType === 'CASH' || secType === 'CRYPTO'
        ? `outsideRth has no meaning for a ${secType}.`
        : 'Outside regular hours spreads are wide and prices thin.'
      : null,
  TIGHT_TRAIL: ({ terms }) =>
    isTrailing(terms.orderType) &&
    terms.trailingPercent !== null &&
    fixed(terms.trailingPercent).lt(tightTrail)
      ? `A trail of ${terms.trailingPercent} % is within the noise of most markets.`
      : null,
} satisfies Record<string, Check>;

export type WarningCode = keyof typeof checks;
export const warningCodes = Object.keys(checks) as [WarningCode, ...WarningCode[]];

/** Everything unusual about the terms, in a fixed order; with a quote also where the limit stands in the market. */
export function orderWarnings(
  terms: OrderTerms,
  contract: Contract,
  quote: Quote | null = null,
): readonly OrderWarning[] {
  return warningCodes.flatMap((code) => {
    const check: Check = checks[code];
    const message = check({ terms, contract }, quote);
    return message === null ? [] : [{ code, message }];
  });
}

/** Where a plain limit stands against the mid; an auction has no market beside it, a stop has not woken. */
function farText({ terms, contract }: Order, quote: Quote | null): string | null {
  const { limitPrice, stopPrice, side } = terms;
  if (limitPrice === null || stopPrice !== null || auctionOf(terms) !== null) return null;
  const touch = quote === null ? null : touchOf(quote);
  if (touch === null || 'missing' in touch) return null;
  const { paying, waiting } = contract.secType === 'OPT' ? farForOption : far;
  const away = fixed(limitPrice).minus(touch.mid);
  const paid = side === 'BUY' ? away : away.neg();
  if (paid.gt(touch.mid.times(paying))) {
    return `The limit pays more than ${percent(paying)} % beyond the mid: look for a slip in the price.`;
  }
  return paid.neg().gt(touch.mid.times(waiting))
    ? `The limit is more than ${percent(waiting)} % from the mid: it will hardly fill.`
    : null;
}

function percent(share: Fixed): string {
  return share.times(new Fixed(100, 0)).text();
}
