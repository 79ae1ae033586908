// One order as the gateway knows it.
import { share } from '../market/money.ts';
import type { Micros } from '../market/money.ts';
import type { ValuesOf } from '../wire/field-table.ts';
import type { placeOrder } from '../wire/place-order.ts';

/** The decoded placeOrder fields. */
export type OrderFields = ValuesOf<(typeof placeOrder)['entries']>;

/** States of reference note §3.4. */
export type OrderStatus =
  | 'ApiPending'
  | 'PendingSubmit'
  | 'PreSubmitted'
  | 'Submitted'
  | 'PendingCancel'
  | 'Cancelled'
  | 'Filled'
  | 'Inactive';
/** Times in force that are supported. */
export type Tif = 'DAY' | 'GTC' | 'IOC' | 'FOK' | 'GTD';
/** Order types that are supported. */
export type OrderType = 'MKT' | 'LMT' | 'STP' | 'STP LMT';

/** The parsed part of an order that matching uses and a modify may change. */
export type OrderTerms = {
  action: 'BUY' | 'SELL';
  quantity: number;
  orderType: OrderType;
  limitPrice?: Micros;
  stopPrice?: Micros;
  tif: Tif;
  outsideRth: boolean;
  /** UTC milliseconds after which the order is cancelled; absent for GTC, IOC and FOK. */
  expiresAt?: number;
};
/** An accepted order; mutable, one object per permId. */
export type SimOrder = {
  permId: number;
  clientId: number;
  orderId: number;
  account: string;
  conId: number;
  orderRef: string;
  terms: OrderTerms;
  status: OrderStatus;
  filled: number;
  /** Sum of price × shares over all fills. */
  paid: Micros;
  charged: Micros;
  lastFillPrice: Micros;
  triggered: boolean;
  /** Lost-acks fault: nothing about this order is pushed, though queries show it. */
  muted: boolean;
  /** Hold-cancel fault: a cancel stays pending until the control port settles it. */
  holdsCancel: boolean;
  placedAt: number;
  completedAt?: number;
  completedStatus?: string;
  /** The fields as last received, echoed in openOrder. */
  fields: OrderFields;
};
/** One fill, never changed after it happened. `at` is UTC milliseconds of exchange time. */
export type Execution = {
  execId: string;
  permId: number;
  clientId: number;
  orderId: number;
  orderRef: string;
  account: string;
  conId: number;
  side: 'BOT' | 'SLD';
  shares: number;
  price: Micros;
  cumQty: number;
  avgPrice: Micros;
  at: number;
  exchange: string;
  commission: Micros;
  realized?: Micros;
};

const TERMINAL: ReadonlySet<OrderStatus> = new Set(['Cancelled', 'Filled', 'Inactive']);

/** Whether an order can still change or fill. */
export const isLive = (order: SimOrder): boolean => !TERMINAL.has(order.status);

/** Average price of the fills so far, 0 before the first. */
export const averagePrice = (order: SimOrder): Micros =>
  order.filled === 0 ? 0 : share(order.paid, 1, order.filled);

/** Whether fields that reuse a finished order's id read as a change of it rather than a new order. */
export function isChangeOf(order: SimOrder, f: OrderFields): boolean {
  return (
    order.orderRef === (f.orderRef ?? '') &&
    order.terms.action === f.action &&
    (order.fields.lmtPrice !== f.lmtPrice || order.fields.totalQuantity !== f.totalQuantity)
  );
}
