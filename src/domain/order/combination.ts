import { fixed, Fixed } from '../money/fixed.ts';
import {
  mayWorkOutsideRth,
  needOf,
  priceFields,
  takesGoodTillDate,
  tifOf,
  tifsOf,
  type OrderType,
  type PriceField,
  type TimeInForce,
} from './order-type.ts';

/**
 * Whether the parts of an order go together: its type with its prices, its time in force, its hours. Looks at no
 * market and at no clock; those are the gate's business.
 */

/** One thing that does not go with the rest: the field to change, and what to do with it. */
export type CombinationProblem = { readonly field: string; readonly message: string };

/** The parts that are looked at. A part that is absent, or could not be read, is `undefined` or null. */
export type Combination = {
  readonly [field in PriceField | 'goodTillDate']?: string | null | undefined;
} & {
  readonly orderType: OrderType;
  readonly tif?: TimeInForce | undefined;
  readonly outsideRth?: boolean | undefined;
};

const hundred = new Fixed(100, 0);

/** Everything that does not go together, in the order of the fields; empty where the order can be sent. */
export function combinationProblems(order: Combination): CombinationProblem[] {
  const given = (field: keyof Combination): boolean => (order[field] ?? null) !== null;
  return [
    ...priceProblems(order.orderType, given),
    ...percentProblems(order),
    ...tifProblems(order, given('goodTillDate')),
    ...hoursProblems(order),
  ];
}

function priceProblems(
  orderType: OrderType,
  given: (field: PriceField) => boolean,
): CombinationProblem[] {
  const problems: CombinationProblem[] = [];
  for (const field of priceFields) {
    const need = needOf(orderType, field);
    if (need === null && given(field)) {
      problems.push({ field, message: `an order of type ${orderType} takes no ${field}` });
    }
    if (need === 'needed' && !given(field)) {
      problems.push({ field, message: `an order of type ${orderType} needs a ${field}` });
    }
  }
  const choices = priceFields.filter((field) => needOf(orderType, field) === 'one-of');
  const chosen = choices.filter(given);
  const [first] = choices;
  if (first !== undefined && chosen.length !== 1) {
    const message = `an order of type ${orderType} needs exactly one of ${choices.join(' and ')}`;
    problems.push({ field: chosen[1] ?? first, message });
  }
  return problems;
}

function percentProblems({ trailingPercent }: Combination): CombinationProblem[] {
  if (typeof trailingPercent !== 'string' || fixed(trailingPercent).lt(hundred)) return [];
  return [{ field: 'trailingPercent', message: 'must be less than 100, e.g. "2" for 2 %' }];
}

function tifProblems(order: Combination, hasDate: boolean): CombinationProblem[] {
  const tif = tifOf(order);
  const accepted = tifsOf(order.orderType);
  const problems: CombinationProblem[] = [];
  if (!accepted.includes(tif)) {
    const message = `an order of type ${order.orderType} takes tif ${accepted.join(', ')}`;
    problems.push({ field: 'tif', message });
  }
  if (takesGoodTillDate(tif) !== hasDate) {
    const message = hasDate
      ? `tif ${tif} takes no goodTillDate`
      : `tif ${tif} needs a goodTillDate`;
    problems.push({ field: 'goodTillDate', message });
  }
  return problems;
}

function hoursProblems(order: Combination): CombinationProblem[] {
  const tif = tifOf(order);
  if (order.outsideRth !== true || mayWorkOutsideRth(order.orderType, tif)) return [];
  const message = `an order of type ${order.orderType} with tif ${tif} trades in regular hours only`;
  return [{ field: 'outsideRth', message }];
}
