// Margin and commission of an order that is not placed, and the same check for one that is.
import type { Account } from '../accounts/account.ts';
import { commissionOf } from '../accounts/commission.ts';
import { valueAccount } from '../accounts/valuation.ts';
import type { Valuation } from '../accounts/valuation.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Micros } from '../market/money.ts';
import { formatCents } from '../market/money.ts';
import type { QuoteBook } from '../market/quote-book.ts';
import { instrumentByConId } from '../market/contract-book.ts';
import type { OrderTerms } from './order.ts';

/** An account before and after an order that has not happened. */
export type WhatIf = {
  instrument: Instrument;
  account: string;
  before: Valuation;
  after: Valuation;
  commission: Micros;
  /** Why the order would be refused, absent when it would not. */
  rejection?: string;
};

/** Marks any position at its last price. */
export const markWith =
  (quotes: QuoteBook) =>
  (conId: number): Micros => {
    const instrument = instrumentByConId(conId);
    return instrument === undefined ? 0 : quotes.top(instrument).last;
  };

/** Values the account before and after the order, as if it filled at its limit or the market. */
export function whatIf(
  account: Account,
  instrument: Instrument,
  terms: OrderTerms,
  quotes: QuoteBook,
): WhatIf {
  const top = quotes.top(instrument);
  const price = terms.limitPrice ?? (terms.action === 'BUY' ? top.ask : top.bid);
  const commission = commissionOf(terms.quantity, price * terms.quantity);
  const mark = markWith(quotes);
  const before = valueAccount(account, mark);
  const shares = terms.action === 'BUY' ? terms.quantity : -terms.quantity;
  const after = valueAccount(account, mark, {
    conId: instrument.conId,
    shares,
    // Margin is held at market, so a far limit must not create or destroy equity.
    price: top.last,
    commission,
  });
  const grows = after.initMargin > before.initMargin;
  if (!grows || after.netLiquidation >= after.initMargin) {
    return { instrument, account: account.id, before, after, commission };
  }
  const rejection =
    `Order rejected - reason:YOUR ORDER IS NOT ACCEPTED. IN ORDER TO OBTAIN THE DESIRED POSITION ` +
    `YOUR EQUITY WITH LOAN VALUE [${formatCents(after.netLiquidation)} USD] MUST EXCEED THE ` +
    `INITIAL MARGIN [${formatCents(after.initMargin)} USD]`;
  return { instrument, account: account.id, before, after, commission, rejection };
}
