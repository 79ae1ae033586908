// The reports about an account that both requests and fills cause.
import { averageCost } from '../accounts/account.ts';
import type { Account, Position } from '../accounts/account.ts';
import { accountTags } from '../accounts/account-tags.ts';
import { valueAccount } from '../accounts/valuation.ts';
import { formatCents, formatMicros } from '../market/money.ts';
import { markWith } from '../matching/what-if.ts';
import * as events from '../wire/events.ts';
import type { ClientSession } from './client-session.ts';
import { contractValuesOf, portfolioValues } from './report-values.ts';

/** All account values of one account. */
export function tagsOf(session: ClientSession, account: Account) {
  return accountTags(account, valueAccount(account, markWith(session.sim.quotes)));
}

/** Every account value. */
export function sendAccountValues(session: ClientSession, account: Account): void {
  for (const { tag, value, currency } of tagsOf(session, account)) {
    session.send(events.accountValue, { key: tag, value, currency, account: account.id });
  }
}

/** One portfolio line at the last price. */
export function sendPortfolio(session: ClientSession, account: Account, p: Position): void {
  const mark = markWith(session.sim.quotes)(p.conId);
  session.send(events.portfolioValue, portfolioValues(account, p, mark));
}

/** One position line. */
export function sendPosition(session: ClientSession, account: Account, p: Position): void {
  session.send(events.position, {
    ...contractValuesOf(p.conId),
    exchange: undefined,
    account: account.id,
    position: String(p.quantity),
    averageCost: formatMicros(averageCost(p)),
  });
}

function sendPnlSingle(session: ClientSession, reqId: number, account: Account, conId: number) {
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
export function sendPnl(session: ClientSession): void {
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
