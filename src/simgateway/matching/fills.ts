// Books a fill: execution, order totals, commission, account. The sequence of events is the live one:
// execDetails, openOrder, orderStatus, commissionReport (reference note §2.8).
import { applyFill } from '../accounts/account.ts';
import type { Account } from '../accounts/account.ts';
import { commissionOf } from '../accounts/commission.ts';
import type { Micros } from '../market/money.ts';
import type { DeskEvent } from './desk-events.ts';
import { averagePrice, isLive } from './order.ts';
import type { Execution, SimOrder } from './order.ts';
import type { OrderStore } from './order-store.ts';

type FillContext = {
  store: OrderStore;
  account: Account;
  exchange: string;
  now: number;
  emit: (event: DeskEvent) => void;
};

function record(order: SimOrder, shares: number, price: Micros, c: FillContext): Execution {
  const commission = commissionOf(order.filled, order.paid) - order.charged;
  order.charged += commission;
  const signed = order.terms.action === 'BUY' ? shares : -shares;
  const realized = applyFill(c.account, { conId: order.conId, shares: signed, price, commission });
  return {
    execId: c.store.takeExecId(),
    permId: order.permId,
    clientId: order.clientId,
    orderId: order.orderId,
    orderRef: order.orderRef,
    account: order.account,
    conId: order.conId,
    side: order.terms.action === 'BUY' ? 'BOT' : 'SLD',
    shares,
    price,
    cumQty: order.filled,
    avgPrice: averagePrice(order),
    at: c.now,
    exchange: c.exchange,
    commission,
    ...(realized === undefined ? {} : { realized }),
  };
}

/** Fills part or all of an order. A cancelled order stays cancelled: a late fill, as live ones occur. */
export function fillOrder(order: SimOrder, shares: number, price: Micros, c: FillContext): void {
  const wasLive = isLive(order);
  order.filled += shares;
  order.paid += shares * price;
  order.lastFillPrice = price;
  const execution = record(order, shares, price, c);
  c.store.executions.push(execution);
  if (wasLive) {
    if (order.filled === order.terms.quantity) {
      order.status = 'Filled';
      order.completedAt = c.now;
      order.completedStatus = `Filled Size: ${order.filled}`;
    } else if (order.status !== 'PendingCancel') {
      order.status = 'Submitted';
    }
    c.store.settle(order);
  }
  c.emit({ type: 'execution', order, execution });
  c.emit({ type: 'openOrder', order });
  c.emit({ type: 'orderStatus', order });
  c.emit({ type: 'commission', order, execution });
  c.emit({ type: 'holdingsChanged', account: order.account, conId: order.conId });
}
