// Margin and commission of an order that is not placed: the account is copied, the order booked on the
// copy as if it filled, and both are valued. Whether it would be taken is what `buying-power.ts` says.
import { withFills } from '../accounts/account.ts';
import type { Account } from '../accounts/account.ts';
import type { Commission } from '../accounts/commission/schedule.ts';
import { valueAccount } from '../accounts/valuation.ts';
import type { Valuation } from '../accounts/valuation.ts';
import type { Instrument } from '../market/instrument.ts';
import { buyingPowerError } from './buying-power.ts';
import { claimsBeside } from './claims.ts';
import { accountNamed } from './desk-context.ts';
import type { DeskContext } from './desk-context.ts';
import type { CheckedOrder } from './order-checks.ts';
import type { OrderError } from './order-error.ts';
import type { OrderFields, OrderTerms } from './order.ts';
import { partsOf, pricePart } from './order-parts.ts';
import type { PricedPart } from './order-parts.ts';

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
function sumOf(parts: readonly PricedPart[]): Commission {
  const [first] = parts;
  const total: Commission = { likely: 0, least: 0, most: 0, currency: 'USD' };
  for (const { commission } of parts) {
    total.likely += commission.likely;
    total.least += commission.least;
    total.most += commission.most;
  }
  return { ...total, currency: first?.commission.currency ?? 'USD' };
}

/**
 * A what-if uses up its order id (reference note §6). Ids from here on are taken for request ids, as
 * clients keep them apart from order ids: one of them must not push every later order up to it.
 */
const FIRST_REQUEST_ID = 1_000_000_000;

/** Values the account before and after the order, as if it filled at the market. */
function whatIf(
  account: Account,
  instrument: Instrument,
  terms: OrderTerms,
  c: DeskContext,
): WhatIf {
  const parts = partsOf(instrument, terms, terms.quantity, c);
  const limit = terms.legs === undefined ? terms.limitPrice : undefined;
  const priced = parts.map((part) => pricePart(part, account, c, limit));
  const fills = priced.map((part) => part.fill);
  const rejection = buyingPowerError(account, parts, claimsBeside(account.id, undefined, c), c);
  return {
    instrument,
    account: account.id,
    before: valueAccount(account, c.prices),
    after: valueAccount(withFills(account, fills), c.prices),
    commission: sumOf(priced),
    ...(rejection === undefined ? {} : { rejection }),
  };
}

/** Answers a what-if order. */
export function answerWhatIf(
  clientId: number,
  f: OrderFields,
  { account, instrument, terms }: CheckedOrder,
  c: DeskContext,
): void {
  const { orderId = 0 } = f;
  const result = whatIf(accountNamed(c, account), instrument, terms, c);
  if (orderId < FIRST_REQUEST_ID) c.store.raiseNextId(clientId, orderId);
  c.emit({ type: 'whatIf', clientId, orderId, fields: f, result });
}
