import { OrderAction, type Contract, type Execution, type Order } from '@stoqey/ib';
import type { SeenOrder } from '../port.ts';
import { fromWire, priceFromWire } from './numbers.ts';

const textOrNull = (text: string | undefined): string | null =>
  text === undefined || text === '' ? null : text;

/** An order as an openOrder or completedOrder message describes it. */
export function orderSeen(contract: Contract, order: Order): SeenOrder {
  const orderType = textOrNull(order.orderType);
  return {
    account: textOrNull(order.account),
    conId: contract.conId ?? null,
    symbol: textOrNull(contract.symbol),
    side: sideOf(order.action),
    orderType,
    tif: textOrNull(order.tif),
    quantity: fromWire(order.totalQuantity),
    limitPrice: orderType?.includes('LMT') === true ? priceFromWire(order.lmtPrice) : null,
  };
}

/** What an execution says of the order that it belongs to. */
export function executionSeen(contract: Contract, execution: Execution): SeenOrder {
  return {
    account: textOrNull(execution.acctNumber),
    conId: contract.conId ?? null,
    symbol: textOrNull(contract.symbol),
    side: execution.side === 'SLD' ? 'SELL' : 'BUY',
    orderType: null,
    tif: null,
    quantity: null,
    limitPrice: null,
  };
}

function sideOf(action: OrderAction | undefined): SeenOrder['side'] {
  if (action === undefined) return null;
  return action === OrderAction.BUY ? 'BUY' : 'SELL';
}
