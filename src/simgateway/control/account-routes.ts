// What the gateway knows about accounts.
import { averageCost } from '../accounts/account.ts';
import type { Amounts } from '../accounts/account.ts';
import { valueAccount } from '../accounts/valuation.ts';
import { sizeNumber } from '../accounts/value.ts';
import { instrumentByConId } from '../market/contract-book.ts';
import { formatCents, formatMicros } from '../market/money.ts';
import type { Simulation } from '../simulation.ts';
import { route } from './route.ts';

const amountTexts = (amounts: Amounts) =>
  Object.fromEntries(Object.entries(amounts).map(([c, amount]) => [c, formatMicros(amount, 2)]));

function accountStates(sim: Simulation) {
  return [...sim.accounts.values()].map((a) => ({
    id: a.id,
    cash: formatMicros(a.cash['USD'] ?? 0, 2),
    cashBalances: amountTexts(a.cash),
    realized: formatMicros(a.realized['USD'] ?? 0, 2),
    netLiquidation: formatCents(valueAccount(a, sim.prices).netLiquidation),
    positions: [...a.positions.values()].map((p) => ({
      conId: p.conId,
      symbol: instrumentByConId(p.conId)?.symbol,
      quantity: sizeNumber(p.quantity),
      averageCost: formatMicros(averageCost(p)),
      realized: formatMicros(p.realized, 2),
    })),
  }));
}

/** Routes for accounts. */
export const accountRoutes = {
  accounts: route('GET', '/accounts', 'Cash, realised profit, positions', {}, accountStates),
};
