// Field values of the reports about contracts, orders, executions and accounts.
import { averageCost, BASE_CURRENCY } from '../accounts/account.ts';
import { sizeText, valueOf } from '../accounts/value.ts';
import type { Account, Position } from '../accounts/account.ts';
import { instrumentByConId } from '../market/contract-book.ts';
import type { Instrument } from '../market/instrument.ts';
import { formatCents, formatMicros } from '../market/money.ts';
import type { Micros } from '../market/money.ts';
import { formatZonedTime } from '../market/new-york-time.ts';
import { averagePrice } from '../matching/order.ts';
import type { Execution, OrderFields, SimOrder } from '../matching/order.ts';
import { ruleOf } from '../matching/types/registry.ts';
import type { WhatIf } from '../matching/what-if.ts';
import type { ValuesOf } from '../wire/field-table.ts';
import type { completedOrder } from '../wire/completed-order.ts';
import type { commissionReport, execution, orderStatus, portfolioValue } from '../wire/events.ts';
import type { openOrder } from '../wire/open-order.ts';

type OpenOrderValues = ValuesOf<(typeof openOrder)['entries']>;

/** The contract block of a report. */
const contractValues = (i: Instrument) => ({
  conId: i.conId,
  symbol: i.symbol,
  secType: i.secType,
  lastTradeDate: i.expiry,
  strike: i.strike === undefined ? undefined : formatMicros(i.strike),
  right: i.right,
  multiplier: i.multiplierText === '' ? undefined : i.multiplierText,
  exchange: i.exchange,
  currency: i.currency,
  localSymbol: i.localSymbol,
  tradingClass: i.tradingClass,
});

/** The contract block by contract id; only the id when it is unknown. */
export function contractValuesOf(conId: number) {
  const instrument = instrumentByConId(conId);
  return instrument === undefined ? { conId } : contractValues(instrument);
}

/** Contract of an order: a combination's is the one it came with. */
function orderContract(o: SimOrder) {
  if (o.terms.legs === undefined) return contractValuesOf(o.conId);
  const { symbol, currency, exchange } = o.fields;
  return {
    conId: o.conId,
    symbol,
    secType: 'BAG',
    exchange: exchange ?? 'SMART',
    currency,
    localSymbol: symbol,
    tradingClass: 'COMB',
    comboLegsDescrip: o.terms.legs
      .map((leg) => `${leg.conId}|${leg.action === 'BUY' ? leg.ratio : -leg.ratio}`)
      .join(','),
  };
}

/** Opening orders travel as MKT and LMT with TIF OPG. */
const WIRE_TYPES: Readonly<Record<string, string>> = { MOO: 'MKT', LOO: 'LMT' };
const typeAndTif = (o: SimOrder) => ({
  orderType: WIRE_TYPES[o.terms.orderType] ?? o.terms.orderType,
  tif: o.terms.tif,
});

/** Group and trailing stop as they are now: both move without the client. */
const groupOf = (o: SimOrder) => ({
  ...(o.oca === undefined ? {} : { ocaGroup: o.oca.group, ocaType: o.oca.type }),
  ...(o.working.stop === undefined ? {} : { trailStopPrice: formatMicros(o.working.stop) }),
});

/** Why a held order waits. */
function whyHeld(o: SimOrder): string | undefined {
  if (o.status !== 'PreSubmitted') return undefined;
  const { isChild, isLocating, triggered } = o.working;
  const waitsForPrice = !triggered && ruleOf(o.terms.orderType)?.waitsForPrice === true;
  const reasons = [
    ...(isChild ? ['child'] : []),
    ...(isLocating ? ['locate'] : []),
    ...(waitsForPrice ? ['trigger'] : []),
  ];
  return reasons.length === 0 ? undefined : reasons.join(',');
}

const echoed = (fields: OrderFields) => ({ ...fields, version: undefined });

/** openOrder: the fields as received, with what the gateway added. */
export const openOrderValues = (o: SimOrder): OpenOrderValues => ({
  ...echoed(o.fields),
  ...orderContract(o),
  orderId: o.orderId,
  clientId: o.clientId,
  permId: o.permId,
  account: o.account,
  totalQuantity: sizeText(o.terms.quantity),
  ...typeAndTif(o),
  ...groupOf(o),
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
  const { likely, least, most, currency } = r.commission;
  const margins = {
    initMarginBefore: formatCents(before.initMargin),
    maintMarginBefore: formatCents(before.maintMargin),
    equityWithLoanBefore: formatCents(before.equityWithLoan),
    initMarginChange: change(after.initMargin, before.initMargin),
    maintMarginChange: change(after.maintMargin, before.maintMargin),
    equityWithLoanChange: change(after.equityWithLoan, before.equityWithLoan),
    initMarginAfter: formatCents(after.initMargin),
    maintMarginAfter: formatCents(after.maintMargin),
    equityWithLoanAfter: formatCents(after.equityWithLoan),
  };
  // The requirement does not depend on the hour here.
  const outsideRth = Object.fromEntries(
    Object.entries(margins).map(([name, value]) => [`${name}OutsideRth`, value]),
  );
  return {
    ...echoed(fields),
    ...(fields.secType === 'BAG' ? {} : contractValues(r.instrument)),
    ...head,
    permId: 0,
    account: r.account,
    whatIf: true,
    status: 'PreSubmitted',
    ...margins,
    ...outsideRth,
    commission: formatMicros(likely, 2),
    minCommission: formatMicros(least, 2),
    maxCommission: formatMicros(most, 2),
    commissionCurrency: currency,
    marginCurrency: BASE_CURRENCY,
    rejectReason: r.rejection?.text,
    warningText: r.rejection?.text,
  };
}

/** completedOrder of a finished order. */
export const completedOrderValues = (
  o: SimOrder,
): ValuesOf<(typeof completedOrder)['entries']> => ({
  ...echoed(o.fields),
  ...orderContract(o),
  permId: o.permId,
  account: o.account,
  totalQuantity: sizeText(o.terms.quantity),
  ...typeAndTif(o),
  ...groupOf(o),
  status: o.status,
  filledQuantity: sizeText(o.filled),
  completedTime: formatZonedTime(o.completedAt ?? o.placedAt),
  completedStatus: o.completedStatus,
  shareholder: 'Not an insider or substantial shareholder',
});

/** orderStatus as of now. */
export const orderStatusValues = (o: SimOrder): ValuesOf<(typeof orderStatus)['entries']> => ({
  orderId: o.orderId,
  status: o.status,
  filled: sizeText(o.filled),
  remaining: sizeText(o.terms.quantity - o.filled),
  avgFillPrice: formatMicros(averagePrice(o)),
  permId: o.permId,
  parentId: o.fields.parentId,
  lastFillPrice: formatMicros(o.lastFillPrice),
  clientId: o.clientId,
  whyHeld: whyHeld(o),
});

const executionContract = (e: Execution, order: SimOrder | undefined) =>
  e.isCombo === true && order !== undefined ? orderContract(order) : contractValuesOf(e.conId);

/** execDetails; `reqId` is −1 when nobody asked. */
export const executionValues = (
  e: Execution,
  reqId: number,
  order?: SimOrder,
): ValuesOf<(typeof execution)['entries']> => ({
  ...executionContract(e, order),
  reqId,
  orderId: e.orderId,
  execId: e.execId,
  time: formatZonedTime(e.at),
  account: e.account,
  executionExchange: e.exchange,
  side: e.side,
  shares: sizeText(e.shares),
  price: formatMicros(e.price),
  permId: e.permId,
  clientId: e.clientId,
  cumQty: sizeText(e.cumQty),
  avgPrice: formatMicros(e.avgPrice),
  orderRef: e.orderRef,
});

/** commissionReport of one execution. */
export const commissionValues = (e: Execution): ValuesOf<(typeof commissionReport)['entries']> => ({
  execId: e.execId,
  commission: formatMicros(e.commission),
  currency: e.commissionCurrency,
  realizedPnl: e.realized === undefined ? undefined : formatMicros(e.realized),
});

/** One portfolio line, marked at a price. */
export function portfolioValues(
  account: Account,
  p: Position,
  mark: Micros,
): ValuesOf<(typeof portfolioValue)['entries']> {
  const instrument = instrumentByConId(p.conId);
  const value = instrument === undefined ? 0 : valueOf(instrument, mark, p.quantity);
  return {
    ...contractValuesOf(p.conId),
    primaryExch: instrument?.primaryExch,
    position: sizeText(p.quantity),
    marketPrice: formatMicros(mark, 2),
    marketValue: formatCents(value),
    averageCost: formatMicros(averageCost(p)),
    unrealizedPnl: formatCents(value - p.cost),
    realizedPnl: formatCents(p.realized),
    account: account.id,
  };
}
