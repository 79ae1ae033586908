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
  const { orderType, orderRef = '', account = '', tif = 'DAY', ocaGroup = '' } = order;
  const { conId = 0, symbol = '' } = contract;
  return {
    permId: permIdOf(order.permId) ?? '',
    orderRef,
    account: account as AccountId,
    conId: conId as ConId,
    symbol,
    side: order.action === OrderAction.BUY ? 'BUY' : 'SELL',
    orderType,
    tif,
    quantity: fromWire(order.totalQuantity) ?? decimalText('0'),
    ...pricesOf(orderType, order),
    parentId: order.parentId === undefined || order.parentId <= 0 ? null : order.parentId,
    ocaGroup,
    status: state.status,
  };
}

/** The limit types that are not named by it: on close and on open. */
const limitTypes: ReadonlySet<string> = new Set(['LOC', 'LOO']);

function pricesOf(orderType: string, order: Order) {
  const takesLimit = /LMT|LIMIT/.test(orderType) || limitTypes.has(orderType);
  const limitPrice = takesLimit ? priceFromWire(order.lmtPrice) : null;
  const aux = priceFromWire(order.auxPrice);
  if (!orderType.startsWith('TRAIL')) {
    const stopPrice = orderType.startsWith('STP') ? aux : null;
    return { limitPrice, stopPrice, trailingAmount: null, trailingPercent: null };
  }
  const trailingPercent = priceFromWire(order.trailingPercent);
  return {
    limitPrice,
    stopPrice: priceFromWire(order.trailStopPrice),
    trailingAmount: trailingPercent === null ? aux : null,
    trailingPercent,
  };
}
