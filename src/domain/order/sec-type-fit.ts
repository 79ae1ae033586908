import type { ContractDetails, OrderableSecType, SecType } from '../instrument/contract.ts';
import { isOrderable } from '../instrument/contract.ts';
import { fixed, Fixed, larger } from '../money/fixed.ts';
import type { CombinationProblem } from './combination.ts';
import {
  orderTypes,
  tifOf,
  timesInForce,
  type OrderType,
  type Side,
  type TimeInForce,
} from './order-type.ts';

/**
 * Which orders IBKR takes in which kind of instrument, one row each. Sources: TWS API "Basic Orders" (products of each
 * type), IBKR's answers 201 "must be Minutes or IOC", 10289 "You must set Cash Quantity" and 10243 "Fractional-sized
 * order cannot be placed via API". Where the sources are silent the row is the narrower one.
 */
export type SecTypeFit = {
  readonly orderTypes: readonly OrderType[];
  readonly tifs: readonly TimeInForce[];
  /** The API takes no fraction of a unit, whatever the contract's smallest size says. */
  readonly isWhole: boolean;
  /** A market buy is taken only as an amount of money, which no signed quantity can promise. */
  readonly hasNoMarketBuy?: true;
};

const continuous = ['MKT', 'LMT', 'STP', 'STP LMT', 'TRAIL', 'TRAIL LIMIT'] as const;
const notAtTheOpen = ['DAY', 'GTC', 'IOC', 'GTD', 'FOK'] as const;

/** One row per kind. */
export const secTypeFits: Readonly<Record<OrderableSecType, SecTypeFit>> = {
  STK: { orderTypes, tifs: timesInForce, isWhole: true },
  OPT: { orderTypes: [...continuous, 'MOO', 'LOO'], tifs: timesInForce, isWhole: true },
  FUT: { orderTypes: [...continuous, 'MOC', 'LOC'], tifs: notAtTheOpen, isWhole: true },
  CASH: { orderTypes: continuous, tifs: notAtTheOpen, isWhole: false },
  CRYPTO: { orderTypes: ['MKT', 'LMT'], tifs: ['IOC'], isWhole: false, hasNoMarketBuy: true },
  BOND: { orderTypes: ['MKT', 'LMT'], tifs: ['DAY', 'GTC', 'IOC', 'GTD'], isWhole: true },
};

/** What of an order does not go with its kind of instrument; a kind that cannot be ordered is not looked at. */
export function secTypeProblems(
  order: {
    readonly side: Side;
    readonly orderType: OrderType;
    readonly tif?: TimeInForce | undefined;
  },
  secType: SecType,
): CombinationProblem[] {
  if (!isOrderable(secType)) return [];
  const fit = secTypeFits[secType];
  const { orderType, side } = order;
  const problems: CombinationProblem[] = [];
  if (!fit.orderTypes.includes(orderType)) {
    const message = `an order in ${secType} takes orderType ${fit.orderTypes.join(', ')}`;
    problems.push({ field: 'orderType', message });
  }
  if (fit.hasNoMarketBuy === true && orderType === 'MKT' && side === 'BUY') {
    const message = `a market buy in ${secType} is taken only as an amount of money: use LMT`;
    problems.push({ field: 'orderType', message });
  }
  if (!fit.tifs.includes(tifOf(order))) {
    problems.push({
      field: 'tif',
      message: `an order in ${secType} takes tif ${fit.tifs.join(', ')}`,
    });
  }
  return problems;
}

/** The smallest quantity and the step of quantities that can be ordered: never a fraction where the API takes none. */
export function orderLots({
  contract,
  minSize,
  sizeIncrement,
}: ContractDetails): Pick<ContractDetails, 'minSize' | 'sizeIncrement'> {
  const { secType } = contract;
  if (!isOrderable(secType) || !secTypeFits[secType].isWhole) return { minSize, sizeIncrement };
  const one = new Fixed(1, 0);
  return {
    minSize: larger(fixed(minSize), one).text(),
    sizeIncrement: larger(fixed(sizeIncrement), one).text(),
  };
}
