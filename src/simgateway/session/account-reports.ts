// The reports about an account that both requests and fills cause.
import { averageCost } from '../accounts/account.ts';
import type { Account, Position } from '../accounts/account.ts';
import { accountTags } from '../accounts/account-tags.ts';
import { valueAccount } from '../accounts/valuation.ts';
import { formatCents, formatMicros } from '../market/money.ts';
import { markWith } from '../matching/what-if.ts';
import * as events from '../wire/events.ts';
import { contractValuesOf, portfolioValues } from './report-values.ts';
import type { Reporter } from './told.ts';

/** All account values of one account. */
export function tagsOf(session: Reporter, account: Account) {
  return accountTags(account, valueAccount(account, markWith(session.sim.quotes)));
}

const LEDGER_TAGS = new Set(
  'CashBalance TotalCashBalance AccruedCash StockMarketValue UnrealizedPnL RealizedPnL'.split(' '),
);

/** The ledger: the values of each currency, then those of BASE, which sums them. */
export function ledgerOf(session: Reporter, account: Account) {
  const rows = tagsOf(session, account).filter(({ tag }) => LEDGER_TAGS.has(tag));
  return [...rows, ...rows.map((row) => ({ ...row, currency: 'BASE' }))];
}

/** Every account value. */
export function sendAccountValues(session: Reporter, account: Account): void {
  for (const { tag, value, currency } of tagsOf(session, account)) {
    session.send(events.accountValue, { key: tag, value, currency, account: account.id });
  }
}

/** One portfolio line at the last price. */
export function sendPortfolio(session: Reporter, account: Account, p: Position): void {
  const mark = markWith(session.sim.quotes)(p.conId);
  session.send(events.portfolioValue, portfolioValues(account, p, mark));
}

/** One position line; position messages carry no exchange. */
export const positionValues = (account: Account, p: Position) => ({
  ...contractValuesOf(p.conId),
  exchange: undefined,
  account: account.id,
  position: String(p.quantity),
  averageCost: formatMicros(averageCost(p)),
});

/** One position line. */
export function sendPosition(session: Reporter, account: Account, p: Position): void {
  session.send(events.position, positionValues(account, p));
}

function sendPnlSingle(session: Reporter, reqId: number, account: Account, conId: number) {
  const p = account.positions.get(conId) ?? { quantity: 0, cost: 0, realized: 0 };
  const value = p.quantity * markWith(session.sim.quotes)(conId);
  session.send(events.pnlSingle, {
    reqId,
    position: String(p.quantity),
    daily: formatCents(value - p.cost + p.realized),
    unrealized: formatCents(value - p.cost),
    realized: formatCents(p.realized),
    value: formatCents(value),
  });
}

/** Every running profit subscription of a client. Daily profit is since the account was opened. */
export function sendPnl(session: Reporter): void {
  const mark = markWith(session.sim.quotes);
  for (const [reqId, { account: id, conId }] of session.subscriptions.pnl) {
    const account = session.sim.accounts.get(id);
    if (account === undefined) continue;
    if (conId !== undefined) {
      sendPnlSingle(session, reqId, account, conId);
      continue;
    }
    const v = valueAccount(account, mark);
    session.send(events.pnl, {
      reqId,
      daily: formatCents(v.netLiquidation - account.openingValue),
      unrealized: formatCents(v.unrealized),
      realized: formatCents(account.realized),
    });
  }
}
