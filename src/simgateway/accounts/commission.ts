// IBKR Pro fixed pricing for US stocks: 0.005 a share, at least 1.00 an order, at most 1 % of the
// trade value. Source: IBKR, "Commissions: Stocks, ETFs and Warrants".
import type { Micros } from '../market/money.ts';

const PER_SHARE: Micros = 5_000;
const MINIMUM: Micros = 1_000_000;

/** Commission of a whole order so far; charge the difference to what was charged before. */
export function commissionOf(shares: number, value: Micros): Micros {
  const cap = Math.floor(value / 100);
  return Math.min(Math.max(shares * PER_SHARE, MINIMUM), cap);
}
