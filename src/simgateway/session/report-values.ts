// Field values of the reports about contracts, orders, executions and accounts.
import { averageCost } from '../accounts/account.ts';
import type { Account, Position } from '../accounts/account.ts';
import { instrumentByConId } from '../market/contract-book.ts';
import type { Instrument } from '../market/instrument.ts';
import { formatCents, formatMicros } from '../market/money.ts';
import type { Micros } from '../market/money.ts';
import { formatZonedTime } from '../market/new-york-time.ts';
import { averagePrice } from '../matching/order.ts';
import type { Execution, OrderFields, SimOrder } from '../matching/order.ts';
import type { WhatIf } from '../matching/what-if.ts';
import type { ValuesOf } from '../wire/field-table.ts';
import type { completedOrder } from '../wire/completed-order.ts';
import type { commissionReport, execution, orderStatus, portfolioValue } from '../wire/events.ts';
import type { openOrder } from '../wire/open-order.ts';

type OpenOrderValues = ValuesOf<(typeof openOrder)['entries']>;

/** The contract block of a report. */
export const contractValues = (i: Instrument) => ({
  conId: i.conId,
  symbol: i.symbol,
  secType: i.secType,
  exchange: 'SMART',
  currency: i.currency,
  localSymbol: i.symbol,
  tradingClass: i.tradingClass,
});

/** The contract block by contract id; only the id when it is unknown. */
export function contractValuesOf(conId: number) {
  const instrument = instrumentByConId(conId);
  return instrument === undefined ? { conId } : contractValues(instrument);
}

const echoed = (fields: OrderFields) => ({ ...fields, version: undefined });

/** openOrder: the fields as received, with what the gateway added. */
export const openOrderValues = (o: SimOrder): OpenOrderValues => ({
  ...echoed(o.fields),
  ...contractValuesOf(o.conId),
  orderId: o.orderId,
  clientId: o.clientId,
  permId: o.permId,
  account: o.account,
  totalQuantity: String(o.terms.quantity),
  orderType: o.terms.orderType,
  tif: o.terms.tif,
  whatIf: false,
  status: o.status,
});

const change = (after: Micros, before: Micros) => formatCents(after - before);

/** openOrder of a what-if: margins before and after, commission, and no order behind it. */
export function whatIfValues(
  head: { orderId: number; clientId: number },
  fields: OrderFields,
  r: WhatIf,
): OpenOrderValues {
  const { before, after } = r;
  const commission = formatMicros(r.commission, 2);
  const margins = {
    initMarginBefore: formatCents(before.initMargin),
    maintMarginBefore: formatCents(before.maintMargin),
    equityWithLoanBefore: formatCents(before.netLiquidation),
    initMarginChange: change(after.initMargin, before.initMargin),
    maintMarginChange: change(after.maintMargin, before.maintMargin),
    equityWithLoanChange: change(after.netLiquidation, before.netLiquidation),
    initMarginAfter: formatCents(after.initMargin),
    maintMarginAfter: formatCents(after.maintMargin),
    equityWithLoanAfter: formatCents(after.netLiquidation),
  };
  return {
    ...echoed(fields),
    ...contractValues(r.instrument),
    ...head,
    permId: 0,
    account: r.account,
    whatIf: true,
    status: 'PreSubmitted',
    ...margins,
    commission,
    minCommission: commission,
    maxCommission: commission,
    commissionCurrency: 'USD',
    marginCurrency: 'USD',
    rejectReason: r.rejection,
    warningText: r.rejection,
  };
}

/** completedOrder of a finished order. */
export const completedOrderValues = (
  o: SimOrder,
): ValuesOf<(typeof completedOrder)['entries']> => ({
  ...echoed(o.fields),
  ...contractValuesOf(o.conId),
  permId: o.permId,
  account: o.account,
  totalQuantity: String(o.terms.quantity),
  orderType: o.terms.orderType,
  tif: o.terms.tif,
  status: o.status,
  filledQuantity: String(o.filled),
  completedTime: formatZonedTime(o.completedAt ?? o.placedAt),
  completedStatus: o.completedStatus,
  shareholder: 'Not an insider or substantial shareholder',
});

/** orderStatus as of now. */
export const orderStatusValues = (o: SimOrder): ValuesOf<(typeof orderStatus)['entries']> => ({
  orderId: o.orderId,
  status: o.status,
  filled: String(o.filled),
  remaining: String(o.terms.quantity - o.filled),
  avgFillPrice: formatMicros(averagePrice(o)),
  permId: o.permId,
  parentId: o.fields.parentId,
  lastFillPrice: formatMicros(o.lastFillPrice),
  clientId: o.clientId,
});

/** execDetails; `reqId` is −1 when nobody asked. */
export const executionValues = (
  e: Execution,
  reqId: number,
): ValuesOf<(typeof execution)['entries']> => ({
  ...contractValuesOf(e.conId),
  reqId,
  orderId: e.orderId,
  execId: e.execId,
  time: formatZonedTime(e.at),
  account: e.account,
  executionExchange: e.exchange,
  side: e.side,
  shares: String(e.shares),
  price: formatMicros(e.price),
  permId: e.permId,
  clientId: e.clientId,
  cumQty: String(e.cumQty),
  avgPrice: formatMicros(e.avgPrice),
  orderRef: e.orderRef,
});

/** commissionReport of one execution. */
export const commissionValues = (e: Execution): ValuesOf<(typeof commissionReport)['entries']> => ({
  execId: e.execId,
  commission: formatMicros(e.commission),
  currency: 'USD',
  realizedPnl: e.realized === undefined ? undefined : formatMicros(e.realized),
});

/** One portfolio line, marked at a price. */
export function portfolioValues(
  account: Account,
  p: Position,
  mark: Micros,
): ValuesOf<(typeof portfolioValue)['entries']> {
  const instrument = instrumentByConId(p.conId);
  const value = p.quantity * mark;
  return {
    ...contractValuesOf(p.conId),
    primaryExch: instrument?.primaryExch,
    position: String(p.quantity),
    marketPrice: formatMicros(mark, 2),
    marketValue: formatCents(value),
    averageCost: formatMicros(averageCost(p)),
    unrealizedPnl: formatCents(value - p.cost),
    realizedPnl: formatCents(p.realized),
    account: account.id,
  };
}
