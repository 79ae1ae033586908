// What the gateway knows about orders and executions, and filling, cancelling and rejecting by hand.
import { sizeNumber, UNIT } from '../accounts/value.ts';
import { instrumentByConId } from '../market/contract-book.ts';
import { formatMicros, parseMicros } from '../market/money.ts';
import type { FillPolicy, Slice } from '../matching/fill-policy.ts';
import { isOrderError } from '../matching/order-error.ts';
import { averagePrice, isLive } from '../matching/order.ts';
import type { Execution, SimOrder } from '../matching/order.ts';
import type { Simulation } from '../simulation.ts';
import { bool, ControlError, decimal, int, json, oneOf, required, text } from './field.ts';
import { route } from './route.ts';

const orderState = (o: SimOrder) => ({
  permId: o.permId,
  clientId: o.clientId,
  orderId: o.orderId,
  orderRef: o.orderRef,
  account: o.account,
  conId: o.conId,
  symbol: instrumentByConId(o.conId)?.symbol,
  action: o.terms.action,
  quantity: sizeNumber(o.terms.quantity),
  orderType: o.terms.orderType,
  limitPrice: o.terms.limitPrice === undefined ? undefined : formatMicros(o.terms.limitPrice, 2),
  tif: o.terms.tif,
  status: o.status,
  filled: sizeNumber(o.filled),
  avgPrice: formatMicros(averagePrice(o)),
  completedStatus: o.completedStatus,
});
const executionState = (e: Execution) => ({
  ...e,
  shares: sizeNumber(e.shares),
  cumQty: sizeNumber(e.cumQty),
  price: formatMicros(e.price),
  avgPrice: formatMicros(e.avgPrice),
  commission: formatMicros(e.commission),
  realized: e.realized === undefined ? undefined : formatMicros(e.realized),
  at: new Date(e.at).toISOString(),
});

function orderOf(sim: Simulation, permId: string | undefined): SimOrder {
  const order = sim.store.orders.get(Number(permId));
  if (order === undefined) throw new ControlError(404, `no order with permId ${permId ?? ''}`);
  return order;
}

function isSlice(value: unknown): value is Slice {
  if (typeof value !== 'object' || value === null) return false;
  if (!('shares' in value) || !('delayMs' in value)) return false;
  const { shares, delayMs } = value;
  const hasShares = shares === 'rest' || (Number.isSafeInteger(shares) && Number(shares) > 0);
  return hasShares && Number.isSafeInteger(delayMs) && Number(delayMs) >= 0;
}

function policyOf(mode: FillPolicy['mode'], slices: unknown): FillPolicy {
  if (mode !== 'partial') return { mode };
  if (!Array.isArray(slices) || slices.length === 0 || !slices.every(isSlice)) {
    throw new ControlError(400, "field 'slices' must list { shares: n or 'rest', delayMs }");
  }
  return {
    mode,
    slices: slices.map(({ shares, delayMs }) => ({
      shares: shares === 'rest' ? shares : shares * UNIT,
      delayMs,
    })),
  };
}

/** The policy as it was given: slices in units. */
function policyState(policy: FillPolicy): FillPolicy {
  if (policy.mode !== 'partial') return policy;
  const slices = policy.slices.map(({ shares, delayMs }) => ({
    shares: shares === 'rest' ? shares : sizeNumber(shares),
    delayMs,
  }));
  return { ...policy, slices };
}

const byOrderRef = text('only of this orderRef');

/** Routes for orders, executions and how orders fill. */
export const orderRoutes = {
  orders: route(
    'GET',
    '/orders',
    'Every order ever accepted',
    {
      orderRef: byOrderRef,
      clientId: int('only of this client'),
      live: bool('only orders that can still fill, or only those that cannot'),
    },
    (sim, { orderRef, clientId, live }) =>
      [...sim.store.orders.values()]
        .filter((o) => orderRef === undefined || o.orderRef === orderRef)
        .filter((o) => clientId === undefined || o.clientId === clientId)
        .filter((o) => live === undefined || isLive(o) === live)
        .map(orderState),
  ),
  order: route('GET', '/orders/:permId', 'One order', {}, (sim, { permId }) =>
    orderState(orderOf(sim, permId)),
  ),
  placeOrder: route(
    'POST',
    '/orders',
    'Places an order as if entered in TWS: client 0, order id 0 until it is bound',
    { fields: required(json('placeOrder fields by their names in the journal')) },
    (sim, { fields }) => {
      if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
        throw new ControlError(400, "field 'fields' must be an object");
      }
      const placed = sim.desk.placeManual(fields);
      if (isOrderError(placed)) throw new ControlError(409, `${placed.code} ${placed.text}`);
      return orderState(placed);
    },
  ),
  fill: route(
    'POST',
    '/orders/:permId/fill',
    'Fills by hand; a cancelled order gets a late fill',
    {
      shares: required(int('how many', { min: 1 })),
      price: decimal('the limit or the market when absent'),
    },
    (sim, input) => {
      const order = orderOf(sim, input.permId);
      const price = input.price === undefined ? undefined : parseMicros(input.price);
      if (input.price !== undefined && (price ?? 0) <= 0) {
        throw new ControlError(400, "field 'price' must be a positive price");
      }
      const problem = sim.desk.fill(order, input.shares * UNIT, price);
      if (problem !== undefined) throw new ControlError(409, problem);
      return orderState(order);
    },
  ),
  cancel: route(
    'POST',
    '/orders/:permId/cancel',
    'Cancels by hand; settles a held cancel',
    { reason: text('for error 202') },
    (sim, { permId, reason }) => {
      const order = orderOf(sim, permId);
      if (!isLive(order)) throw new ControlError(409, `order is ${order.status}`);
      sim.desk.finishCancel(order, reason);
      return orderState(order);
    },
  ),
  reject: route(
    'POST',
    '/orders/:permId/reject',
    'Rejects an order that was accepted before',
    { code: int('error code (201)'), reason: text('error text') },
    (sim, { permId, code, reason }) => {
      const order = orderOf(sim, permId);
      if (!isLive(order)) throw new ControlError(409, `order is ${order.status}`);
      sim.desk.rejectLate(order, {
        code: code ?? 201,
        text: reason ?? 'Order rejected - reason:Test',
      });
      return orderState(order);
    },
  ),
  executions: route(
    'GET',
    '/executions',
    'Every execution',
    { orderRef: byOrderRef },
    (sim, { orderRef }) =>
      sim.store.executions
        .filter((e) => orderRef === undefined || e.orderRef === orderRef)
        .map(executionState),
  ),
  correctExecution: route(
    'POST',
    '/executions/:execId/correct',
    'Corrects the price of an execution: the same fill, its execId one up in the last part',
    { price: required(decimal('the price it should have had')) },
    (sim, { execId, price }) => {
      const execution = sim.store.executions.find((e) => e.execId === execId);
      if (execution === undefined) throw new ControlError(404, `no execution '${execId}'`);
      const micros = parseMicros(price);
      if (micros === undefined || micros <= 0) {
        throw new ControlError(400, "field 'price' must be a positive price");
      }
      const corrected = sim.desk.correct(execution, micros);
      if (corrected === undefined) throw new ControlError(409, 'a combination cannot be corrected');
      return executionState(corrected);
    },
  ),
  fillPolicy: route('GET', '/fill-policy', 'How marketable orders fill', {}, (sim) =>
    policyState(sim.desk.policy),
  ),
  setFillPolicy: route(
    'PUT',
    '/fill-policy',
    'How marketable orders fill from now on',
    {
      mode: required(
        oneOf('by displayed size and tape, at once, by hand, or in slices', [
          'market',
          'immediate',
          'manual',
          'partial',
        ]),
      ),
      slices: json('for `partial`: `[{"shares":3,"delayMs":50}]`; `shares` may be `"rest"`'),
    },
    (sim, { mode, slices }) => {
      sim.desk.policy = policyOf(mode, slices);
      sim.desk.evaluateAll();
      return policyState(sim.desk.policy);
    },
  ),
};
