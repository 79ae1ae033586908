// What the running account subscriptions are told: everything when they start, at once what a fill
// changed, and otherwise what has changed since, every three minutes of exchange time (profit every
// second). Source: IBKR, "Account Updates", "Account Summary"; reference note §3.6.
import type { Account } from '../accounts/account.ts';
import { formatWallTime } from '../market/new-york-time.ts';
import * as events from '../wire/events.ts';
import { accountUpdateMulti, positionMulti } from '../wire/session-events.ts';
import {
  ledgerOf,
  positionValues,
  sendAccountValues,
  sendPnl,
  sendPortfolio,
  sendPosition,
  summaryOf,
  tagsOf,
} from './account-reports.ts';
import type { ClientSession } from './client-session.ts';
import type { MultiScope, Subscriptions } from './subscriptions.ts';
import { telling } from './told.ts';
import type { Reporter } from './told.ts';

const ACCOUNT_PUSH_MS = 180_000;
const PROFIT_PUSH_MS = 1000;

/** The accounts a multi-account request is about. */
const accountsIn = (session: Reporter, { account }: MultiScope): Account[] =>
  [...session.sim.accounts.values()].filter((a) => account === undefined || a.id === account);

/** The rows of an account summary. */
export function sendSummary(session: Reporter, reqId: number, tags: string): void {
  for (const account of session.sim.accounts.values()) {
    for (const { tag, value, currency } of summaryOf(session, account, tags)) {
      session.send(events.accountSummary, { reqId, account: account.id, tag, value, currency });
    }
  }
}

/** Portfolio and values of an account, as account updates carry them. */
export function sendUpdates(session: Reporter, account: Account): void {
  sendAccountValues(session, account);
  for (const p of account.positions.values()) sendPortfolio(session, account, p);
}

/** When account updates were made, New York time. */
export function sendUpdateTime(session: ClientSession): void {
  const time = formatWallTime(session.sim.clock.now()).slice(9, 14);
  session.send(events.accountUpdateTime, { time });
}

/** The values of one or all accounts; only ledger and net liquidation when so asked. */
export function sendAccountsMulti(
  session: Reporter,
  reqId: number,
  scope: MultiScope & { ledgerAndNlv: boolean },
): void {
  const { modelCode } = scope;
  for (const account of accountsIn(session, scope)) {
    const rows = scope.ledgerAndNlv ? ledgerOf(session, account) : tagsOf(session, account);
    for (const { tag, value, currency } of rows) {
      const row = { key: tag, value, currency };
      session.send(accountUpdateMulti, { reqId, account: account.id, modelCode, ...row });
    }
  }
}

/**
 * The positions of one or all accounts; a flat one only when it is `changed`. A model holds none: this
 * is not an advisor's gateway.
 */
export function sendPositionsMulti(
  session: Reporter,
  reqId: number,
  scope: MultiScope,
  changed?: number,
): void {
  if (scope.modelCode !== undefined) return;
  for (const account of accountsIn(session, scope)) {
    for (const p of account.positions.values()) {
      if (p.quantity === 0 && p.conId !== changed) continue;
      session.send(positionMulti, { ...positionValues(account, p), reqId });
    }
  }
}

function tellAccounts(session: ClientSession): void {
  const { accounts, summaries, accountsMulti } = session.subscriptions;
  for (const [id, { told }] of accounts) {
    const account = session.sim.accounts.get(id);
    if (account === undefined) continue;
    const reporter = telling(session, told, true);
    sendUpdates(reporter, account);
    if (reporter.sent > 0) sendUpdateTime(session);
  }
  for (const [reqId, { tags, told }] of summaries) {
    sendSummary(telling(session, told, true), reqId, tags);
  }
  for (const [reqId, feed] of accountsMulti) {
    sendAccountsMulti(telling(session, feed.told, true), reqId, feed);
  }
}

const tellProfit = (session: ClientSession) => {
  sendPnl(telling(session, session.subscriptions.pnlTold, true));
};

/** Tells a client at once what a fill changed in an account. */
export function tellHoldings(session: ClientSession, account: Account, conId: number): void {
  const { positions, positionsMulti } = session.subscriptions;
  const position = account.positions.get(conId);
  tellAccounts(session);
  if (positions && position !== undefined) sendPosition(session, account, position);
  for (const [reqId, feed] of positionsMulti) {
    sendPositionsMulti(telling(session, feed.told, true), reqId, feed, conId);
  }
  tellProfit(session);
}

const hasAccounts = (s: Subscriptions) =>
  s.accounts.size + s.summaries.size + s.accountsMulti.size > 0;

/** Repeats `tell` for as long as the client is there and interested. */
function repeat(
  session: ClientSession,
  everyMs: number,
  isWanted: (s: Subscriptions) => boolean,
  tell: (session: ClientSession) => void,
): void {
  const { sim, subscriptions } = session;
  sim.clock.after(everyMs, () => {
    if (!sim.sessions.has(session)) return;
    if (!isWanted(subscriptions)) {
      subscriptions.repeating.delete(tell);
      return;
    }
    if (sim.desk.linkUp) tell(session);
    repeat(session, everyMs, isWanted, tell);
  });
}

/** Keeps telling from now on; call after every new subscription. */
export function keepTelling(session: ClientSession): void {
  const { subscriptions } = session;
  const start = (
    everyMs: number,
    isWanted: (s: Subscriptions) => boolean,
    tell: typeof tellProfit,
  ) => {
    if (!isWanted(subscriptions) || subscriptions.repeating.has(tell)) return;
    subscriptions.repeating.add(tell);
    repeat(session, everyMs, isWanted, tell);
  };
  start(ACCOUNT_PUSH_MS, hasAccounts, tellAccounts);
  start(PROFIT_PUSH_MS, (s) => s.pnl.size > 0, tellProfit);
}
