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
import type { DecimalText } from '../../domain/money/decimal.ts';
import { combinationProblems } from '../../domain/order/combination.ts';
import type { OrderTerms } from '../../domain/order/intent.ts';
import {
  isTrailing,
  priceFields,
  wireTypeOf,
  type PriceField,
} from '../../domain/order/order-type.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { toWire } from './numbers.ts';

/**
 * What the bytes of an order say: contract and terms in the library's shape. Nothing is rounded, defaulted or left
 * to TWS; what cannot be said exactly is refused. Whether an order may leave at all is not decided here.
 */

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

/**
 * The terms of an order in the library's shape, always with `transmit`: without it TWS would keep the order to itself.
 * Throws `VALIDATION` where terms do not go together or a number would not be exact.
 */
export function ibOrder(terms: OrderTerms): Order {
  const [problem] = combinationProblems(terms);
  if (problem !== undefined) throw new GatewayError('VALIDATION', problem.message);
  return {
    action: OrderAction[terms.side],
    totalQuantity: toWire(terms.quantity, 'quantity'),
    orderType: ibOrderType(terms.orderType),
    ...ibPrices(terms),
    tif: TimeInForce[terms.tif],
    ...(terms.goodTillDate === null ? {} : { goodTillDate: ibMoment(terms.goodTillDate) }),
    account: terms.account,
    outsideRth: terms.outsideRth,
    transmit: true,
  };
}

const ibOrderTypes: ReadonlyMap<string, OrderType> = new Map(
  Object.values(OrderType).map((type) => [type, type]),
);

function ibOrderType(orderType: OrderTerms['orderType']): OrderType {
  const type = ibOrderTypes.get(wireTypeOf(orderType));
  if (type === undefined) throw new Error(`the library knows no order type ${orderType}`);
  return type;
}

/** IBKR keeps the trigger of a plain stop and the distance of a trailing one in the same field. */
const ibPriceFields: Readonly<
  Record<PriceField, 'lmtPrice' | 'auxPrice' | 'trailingPercent' | 'lmtPriceOffset'>
> = {
  limitPrice: 'lmtPrice',
  stopPrice: 'auxPrice',
  trailingAmount: 'auxPrice',
  trailingPercent: 'trailingPercent',
  limitOffset: 'lmtPriceOffset',
};

function ibPrices(terms: OrderTerms): Partial<Order> {
  const fields = priceFields.flatMap((field) => {
    const value: DecimalText | null = terms[field];
    if (value === null) return [];
    const isTrailStart = field === 'stopPrice' && isTrailing(terms.orderType);
    return [[isTrailStart ? 'trailStopPrice' : ibPriceFields[field], toWire(value, field)]];
  });
  return Object.fromEntries(fields) as Partial<Order>;
}

/** TWS API "Date/Time formats": `yyyymmdd-hh:mm:ss` is UTC, whatever the zone of TWS. Refuses fractions of a second. */
function ibMoment(instant: Instant): string {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)\.000Z$/.exec(instant);
  if (match === null) throw new GatewayError('VALIDATION', 'goodTillDate cannot be sent exactly');
  const [, year = '', month = '', day = '', time = ''] = match;
  return `${year}${month}${day}-${time}`;
}
