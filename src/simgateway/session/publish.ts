// Sends what the desk reports to the clients it concerns: the owner, client 0 and the master client,
// and whoever subscribed to the account or to positions.
import type { DeskEvent } from '../matching/desk-events.ts';
import { isLive } from '../matching/order.ts';
import type { SimOrder } from '../matching/order.ts';
import type { Simulation } from '../simulation.ts';
import { commissionReport, execution, orderStatus } from '../wire/events.ts';
import { openOrder } from '../wire/open-order.ts';
import { tellHoldings } from './account-feeds.ts';
import { bindNewOrder } from './bind-orders.ts';
import type { ClientSession } from './client-session.ts';
import {
  commissionValues,
  executionValues,
  openOrderValues,
  orderStatusValues,
  whatIfValues,
} from './report-values.ts';

function* observersOf(sim: Simulation, order: SimOrder): Generator<ClientSession> {
  for (const session of sim.sessions) {
    const id = session.clientId;
    if (id === order.clientId || id === 0 || id === sim.masterClientId) yield session;
  }
}

function ownerOf(sim: Simulation, clientId: number): ClientSession | undefined {
  for (const session of sim.sessions) if (session.clientId === clientId) return session;
  return undefined;
}

function publishHoldings(sim: Simulation, accountId: string, conId: number): void {
  const account = sim.accounts.get(accountId);
  if (account === undefined) return;
  for (const session of sim.sessions) tellHoldings(session, account, conId);
}

type OrderEvent = Extract<DeskEvent, { order: SimOrder }>;

function publishOrder(sim: Simulation, event: OrderEvent): void {
  const { order } = event;
  if (order.muted) return;
  if (event.type === 'orderMessage') {
    ownerOf(sim, order.clientId)?.sendError(order.orderId, event.code, event.text);
    return;
  }
  bindNewOrder(sim, order);
  for (const s of observersOf(sim, order)) {
    switch (event.type) {
      case 'openOrder':
        s.send(openOrder, openOrderValues(order));
        break;
      case 'orderStatus':
        s.send(orderStatus, orderStatusValues(order));
        break;
      case 'execution':
        s.send(execution, executionValues(event.execution, -1, order));
        break;
      case 'commission':
        s.send(commissionReport, commissionValues(event.execution));
        break;
    }
  }
}

/** Sends one desk event. */
export function publish(sim: Simulation, event: DeskEvent): void {
  if ('order' in event) {
    publishOrder(sim, event);
  } else if (event.type === 'refused') {
    ownerOf(sim, event.clientId)?.sendError(event.orderId, event.code, event.text);
  } else if (event.type === 'whatIf') {
    const head = { orderId: event.orderId, clientId: event.clientId };
    const values = whatIfValues(head, event.fields, event.result);
    ownerOf(sim, event.clientId)?.send(openOrder, values);
  } else {
    publishHoldings(sim, event.account, event.conId);
  }
}

/** Tells every client something that concerns no request (error id −1). */
export function broadcast(sim: Simulation, code: number, text: string): void {
  for (const session of sim.sessions) if (session.isReady) session.sendError(-1, code, text);
  sim.scheduleFlush();
}

/** Resends the live orders a client may see. */
export function sendOpenOrders(session: ClientSession, wants: (o: SimOrder) => boolean): void {
  for (const order of session.sim.store.live) {
    if (!isLive(order) || order.status === 'ApiPending' || !wants(order)) continue;
    session.send(openOrder, openOrderValues(order));
    session.send(orderStatus, orderStatusValues(order));
  }
}
