import {
  OrderAction,
  OrderType,
  SecType,
  TimeInForce,
  type Contract,
  type Order,
} from '@stoqey/ib';
import { GatewayError } from '../../domain/errors.ts';
import type { Contract as OurContract } from '../../domain/instrument/contract.ts';
import { takesLimitPrice, type OrderTerms } from '../../domain/order/intent.ts';
import { toWire } from './numbers.ts';

/** The contract of an order or a question, in the library's shape. */
export function ibContract(contract: OurContract): Contract {
  return {
    conId: contract.conId,
    symbol: contract.symbol,
    secType: SecType[contract.secType],
    exchange: contract.exchange,
    primaryExch: contract.primaryExchange,
    currency: contract.currency,
  };
}

/** The terms of an order in the library's shape. Throws `VALIDATION` where a number would not be exact. */
export function ibOrder(terms: OrderTerms): Order {
  if (takesLimitPrice(terms.orderType) !== (terms.limitPrice !== null)) {
    throw new GatewayError('VALIDATION', 'the order type and its limit price do not agree');
  }
  return {
    action: OrderAction[terms.side],
    totalQuantity: toWire(terms.quantity, 'quantity'),
    orderType: OrderType[terms.orderType],
    ...(terms.limitPrice === null ? {} : { lmtPrice: toWire(terms.limitPrice, 'limitPrice') }),
    tif: TimeInForce[terms.tif],
    account: terms.account,
    outsideRth: terms.outsideRth,
  };
}
