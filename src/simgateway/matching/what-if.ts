// Margin and commission of an order that is not placed, and the same check for one that is: the
// account is copied, the order booked on the copy as if it filled, and both are valued.
import { withFills } from '../accounts/account.ts';
import type { Account, Fill } from '../accounts/account.ts';
import { commissionOf } from '../accounts/commission/registry.ts';
import type { Commission } from '../accounts/commission/schedule.ts';
import { markOf } from '../accounts/prices.ts';
import { valueAccount } from '../accounts/valuation.ts';
import type { Valuation } from '../accounts/valuation.ts';
import { valueOf } from '../accounts/value.ts';
import type { Instrument, Size } from '../market/instrument.ts';
import type { Micros } from '../market/money.ts';
import { formatCents } from '../market/money.ts';
import { placeLegs } from './combo.ts';
import type { DeskContext } from './desk-context.ts';
import { rejected } from './order-error.ts';
import type { OrderError } from './order-error.ts';
import { signOf } from './order.ts';
import type { OrderTerms } from './order.ts';

/** An account before and after an order that has not happened. */
export type WhatIf = {
  instrument: Instrument;
  account: string;
  before: Valuation;
  after: Valuation;
  /** Summed over legs in the first one's currency. */
  commission: Commission;
  /** Why the order would be refused, absent when it would not. */
  rejection?: OrderError;
};
type Part = { instrument: Instrument; size: Size };
type Priced = { fill: Fill; commission: Commission };

/** What an order would trade, signed. */
function partsOf(instrument: Instrument, terms: OrderTerms, c: DeskContext): Part[] {
  const sign = signOf(terms.action);
  if (terms.legs === undefined) return [{ instrument, size: sign * terms.quantity }];
  return placeLegs(terms.legs, c.contracts).map((leg) => ({
    instrument: leg.instrument,
    size: sign * leg.side * leg.ratio * terms.quantity,
  }));
}

function priced(part: Part, account: Account, terms: OrderTerms, c: DeskContext): Priced {
  const { instrument, size } = part;
  const mark = markOf(c.market, instrument);
  const top = c.market.top(instrument);
  const market = (size > 0 ? top.ask : top.bid) ?? mark;
  const price: Micros = terms.legs === undefined ? (terms.limitPrice ?? market) : market;
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

function sumOf(parts: readonly Priced[]): Commission {
  const [first] = parts;
  const total: Commission = { likely: 0, least: 0, most: 0, currency: 'USD' };
  for (const { commission } of parts) {
    total.likely += commission.likely;
    total.least += commission.least;
    total.most += commission.most;
  }
  return { ...total, currency: first?.commission.currency ?? 'USD' };
}

/** What must be paid in full and cannot be sold short. */
function cashOnlyError(account: Account, fills: readonly Fill[]): OrderError | undefined {
  for (const { instrument, size, price, commission } of fills) {
    const held = account.positions.get(instrument.conId)?.quantity ?? 0;
    const isShort = size < 0 && held + size < 0;
    if (isShort && (instrument.secType === 'CRYPTO' || instrument.secType === 'BOND')) {
      return rejected('The contract is not available for short sale.');
    }
    if (instrument.secType !== 'CRYPTO' || size < 0) continue;
    const cost = valueOf(instrument, price, size) + commission;
    if (cost > (account.cash[instrument.currency] ?? 0)) {
      return rejected('Insufficient settled cash for a cryptocurrency order.');
    }
  }
  return undefined;
}

function marginError(before: Valuation, after: Valuation): OrderError | undefined {
  // An order that frees margin is always taken, however deep the account is under water.
  if (after.availableFunds >= Math.min(0, before.availableFunds)) return undefined;
  return rejected(
    `YOUR ORDER IS NOT ACCEPTED. IN ORDER TO OBTAIN THE DESIRED POSITION ` +
      `YOUR EQUITY WITH LOAN VALUE [${formatCents(after.equityWithLoan)} USD] MUST EXCEED THE ` +
      `INITIAL MARGIN [${formatCents(after.initMargin)} USD]`,
  );
}

/** Values the account before and after the order, as if it filled at the market. */
export function whatIf(
  account: Account,
  instrument: Instrument,
  terms: OrderTerms,
  c: DeskContext,
): WhatIf {
  const parts = partsOf(instrument, terms, c).map((part) => priced(part, account, terms, c));
  const fills = parts.map((part) => part.fill);
  const before = valueAccount(account, c.prices);
  const after = valueAccount(withFills(account, fills), c.prices);
  const rejection = cashOnlyError(account, fills) ?? marginError(before, after);
  return {
    instrument,
    account: account.id,
    before,
    after,
    commission: sumOf(parts),
    ...(rejection === undefined ? {} : { rejection }),
  };
}
