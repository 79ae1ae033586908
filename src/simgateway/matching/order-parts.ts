// What an order would trade, instrument by instrument, and what that would cost now: the figures behind
// what-if answers and the check of the money.
import type { Account, Fill } from '../accounts/account.ts';
import { commissionOf } from '../accounts/commission/registry.ts';
import type { Commission } from '../accounts/commission/schedule.ts';
import { valueOf } from '../accounts/value.ts';
import type { Instrument, Size } from '../market/instrument.ts';
import type { Micros } from '../market/money.ts';
import { placeLegs } from './combo.ts';
import type { DeskContext } from './desk-context.ts';
import { signOf } from './order.ts';
import type { OrderTerms } from './order.ts';

/** A size of one instrument, positive bought, negative sold. */
export type Part = { instrument: Instrument; size: Size };
/** A part as a fill at the mark, and what commission it would pay. */
export type PricedPart = { fill: Fill; commission: Commission };

/** The parts of `size` of an order: one, or one per leg. `instrument` is the order's, or its first leg's. */
export function partsOf(
  instrument: Instrument,
  { action, legs }: Pick<OrderTerms, 'action' | 'legs'>,
  size: Size,
  c: DeskContext,
): Part[] {
  const sign = signOf(action);
  if (legs === undefined) return [{ instrument, size: sign * size }];
  return placeLegs(legs, c.contracts).map((leg) => ({
    instrument: leg.instrument,
    size: sign * leg.side * leg.ratio * size,
  }));
}

/** Prices a part: commission at `at` (the market when absent), the fill itself at the mark. */
export function pricePart(
  { instrument, size }: Part,
  account: Account,
  c: DeskContext,
  at?: Micros,
): PricedPart {
  const mark = c.prices.mark(instrument);
  const top = c.market.top(instrument);
  const price = at ?? (size > 0 ? top.ask : top.bid) ?? mark;
  const value = Math.abs(valueOf(instrument, price, size));
  const commission = commissionOf({
    instrument,
    plan: account.pricing,
    size: Math.abs(size),
    value,
    usdValue: c.prices.usd(value, instrument.currency),
  });
  const fill: Fill = {
    instrument,
    size,
    // Margin is held at market, so a far limit must not create or destroy equity.
    price: mark,
    commission: commission.likely,
    commissionCurrency: commission.currency,
  };
  return { fill, commission };
}
