// One order as the gateway knows it. Everything in it is plain data: it is written to the state file
// as it is and read back.
import { mulDiv, UNIT } from '../accounts/value.ts';
import type { Instrument, Size } from '../market/instrument.ts';
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

/** One leg of a combination. `ratio` is units of the leg per unit of the order. */
export type Leg = { conId: number; ratio: number; action: 'BUY' | 'SELL'; exchange: string };
/** How a trailing stop follows: by an amount or by millionths of the price. */
export type Trail = {
  amount?: Micros;
  fraction?: number;
  /** Stop price to begin with. */
  from?: Micros;
  /** What the limit lies beyond the stop. */
  limitOffset?: Micros;
};
/** The parsed part of an order that matching uses and a modify may change. */
export type OrderTerms = {
  action: 'BUY' | 'SELL';
  quantity: Size;
  /** Name of a rule in `types/registry.ts`. */
  orderType: string;
  limitPrice?: Micros;
  stopPrice?: Micros;
  trail?: Trail;
  /** Name of a row in `tifs.ts`. */
  tif: string;
  outsideRth: boolean;
  /** UTC milliseconds after which the order is cancelled; absent for GTC, IOC and FOK. */
  expiresAt?: number;
  /** UTC milliseconds before which it is held. */
  startsAt?: number;
  allOrNone: boolean;
  /** Least first fill. */
  minQty: Size;
  /** Most that is shown at a time; 0 shows everything. */
  displaySize: Size;
  triggerMethod: number;
  /** Only of a combination. */
  legs?: readonly Leg[];
};
/** Where an order stands in the book. */
export type Working = {
  /** Earlier is better at the same price; a change that loses priority takes a new one. */
  rank: number;
  /** The stop was reached, or the price touched. */
  triggered: boolean;
  /** How many of the last trigger prices in a row reached what it waits for. */
  hits?: number;
  /** Current stop of a trailing order. */
  stop?: Micros;
  /** Limit that a trailing stop turned into. */
  limit?: Micros;
  /** When it began to rest at its limit, UTC milliseconds. */
  restsSince?: number;
  /** Displayed size ahead of it at its price. */
  queueAhead: Size;
  /** UTC milliseconds from which prints count for it: when it was placed or last changed. */
  since: number;
  /** Held until shares to sell short are found. */
  isLocating: boolean;
  /** Held until its parent has filled. */
  isChild: boolean;
};
/** An accepted order; mutable, one object per permId. */
export type SimOrder = {
  permId: number;
  clientId: number;
  /** 0 for an order entered in TWS that no client has bound. */
  orderId: number;
  account: string;
  conId: number;
  orderRef: string;
  terms: OrderTerms;
  status: OrderStatus;
  /** Quantity as it would be without what groups and parents took away. */
  ordered: Size;
  filled: Size;
  /** Value of all fills in the instrument's currency, multiplier included. */
  paid: Micros;
  /** Sum of price × size, without multiplier: what the average price comes from. */
  priced: Micros;
  charged: Micros;
  /** The same two amounts for each leg of a combination. */
  legs?: { paid: Micros; charged: Micros }[];
  lastFillPrice: Micros;
  working: Working;
  parentPermId?: number;
  /** Group of which one cancels or reduces the others; absent outside any. */
  oca?: { group: string; type: number };
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
  shares: Size;
  price: Micros;
  cumQty: Size;
  avgPrice: Micros;
  at: number;
  exchange: string;
  commission: Micros;
  commissionCurrency: string;
  realized?: Micros;
  /** The summary of a combination: its legs moved the money, it has no commission of its own. */
  isCombo?: true;
};

/** Contract id that reports carry for a combination. */
export const BAG_CON_ID = 28812380;

const TERMINAL: ReadonlySet<OrderStatus> = new Set(['Cancelled', 'Filled', 'Inactive']);

/** Whether an order can still change or fill. */
export const isLive = (order: SimOrder): boolean => !TERMINAL.has(order.status);

/** What has not filled. */
export const remainingOf = (order: SimOrder): Size => order.terms.quantity - order.filled;

/** +1 for a buy, −1 for a sell. */
export const signOf = (action: 'BUY' | 'SELL'): 1 | -1 => (action === 'BUY' ? 1 : -1);

/** Average price of the fills so far, 0 before the first. */
export const averagePrice = (order: SimOrder): Micros =>
  order.filled === 0 ? 0 : mulDiv(order.priced, UNIT, order.filled);

/** A place at the end of the queue. */
export const newWorking = (rank: number, since: number): Working => ({
  rank,
  triggered: false,
  queueAhead: 0,
  since,
  isLocating: false,
  isChild: false,
});

/** Contract whose book an order works in: a combination's is its first leg's. */
export const bookOf = (order: SimOrder): number => order.terms.legs?.[0]?.conId ?? order.conId;

/** Whether fields that reuse a finished order's id read as a change of it rather than a new order. */
export function isChangeOf(order: SimOrder, f: OrderFields): boolean {
  return (
    order.orderRef === (f.orderRef ?? '') &&
    order.terms.action === f.action &&
    (order.fields.lmtPrice !== f.lmtPrice || order.fields.totalQuantity !== f.totalQuantity)
  );
}

/** What makes a conId an instrument, and what a request's fields can mean. */
export type Contracts = {
  byConId(conId: number): Instrument | undefined;
  find(f: OrderFields): readonly Instrument[];
};
