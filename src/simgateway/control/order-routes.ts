// What the gateway knows about orders and accounts, and filling by hand.
import { averageCost } from '../accounts/account.ts';
import type { Amounts } from '../accounts/account.ts';
import { valueAccount } from '../accounts/valuation.ts';
import { sizeNumber, UNIT } from '../accounts/value.ts';
import { instrumentByConId } from '../market/contract-book.ts';
import { formatCents, formatMicros, parseMicros } from '../market/money.ts';
import type { FillPolicy, Slice } from '../matching/fill-policy.ts';
import { averagePrice, isLive } from '../matching/order.ts';
import type { Execution, SimOrder } from '../matching/order.ts';
import type { Simulation } from '../simulation.ts';
import { ControlError, required, route } from './route.ts';

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

const amountTexts = (amounts: Amounts) =>
  Object.fromEntries(Object.entries(amounts).map(([c, amount]) => [c, formatMicros(amount, 2)]));

function accountStates(sim: Simulation) {
  return [...sim.accounts.values()].map((a) => ({
    id: a.id,
    cash: formatMicros(a.cash['USD'] ?? 0, 2),
    cashBalances: amountTexts(a.cash),
    realized: formatMicros(a.realized['USD'] ?? 0, 2),
    netLiquidation: formatCents(valueAccount(a, sim.prices).netLiquidation),
    positions: [...a.positions.values()].map((p) => ({
      conId: p.conId,
      symbol: instrumentByConId(p.conId)?.symbol,
      quantity: sizeNumber(p.quantity),
      averageCost: formatMicros(averageCost(p)),
      realized: formatMicros(p.realized, 2),
    })),
  }));
}

function isSlice(value: unknown): value is Slice {
  if (typeof value !== 'object' || value === null) return false;
  if (!('shares' in value) || !('delayMs' in value)) return false;
  const { shares, delayMs } = value;
  const hasShares = shares === 'rest' || (Number.isSafeInteger(shares) && Number(shares) > 0);
  return hasShares && Number.isSafeInteger(delayMs) && Number(delayMs) >= 0;
}

function policyOf(mode: string | undefined, slices: unknown): FillPolicy {
  if (mode === 'market' || mode === 'immediate' || mode === 'manual') return { mode };
  if (mode !== 'partial') {
    throw new ControlError(400, "field 'mode' must be market, immediate, manual or partial");
  }
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
function policyState(policy: FillPolicy) {
  if (policy.mode !== 'partial') return policy;
  const slices = policy.slices.map(({ shares, delayMs }) => ({
    shares: shares === 'rest' ? shares : sizeNumber(shares),
    delayMs,
  }));
  return { ...policy, slices };
}

/** Routes for orders, accounts and fills. */
export const orderRoutes = [
  route('GET', '/accounts', {}, accountStates),
  route(
    'GET',
    '/orders',
    { orderRef: 'text', clientId: 'int', live: 'bool' },
    (sim, { orderRef, clientId, live }) =>
      [...sim.store.orders.values()]
        .filter((o) => orderRef === undefined || o.orderRef === orderRef)
        .filter((o) => clientId === undefined || o.clientId === clientId)
        .filter((o) => live === undefined || isLive(o) === live)
        .map(orderState),
  ),
  route('GET', '/orders/:permId', {}, (sim, _, { permId }) => orderState(orderOf(sim, permId))),
  route(
    'POST',
    '/orders/:permId/fill',
    { shares: 'decimal', price: 'decimal' },
    (sim, input, { permId }) => {
      const order = orderOf(sim, permId);
      const size = parseMicros(required('shares', input.shares));
      const price = input.price === undefined ? undefined : parseMicros(input.price);
      if (input.price !== undefined && (price ?? 0) <= 0) {
        throw new ControlError(400, "field 'price' must be a positive price");
      }
      const problem = sim.desk.fill(order, size ?? 0, price);
      if (problem !== undefined) throw new ControlError(409, problem);
      return orderState(order);
    },
  ),
  route('POST', '/orders/:permId/cancel', { reason: 'text' }, (sim, { reason }, { permId }) => {
    const order = orderOf(sim, permId);
    if (!isLive(order)) throw new ControlError(409, `order is ${order.status}`);
    sim.desk.finishCancel(order, reason);
    return orderState(order);
  }),
  route('GET', '/executions', { orderRef: 'text' }, (sim, { orderRef }) =>
    sim.store.executions
      .filter((e) => orderRef === undefined || e.orderRef === orderRef)
      .map(executionState),
  ),
  route('GET', '/fill-policy', {}, (sim) => policyState(sim.desk.policy)),
  route('PUT', '/fill-policy', { mode: 'text', slices: 'json' }, (sim, { mode, slices }) => {
    sim.desk.policy = policyOf(mode, slices);
    sim.desk.evaluateAll();
    return policyState(sim.desk.policy);
  }),
];
