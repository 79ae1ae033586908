// The reports about an account that both requests and fills cause.
import { averageCost } from '../accounts/account.ts';
import type { Account, Position } from '../accounts/account.ts';
import { accountTags, ledgerValues } from '../accounts/account-tags.ts';
import type { TagValue } from '../accounts/account-tags.ts';
import { valueAccount } from '../accounts/valuation.ts';
import { sizeText, valueOf } from '../accounts/value.ts';
import { formatCents, formatMicros } from '../market/money.ts';
import * as events from '../wire/events.ts';
import { contractValuesOf, portfolioValues } from './report-values.ts';
import type { Reporter } from './told.ts';

/** All account values of one account: totals, then the ledger of every currency. */
export function tagsOf(session: Reporter, account: Account): TagValue[] {
  const { prices } = session.sim;
  const v = valueAccount(account, prices);
  return [...accountTags(account, v), ...ledgerValues(account, v, prices)];
}

/** Net liquidation, then the ledger of every currency. */
export function ledgerOf(session: Reporter, account: Account): TagValue[] {
  const { prices } = session.sim;
  const v = valueAccount(account, prices);
  const net = accountTags(account, v).filter(({ tag }) => tag === 'NetLiquidation');
  return [...net, ...ledgerValues(account, v, prices)];
}

/**
 * The values a summary asks for. `$LEDGER` is the ledger in base currency, `$LEDGER:EUR` that of one
 * currency, `$LEDGER:ALL` all of it; any other tag is a total, or a ledger value in base currency.
 */
export function summaryOf(session: Reporter, account: Account, tags: string): TagValue[] {
  const { prices } = session.sim;
  const v = valueAccount(account, prices);
  const totals = accountTags(account, v);
  const ledger = ledgerValues(account, v, prices);
  const wanted = new Set(tags.split(',').map((tag) => tag.trim()));
  const isTotal = (tag: string) => totals.some((t) => t.tag === tag);
  const found = totals.filter(({ tag }) => wanted.has('All') || wanted.has(tag));
  for (const row of ledger) {
    const isBase = row.currency === 'BASE';
    const isLedgerWanted =
      wanted.has('$LEDGER:ALL') ||
      wanted.has(`$LEDGER:${row.currency}`) ||
      (isBase && wanted.has('$LEDGER'));
    const isNamed = isBase && !isTotal(row.tag) && (wanted.has(row.tag) || wanted.has('All'));
    if (isLedgerWanted) found.push(row);
    else if (isNamed) found.push({ ...row, currency: 'USD' });
  }
  return found;
}

/** Every account value. */
export function sendAccountValues(session: Reporter, account: Account): void {
  for (const { tag, value, currency } of tagsOf(session, account)) {
    session.send(events.accountValue, { key: tag, value, currency, account: account.id });
  }
}

function markOf(session: Reporter, conId: number): number {
  const { prices } = session.sim;
  const instrument = prices.instrument(conId);
  return instrument === undefined ? 0 : prices.mark(instrument);
}

/** One portfolio line at the last price; a currency position is no holding and has none. */
export function sendPortfolio(session: Reporter, account: Account, p: Position): void {
  if (session.sim.prices.instrument(p.conId)?.secType === 'CASH') return;
  session.send(events.portfolioValue, portfolioValues(account, p, markOf(session, p.conId)));
}

/** One position line; position messages carry no exchange. */
export const positionValues = (account: Account, p: Position) => ({
  ...contractValuesOf(p.conId),
  exchange: undefined,
  account: account.id,
  position: sizeText(p.quantity),
  averageCost: formatMicros(averageCost(p)),
});

/** One position line. */
export function sendPosition(session: Reporter, account: Account, p: Position): void {
  session.send(events.position, positionValues(account, p));
}

function sendPnlSingle(session: Reporter, reqId: number, account: Account, conId: number) {
  const { prices } = session.sim;
  const p = account.positions.get(conId) ?? { quantity: 0, cost: 0, realized: 0 };
  const i = prices.instrument(conId);
  const value = i === undefined ? 0 : valueOf(i, prices.mark(i), p.quantity);
  session.send(events.pnlSingle, {
    reqId,
    position: sizeText(p.quantity),
    daily: formatCents(value - p.cost + p.realized),
    unrealized: formatCents(value - p.cost),
    realized: formatCents(p.realized),
    value: formatCents(value),
  });
}

/** Every running profit subscription of a client. Daily profit is since the account was opened. */
export function sendPnl(session: Reporter): void {
  for (const [reqId, { account: id, conId }] of session.subscriptions.pnl) {
    const account = session.sim.accounts.get(id);
    if (account === undefined) continue;
    if (conId !== undefined) {
      sendPnlSingle(session, reqId, account, conId);
      continue;
    }
    const v = valueAccount(account, session.sim.prices);
    session.send(events.pnl, {
      reqId,
      daily: formatCents(v.netLiquidation - account.openingValue),
      unrealized: formatCents(v.unrealized),
      realized: formatCents(v.realized),
    });
  }
}
