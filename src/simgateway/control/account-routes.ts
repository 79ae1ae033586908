// What the gateway knows about accounts.
import { averageCost } from '../accounts/account.ts';
import { valueAccount } from '../accounts/valuation.ts';
import { instrumentByConId } from '../market/contract-book.ts';
import { formatCents, formatMicros } from '../market/money.ts';
import { markWith } from '../matching/what-if.ts';
import type { Simulation } from '../simulation.ts';
import { route } from './route.ts';

function accountStates(sim: Simulation) {
  const mark = markWith(sim.quotes);
  return [...sim.accounts.values()].map((a) => ({
    id: a.id,
    cash: formatMicros(a.cash, 2),
    realized: formatMicros(a.realized, 2),
    netLiquidation: formatCents(valueAccount(a, mark).netLiquidation),
    positions: [...a.positions.values()].map((p) => ({
      conId: p.conId,
      symbol: instrumentByConId(p.conId)?.symbol,
      quantity: p.quantity,
      averageCost: formatMicros(averageCost(p)),
      realized: formatMicros(p.realized, 2),
    })),
  }));
}

/** Routes for accounts. */
export const accountRoutes = {
  accounts: route('GET', '/accounts', 'Cash, realised profit, positions', {}, accountStates),
};
