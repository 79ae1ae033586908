// US stocks and funds. Fixed: 0.005 a share, at least 1.00, at most 1 % of the trade value. Tiered:
// 0.0035 a share (first 300,000 a month), at least 0.35, at most 1 %, plus clearing and exchange fees
// on top. Source: IBKR, "Commissions: Stocks, ETFs and Warrants".
import type { Commission, CommissionSchedule } from './schedule.ts';
import { exactly, partOf, perUnit } from './schedule.ts';

const CAP = 10_000;
const CLEARING = 200;
/** Fee for taking liquidity, credit for adding it: the usual of the large exchanges. */
const REMOVE = 3_000;
const ADD = 2_000;

function withinLimits(amount: number, minimum: number, value: number): number {
  return Math.min(Math.max(amount, minimum), partOf(value, CAP));
}

/** Commissions of US stocks. */
export const usStocks: CommissionSchedule = {
  covers: (i) => i.secType === 'STK' && i.currency === 'USD',
  of: ({ plan, size, value }): Commission => {
    if (plan === 'fixed') {
      return exactly(withinLimits(perUnit(5_000, size), 1_000_000, value), 'USD');
    }
    const own = withinLimits(perUnit(3_500, size), 350_000, value);
    const clearing = perUnit(CLEARING, size);
    const most = own + clearing + perUnit(REMOVE, size);
    const least = Math.max(0, own + clearing - perUnit(ADD, size));
    return { likely: most, least, most, currency: 'USD' };
  },
};
