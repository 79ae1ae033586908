// Account values, summary, positions and profit.
import type { Account } from '../accounts/account.ts';
import { formatWallTime } from '../market/new-york-time.ts';
import * as events from '../wire/events.ts';
import * as requests from '../wire/requests.ts';
import {
  sendAccountValues,
  sendPnl,
  sendPortfolio,
  sendPosition,
  summaryOf,
} from './account-reports.ts';
import type { ClientSession } from './client-session.ts';
import { request } from './request.ts';

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

function sendSummary(session: ClientSession, reqId: number, tags: string): void {
  for (const account of session.sim.accounts.values()) {
    for (const { tag, value, currency } of summaryOf(session, account, tags)) {
      session.send(events.accountSummary, { reqId, account: account.id, tag, value, currency });
    }
  }
  session.send(events.accountSummaryEnd, { reqId });
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
  session.subscriptions.accounts.add(account.id);
  sendAccountValues(session, account);
  for (const p of account.positions.values()) sendPortfolio(session, account, p);
  const time = formatWallTime(session.sim.clock.now()).slice(9, 14);
  session.send(events.accountUpdateTime, { time });
  session.send(events.accountDownloadEnd, { account: account.id });
});

const summary = request(requests.reqAccountSummary, (session, v) => {
  const reqId = v.reqId ?? -1;
  const { summaries } = session.subscriptions;
  if (summaries.has(reqId) || summaries.size >= MAX_SUMMARIES) {
    const cause = "'bK' : cause - Maximum number of account summary requests exceeded";
    session.sendError(reqId, 322, `Error processing request.-${cause}`);
    return;
  }
  if (v.group !== undefined && v.group !== 'All') {
    session.sendError(reqId, 321, `Error validating request.-'bK' : cause - Unknown group`);
    return;
  }
  summaries.set(reqId, v.tags ?? '');
  sendSummary(session, reqId, v.tags ?? '');
});

function subscribePnl(
  session: ClientSession,
  reqId: number,
  id: string | undefined,
  conId?: number,
): void {
  const account = accountNamed(session, id);
  if (account === undefined) {
    refuseAccount(session, reqId, id);
    return;
  }
  const line = conId === undefined ? { account: account.id } : { account: account.id, conId };
  session.subscriptions.pnl.set(reqId, line);
  sendPnl(session);
}

/** Requests about accounts. */
export const accountRequests = [
  updates,
  summary,
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
