import { OrderAction, type Contract, type Order, type OrderState } from '@stoqey/ib';
import type { AccountId, ConId } from '../../domain/ids.ts';
import { dec, decimalText, type DecimalText } from '../../domain/money/decimal.ts';
import type { CompletedOrder, WorkingOrder } from '../../domain/portfolio/portfolio.ts';
import { permIdOf } from './broker-events.ts';
import { fromWire, priceFromWire } from './numbers.ts';
import { instantOfText } from './time-text.ts';

/** Orders as IBKR reports them, ours and foreign, in our shape. What a type does not have is null, whatever the field holds. */

type Common = Omit<CompletedOrder, 'completedAt' | 'filled'>;

/** `filled` is what is known from elsewhere: the message of an open order does not say it. */
export function workingOrderOf(
  orderId: number,
  contract: Contract,
  order: Order,
  state: OrderState,
  filled: DecimalText,
  averagePrice: DecimalText | null,
): WorkingOrder {
  const common = commonOf(contract, order, state);
  return {
    ...common,
    orderId,
    clientId: order.clientId ?? -1,
    filled,
    remaining: decimalText(dec(common.quantity).minus(dec(filled))),
    averagePrice,
  };
}

/** An order of the completed list. Its quantity is 0 there for a filled one: the filled quantity stands for it. */
export function completedOrderOf(
  contract: Contract,
  order: Order,
  state: OrderState,
): CompletedOrder {
  const common = commonOf(contract, order, state);
  const filled = fromWire(order.filledQuantity) ?? decimalText('0');
  return {
    ...common,
    quantity: common.quantity === '0' ? filled : common.quantity,
    filled,
    completedAt: instantOfText(state.completedTime ?? ''),
  };
}

function commonOf(contract: Contract, order: Order, state: OrderState): Common {
  const orderType: string = order.orderType ?? '';
  const isTrail = orderType.startsWith('TRAIL');
  const takesLimit =
    orderType.includes('LMT') || orderType.includes('LIMIT') || isLimitClose(orderType);
  const trailingPercent = isTrail ? priceFromWire(order.trailingPercent) : null;
  return {
    permId: permIdOf(order.permId) ?? '',
    orderRef: order.orderRef ?? '',
    account: (order.account ?? '') as AccountId,
    conId: (contract.conId ?? 0) as ConId,
    symbol: contract.symbol ?? '',
    side: order.action === OrderAction.BUY ? 'BUY' : 'SELL',
    orderType,
    tif: order.tif ?? 'DAY',
    quantity: fromWire(order.totalQuantity) ?? decimalText('0'),
    limitPrice: takesLimit ? priceFromWire(order.lmtPrice) : null,
    stopPrice: stopOf(orderType, order),
    trailingAmount: isTrail && trailingPercent === null ? priceFromWire(order.auxPrice) : null,
    trailingPercent,
    parentId: (order.parentId ?? 0) > 0 ? (order.parentId ?? null) : null,
    ocaGroup: order.ocaGroup ?? '',
    status: state.status ?? '',
  };
}

/** LOC and LOO by IBKR's names. */
function isLimitClose(orderType: string): boolean {
  return orderType === 'LOC' || orderType === 'LOO';
}

function stopOf(orderType: string, order: Order): DecimalText | null {
  if (orderType.startsWith('TRAIL')) return priceFromWire(order.trailStopPrice);
  return orderType.startsWith('STP') ? priceFromWire(order.auxPrice) : null;
}
