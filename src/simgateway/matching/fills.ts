// Books a fill: executions, order totals, commissions, account. The sequence of events is the live
// one: execDetails, openOrder, orderStatus, commissionReport (reference note §2.8). A combination
// reports its net execution first, then one per leg; the legs move the money.
import { applyFill } from '../accounts/account.ts';
import type { Account } from '../accounts/account.ts';
import { commissionOf } from '../accounts/commission/registry.ts';
import { mulDiv, UNIT, valueOf } from '../accounts/value.ts';
import type { Instrument, Size } from '../market/instrument.ts';
import type { Micros } from '../market/money.ts';
import { placeLegs } from './combo.ts';
import type { PlacedLeg } from './combo.ts';
import { accountNamed, instrumentOf } from './desk-context.ts';
import type { DeskContext } from './desk-context.ts';
import { averagePrice, BAG_CON_ID, isLive, signOf } from './order.ts';
import type { Execution, SimOrder } from './order.ts';

/** A fill to book. Legs of a combination have a price each, the order the net price. */
export type Booking = { size: Size; price: Micros; legPrices?: readonly Micros[] };

/** What one instrument of an order has traded so far. */
type Tally = { paid: Micros; charged: Micros };
type Trade = { instrument: Instrument; side: 1 | -1; size: Size; price: Micros; filled: Size };

const exchangeOf = (i: Instrument) => (i.primaryExch === '' ? i.exchange : i.primaryExch);

function charge(account: Account, t: Trade, tally: Tally, c: DeskContext) {
  const { instrument } = t;
  tally.paid += valueOf(instrument, t.price, t.size);
  const { likely, currency } = commissionOf({
    instrument,
    plan: account.pricing,
    size: t.filled,
    value: Math.abs(tally.paid),
    usdValue: Math.abs(c.prices.usd(tally.paid, instrument.currency)),
  });
  const commission = likely - tally.charged;
  tally.charged = likely;
  return { commission, currency };
}

function executionOf(order: SimOrder, t: Trade, execId: string, now: number): Execution {
  return {
    execId,
    permId: order.permId,
    clientId: order.clientId,
    orderId: order.orderId,
    orderRef: order.orderRef,
    account: order.account,
    conId: t.instrument.conId,
    side: t.side > 0 ? 'BOT' : 'SLD',
    shares: t.size,
    price: t.price,
    cumQty: t.filled,
    avgPrice: averagePrice(order),
    at: now,
    exchange: exchangeOf(t.instrument),
    commission: 0,
    commissionCurrency: t.instrument.currency,
  };
}

/** Books one instrument's trade on the account. */
function settle(order: SimOrder, t: Trade, tally: Tally, execId: string, c: DeskContext) {
  const account = accountNamed(c, order.account);
  const { commission, currency } = charge(account, t, tally, c);
  const realized = applyFill(account, {
    instrument: t.instrument,
    size: t.side * t.size,
    price: t.price,
    commission,
    commissionCurrency: currency,
  });
  const execution = executionOf(order, t, execId, c.clock.now());
  execution.commission = commission;
  execution.commissionCurrency = currency;
  if (realized !== undefined) execution.realized = realized;
  return execution;
}

function settleLegs(
  order: SimOrder,
  legs: readonly PlacedLeg[],
  b: Booking,
  c: DeskContext,
): Execution[] {
  const number = c.store.executions.length + 1;
  const side = signOf(order.terms.action);
  const tallies = (order.legs ??= legs.map(() => ({ paid: 0, charged: 0 })));
  const [first] = legs;
  if (first === undefined) return [];
  const whole = { instrument: first.instrument, side, size: b.size, price: b.price };
  const summary = executionOf(
    order,
    { ...whole, filled: order.filled },
    c.store.takeExecId(0, number),
    c.clock.now(),
  );
  summary.conId = BAG_CON_ID;
  summary.isCombo = true;
  const executions = [summary];
  legs.forEach((leg, at) => {
    const trade: Trade = {
      instrument: leg.instrument,
      side: side * leg.side > 0 ? 1 : -1,
      size: b.size * leg.ratio,
      price: b.legPrices?.[at] ?? 0,
      filled: order.filled * leg.ratio,
    };
    const tally = tallies[at] ?? { paid: 0, charged: 0 };
    const execution = settle(order, trade, tally, c.store.takeExecId(at + 1, number), c);
    execution.avgPrice = mulDiv(tally.paid, UNIT, trade.filled * leg.instrument.multiplier);
    executions.push(execution);
  });
  return executions;
}

function execute(order: SimOrder, b: Booking, c: DeskContext): Execution[] {
  order.filled += b.size;
  order.priced += mulDiv(b.price, b.size, UNIT);
  order.lastFillPrice = b.price;
  const { legs } = order.terms;
  if (legs !== undefined) return settleLegs(order, placeLegs(legs, c.contracts), b, c);
  const trade: Trade = {
    instrument: instrumentOf(c, order),
    side: signOf(order.terms.action),
    size: b.size,
    price: b.price,
    filled: order.filled,
  };
  return [settle(order, trade, order, c.store.takeExecId(), c)];
}

/** Fills part or all of an order. A cancelled order stays cancelled: a late fill, as live ones occur. */
export function fillOrder(order: SimOrder, booking: Booking, c: DeskContext): void {
  const wasLive = isLive(order);
  const executions = execute(order, booking, c);
  c.store.executions.push(...executions);
  if (wasLive) {
    if (order.filled === order.terms.quantity) {
      order.status = 'Filled';
      order.completedAt = c.clock.now();
      order.completedStatus = `Filled Size: ${order.filled / UNIT}`;
    } else if (order.status !== 'PendingCancel') {
      order.status = 'Submitted';
    }
    c.store.settle(order);
  }
  for (const execution of executions) c.emit({ type: 'execution', order, execution });
  c.emit({ type: 'openOrder', order });
  c.emit({ type: 'orderStatus', order });
  for (const execution of executions) {
    if (execution.isCombo !== true) c.emit({ type: 'commission', order, execution });
  }
  for (const { isCombo, conId } of executions) {
    if (isCombo !== true) c.emit({ type: 'holdingsChanged', account: order.account, conId });
  }
}
