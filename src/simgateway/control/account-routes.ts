// What the gateway knows about accounts; money and positions that come from nowhere.
import { averageCost, BASE_CURRENCY } from '../accounts/account.ts';
import type { Account, Amounts } from '../accounts/account.ts';
import { moveCash, setPosition } from '../accounts/by-hand.ts';
import { valueAccount } from '../accounts/valuation.ts';
import { sizeNumber } from '../accounts/value.ts';
import { instrumentByConId } from '../market/contract-book.ts';
import { formatCents, formatMicros, parseMicros } from '../market/money.ts';
import type { Micros } from '../market/money.ts';
import { sendAccountValues } from '../session/account-reports.ts';
import { publish } from '../session/publish.ts';
import type { Simulation } from '../simulation.ts';
import { ControlError, decimal, required, text } from './field.ts';
import { instrumentOf } from './instrument-of.ts';
import { route } from './route.ts';

const amountTexts = (amounts: Amounts) =>
  Object.fromEntries(Object.entries(amounts).map(([c, amount]) => [c, formatMicros(amount, 2)]));

const accountState = (sim: Simulation, a: Account) => ({
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
});

function accountOf(sim: Simulation, id: string): Account {
  const account = sim.accounts.get(id);
  if (account === undefined) throw new ControlError(404, `no account '${id}'`);
  return account;
}

function micros(name: string, text: string): Micros {
  const value = parseMicros(text);
  if (value === undefined) throw new ControlError(400, `field '${name}' is too large or too fine`);
  return value;
}

/** Keeps a change and tells who subscribed to the account. */
function changed(sim: Simulation, account: Account, conId?: number): void {
  sim.persistence.markAccount(account);
  if (conId !== undefined) publish(sim, { type: 'holdingsChanged', account: account.id, conId });
  else {
    for (const session of sim.sessions) {
      if (session.subscriptions.accounts.has(account.id)) sendAccountValues(session, account);
    }
  }
  sim.desk.evaluateAll();
}

/** Routes for accounts. */
export const accountRoutes = {
  accounts: route('GET', '/accounts', 'Cash, realised profit, positions', {}, (sim) =>
    [...sim.accounts.values()].map((a) => accountState(sim, a)),
  ),
  moveCash: route(
    'POST',
    '/accounts/:account/cash',
    'Deposits, or withdraws when negative',
    {
      amount: required(decimal('amount, negative to withdraw')),
      currency: text('`USD` unless given'),
    },
    (sim, { account: id, amount, currency }) => {
      const account = accountOf(sim, id);
      const code = currency ?? BASE_CURRENCY;
      if (code !== BASE_CURRENCY && sim.market.usdRate(code) === undefined) {
        throw new ControlError(400, `no rate for currency '${code}'`);
      }
      moveCash(account, micros('amount', amount), code, sim.prices);
      changed(sim, account);
      return accountState(sim, account);
    },
  ),
  setPosition: route(
    'PUT',
    '/accounts/:account/positions/:instrument',
    'Puts a position in place of what is held; cash stays',
    {
      quantity: required(decimal('negative when short')),
      averagePrice: decimal('what it cost; the mark of now when absent'),
    },
    (sim, input) => {
      const account = accountOf(sim, input.account);
      const i = instrumentOf(input.instrument);
      const quantity = micros('quantity', input.quantity);
      const averagePrice =
        input.averagePrice === undefined
          ? sim.prices.mark(i)
          : micros('averagePrice', input.averagePrice);
      setPosition(account, i, { quantity, averagePrice }, sim.prices);
      changed(sim, account, i.conId);
      return accountState(sim, account);
    },
  ),
};
