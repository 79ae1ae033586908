import type { Contract } from '../instrument/contract.ts';
import type { OrderTerms } from './intent.ts';

/** One line for people, in the order a ticket reads: `BUY 5 AAPL LMT 189.5 DAY`. */
export function orderSummary(terms: OrderTerms, contract: Contract): string {
  const price = terms.limitPrice === null ? [] : [terms.limitPrice];
  const hours = terms.outsideRth ? ['outside RTH'] : [];
  return [
    terms.side,
    terms.quantity,
    contract.symbol,
    terms.orderType,
    ...price,
    terms.tif,
    ...hours,
  ].join(' ');
}
