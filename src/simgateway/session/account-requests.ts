// Account values, summary, positions and profit, and the same for several accounts at once.
import type { Account } from '../accounts/account.ts';
import * as events from '../wire/events.ts';
import * as requests from '../wire/requests.ts';
import { accountUpdateMultiEnd, positionMultiEnd } from '../wire/session-events.ts';
import * as multi from '../wire/session-requests.ts';
import {
  keepTelling,
  sendAccountsMulti,
  sendPositionsMulti,
  sendSummary,
  sendUpdates,
  sendUpdateTime,
} from './account-feeds.ts';
import { sendPnl, sendPosition } from './account-reports.ts';
import type { ClientSession } from './client-session.ts';
import { request } from './request.ts';
import { MAX_SUBSCRIPTIONS } from './subscriptions.ts';
import { telling, Told } from './told.ts';

const MAX_SUMMARIES = 2;

function accountNamed(session: ClientSession, id: string | undefined): Account | undefined {
  const { accounts } = session.sim;
  if (id === undefined || id === '') return [...accounts.values()][0];
  return accounts.get(id);
}

function refuseAccount(session: ClientSession, reqId: number, id: string | undefined): void {
  const text = `Error validating request.-'bI' : cause - Invalid account code '${id ?? ''}'`;
  session.sendError(reqId, 321, text);
}

/** Whether a further subscription of a kind may be made; else it is refused. */
function hasRoom(
  session: ClientSession,
  reqId: number,
  { size, max, what }: { size: number; max: number; what: string },
): boolean {
  if (size < max) return true;
  const cause = `'bK' : cause - Maximum number of ${what} requests exceeded`;
  session.sendError(reqId, 322, `Error processing request.-${cause}`);
  return false;
}

/** The accounts a multi-account request names, or undefined when it names none there is. */
function scopeOf(
  session: ClientSession,
  reqId: number,
  v: { account?: string | undefined; modelCode?: string | undefined },
) {
  const account = v.account === undefined || v.account === 'All' ? undefined : v.account;
  if (account !== undefined && !session.sim.accounts.has(account)) {
    refuseAccount(session, reqId, account);
    return undefined;
  }
  return { account, modelCode: v.modelCode, told: new Told() };
}

const updates = request(requests.reqAccountUpdates, (session, v) => {
  const account = accountNamed(session, v.account);
  if (account === undefined) {
    refuseAccount(session, -1, v.account);
    return;
  }
  if (v.subscribe !== true) {
    session.subscriptions.accounts.delete(account.id);
    return;
  }
  const told = new Told();
  session.subscriptions.accounts.set(account.id, { told });
  sendUpdates(telling(session, told), account);
  sendUpdateTime(session);
  session.send(events.accountDownloadEnd, { account: account.id });
  keepTelling(session);
});

const summary = request(requests.reqAccountSummary, (session, v) => {
  const reqId = v.reqId ?? -1;
  const { summaries } = session.subscriptions;
  const size = summaries.has(reqId) ? MAX_SUMMARIES : summaries.size;
  if (!hasRoom(session, reqId, { size, max: MAX_SUMMARIES, what: 'account summary' })) return;
  if (v.group !== undefined && v.group !== 'All') {
    session.sendError(reqId, 321, `Error validating request.-'bK' : cause - Unknown group`);
    return;
  }
  const feed = { tags: v.tags ?? '', told: new Told() };
  summaries.set(reqId, feed);
  sendSummary(telling(session, feed.told), reqId, feed.tags);
  session.send(events.accountSummaryEnd, { reqId });
  keepTelling(session);
});

const positionsMulti = request(multi.reqPositionsMulti, (session, v) => {
  const reqId = v.reqId ?? -1;
  const { size } = session.subscriptions.positionsMulti;
  const what = 'positions multi';
  if (!hasRoom(session, reqId, { size, max: MAX_SUBSCRIPTIONS, what })) return;
  const feed = scopeOf(session, reqId, v);
  if (feed === undefined) return;
  session.subscriptions.positionsMulti.set(reqId, feed);
  sendPositionsMulti(telling(session, feed.told), reqId, feed);
  session.send(positionMultiEnd, { reqId });
});

const accountsMulti = request(multi.reqAccountUpdatesMulti, (session, v) => {
  const reqId = v.reqId ?? -1;
  const { size } = session.subscriptions.accountsMulti;
  const what = 'account updates multi';
  if (!hasRoom(session, reqId, { size, max: MAX_SUBSCRIPTIONS, what })) return;
  const scope = scopeOf(session, reqId, v);
  if (scope === undefined) return;
  const feed = { ...scope, ledgerAndNlv: v.ledgerAndNlv === true };
  session.subscriptions.accountsMulti.set(reqId, feed);
  sendAccountsMulti(telling(session, feed.told), reqId, feed);
  session.send(accountUpdateMultiEnd, { reqId });
  keepTelling(session);
});

function subscribePnl(
  session: ClientSession,
  reqId: number,
  id: string | undefined,
  conId?: number,
): void {
  const { subscriptions } = session;
  const size = subscriptions.pnl.size;
  if (!hasRoom(session, reqId, { size, max: MAX_SUBSCRIPTIONS, what: 'profit' })) return;
  const account = accountNamed(session, id);
  if (account === undefined) {
    refuseAccount(session, reqId, id);
    return;
  }
  const line = conId === undefined ? { account: account.id } : { account: account.id, conId };
  subscriptions.pnl.set(reqId, line);
  // The first value comes even when an earlier subscription of this id was told the same.
  subscriptions.pnlTold = new Told();
  sendPnl(telling(session, subscriptions.pnlTold));
  keepTelling(session);
}

const multiRequests = [
  positionsMulti,
  accountsMulti,
  request(multi.cancelPositionsMulti, (session, v) => {
    session.subscriptions.positionsMulti.delete(v.reqId ?? -1);
  }),
  request(multi.cancelAccountUpdatesMulti, (session, v) => {
    session.subscriptions.accountsMulti.delete(v.reqId ?? -1);
  }),
];

/** Requests about accounts. */
export const accountRequests = [
  updates,
  summary,
  ...multiRequests,
  request(requests.cancelAccountSummary, (session, v) => {
    session.subscriptions.summaries.delete(v.reqId ?? -1);
  }),
  request(requests.reqPositions, (session) => {
    session.subscriptions.positions = true;
    for (const account of session.sim.accounts.values()) {
      for (const p of account.positions.values()) {
        if (p.quantity !== 0) sendPosition(session, account, p);
      }
    }
    session.send(events.positionEnd, {});
  }),
  request(requests.cancelPositions, (session) => {
    session.subscriptions.positions = false;
  }),
  request(requests.reqPnL, (session, v) => {
    subscribePnl(session, v.reqId ?? -1, v.account);
  }),
  request(requests.reqPnLSingle, (session, v) => {
    subscribePnl(session, v.reqId ?? -1, v.account, v.conId ?? 0);
  }),
  request(requests.cancelPnL, (session, v) => {
    session.subscriptions.pnl.delete(v.reqId ?? -1);
  }),
  request(requests.cancelPnLSingle, (session, v) => {
    session.subscriptions.pnl.delete(v.reqId ?? -1);
  }),
];
