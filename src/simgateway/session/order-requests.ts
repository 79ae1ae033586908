// Cancels, open and completed orders, executions.
import { dayOf, DAY_MS, instantOf, offsetMs } from '../market/new-york-time.ts';
import { parseWallTime } from '../market/wall-time.ts';
import { instrumentByConId } from '../market/contract-book.ts';
import type { Execution } from '../matching/order.ts';
import { isLive } from '../matching/order.ts';
import { completedOrder } from '../wire/completed-order.ts';
import * as events from '../wire/events.ts';
import type { ValuesOf } from '../wire/field-table.ts';
import * as requests from '../wire/requests.ts';
import { bindOrders } from './bind-orders.ts';
import type { ClientSession } from './client-session.ts';
import { sendOpenOrders } from './publish.ts';
import { commissionValues, completedOrderValues, executionValues } from './report-values.ts';
import { request } from './request.ts';

type ExecutionFilter = ValuesOf<(typeof requests.reqExecutions)['entries']>;

const midnight = (instant: number) => instantOf(dayOf(instant), 0);

/** Whether an execution lies in the days asked for: today, the last N days, or named days. */
function inDays(e: Execution, f: ExecutionFilter, now: number): boolean {
  const dates = f.specificDates ?? [];
  if (dates.length > 0) {
    const day = new Date(e.at + offsetMs(e.at)).toISOString().slice(0, 10).replaceAll('-', '');
    return dates.some((d) => d.date === day);
  }
  const since = midnight(now) - ((f.lastNDays ?? 1) - 1) * DAY_MS;
  return e.at >= since;
}

function passes(e: Execution, f: ExecutionFilter, now: number): boolean {
  const instrument = instrumentByConId(e.conId);
  const since = f.time === undefined ? undefined : parseWallTime(f.time);
  const side = e.side === 'BOT' ? 'BUY' : 'SELL';
  // Client 0 in a filter means any client; SMART matches wherever the fill happened.
  const clientId = f.clientId === 0 ? undefined : f.clientId;
  const exchange = f.exchange === 'SMART' ? undefined : f.exchange;
  const isWanted = <T>(wanted: T | undefined, ...is: (T | undefined)[]) =>
    wanted === undefined || is.includes(wanted);
  return (
    isWanted(clientId, e.clientId) &&
    isWanted(f.account, e.account) &&
    isWanted(f.symbol, instrument?.symbol) &&
    isWanted(f.secType, instrument?.secType) &&
    isWanted(exchange, e.exchange) &&
    isWanted(f.side, side, e.side) &&
    (since === undefined || e.at >= since) &&
    inDays(e, f, now)
  );
}

const executions = request(requests.reqExecutions, (session, v) => {
  const reqId = v.reqId ?? -1;
  const now = session.sim.clock.now();
  for (const e of session.sim.store.executions) {
    if (!passes(e, v, now)) continue;
    session.send(
      events.execution,
      executionValues(e, reqId, session.sim.store.orders.get(e.permId)),
    );
    if (e.isCombo !== true) session.send(events.commissionReport, commissionValues(e));
  }
  session.send(events.executionEnd, { reqId });
});

const completed = request(requests.reqCompletedOrders, (session) => {
  const since = midnight(session.sim.clock.now());
  for (const order of session.sim.store.orders.values()) {
    if (isLive(order) || (order.completedAt ?? 0) < since) continue;
    session.send(completedOrder, completedOrderValues(order));
  }
  session.send(events.completedOrdersEnd, {});
});

const endOpenOrders = (session: ClientSession) => {
  session.send(events.openOrderEnd, {});
};

/** Requests about orders other than placing them. */
export const orderRequests = [
  executions,
  completed,
  request(requests.cancelOrder, (session, v) => {
    session.sim.desk.cancel(session.clientId, v.orderId ?? 0);
  }),
  request(requests.reqGlobalCancel, (session) => {
    session.sim.desk.cancelAll();
  }),
  request(requests.reqOpenOrders, (session) => {
    const { clientId } = session;
    bindOrders(session);
    sendOpenOrders(session, (o) => o.clientId === clientId);
    endOpenOrders(session);
  }),
  request(requests.reqAllOpenOrders, (session) => {
    sendOpenOrders(session, () => true);
    endOpenOrders(session);
  }),
  request(requests.reqAutoOpenOrders, (session, v) => {
    if (session.clientId !== 0) {
      const text = 'Only client with ID 0 can request auto open orders.';
      session.sendError(-1, 321, `Error validating request.-'bM' : cause - ${text}`);
      return;
    }
    session.subscriptions.bindsOrders = v.bind === true;
    endOpenOrders(session);
  }),
];
