// Which contract an order means, and whether it can be ordered at all.
import type { Instrument } from '../market/instrument.ts';
import { isTradable } from '../market/instrument.ts';
import { dayOf, formatDay } from '../market/new-york-time.ts';
import { legsOf } from './combo.ts';
import { isOrderError, noSuchContract, rejected } from './order-error.ts';
import type { OrderError } from './order-error.ts';
import type { CheckContext } from './order-checks.ts';
import type { Leg, OrderFields } from './order.ts';

/** The one instrument the fields mean, or error 200. */
function instrumentOf(f: OrderFields, c: CheckContext): Instrument | OrderError {
  const found = c.contracts.find(f);
  const [first, second] = found;
  if (first === undefined) return noSuchContract;
  if (second !== undefined) {
    const text = 'The contract description specified for';
    return { code: 200, text: `${text} ${first.symbol} is ambiguous.` };
  }
  return first;
}

/** Whether a contract can still be ordered. */
function contractError(i: Instrument, c: CheckContext): OrderError | undefined {
  const isOver = i.expiry !== undefined && i.expiry < formatDay(dayOf(c.now));
  if (isOver) return noSuchContract;
  if (!isTradable(i)) return rejected('The contract is not available for trading.');
  if (i.currency !== 'USD' && c.market.usdRate(i.currency) === undefined) {
    return { code: 203, text: 'The security is not available or allowed for this account.' };
  }
  return undefined;
}

/** The contract of an order; a combination's is its first leg's. */
export function contractOf(
  f: OrderFields,
  c: CheckContext,
): { instrument: Instrument; legs?: Leg[] } | OrderError {
  if (f.secType !== 'BAG') {
    const instrument = instrumentOf(f, c);
    if (isOrderError(instrument)) return instrument;
    return contractError(instrument, c) ?? { instrument };
  }
  const legs = legsOf(f, c.contracts);
  if (isOrderError(legs)) return legs;
  for (const { conId } of legs) {
    const leg = c.contracts.byConId(conId);
    const problem = leg === undefined ? noSuchContract : contractError(leg, c);
    if (problem !== undefined) return problem;
  }
  const instrument = c.contracts.byConId(legs[0]?.conId ?? 0);
  return instrument === undefined ? noSuchContract : { instrument, legs };
}
