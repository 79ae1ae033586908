// What a commission schedule is, and the arithmetic that several of them share.
import type { Instrument, Size } from '../../market/instrument.ts';
import type { Micros } from '../../market/money.ts';
import type { PricingPlan } from '../account.ts';
import { mulDiv, UNIT } from '../value.ts';

/** A whole order so far: everything that has filled, or all of it when it is only asked about. */
export type Charged = {
  instrument: Instrument;
  plan: PricingPlan;
  size: Size;
  /** Price × multiplier × size, in the instrument's currency. */
  value: Micros;
  /** Value of the order in US dollars. */
  usdValue: Micros;
};
/** A commission and the range it can fall in, all in `currency`. */
export type Commission = { likely: Micros; least: Micros; most: Micros; currency: string };
/** One published price list. */
export type CommissionSchedule = {
  covers(i: Instrument): boolean;
  of(order: Charged): Commission;
};

/** A rate per unit times a size. */
export const perUnit = (rate: Micros, size: Size): Micros => mulDiv(rate, size, UNIT);

/** Millionths of a value: 500 is 0.05 %. */
export const partOf = (value: Micros, millionths: number): Micros =>
  mulDiv(value, millionths, 1_000_000);

/** A commission without a range. */
export const exactly = (amount: Micros, currency: string): Commission => ({
  likely: amount,
  least: amount,
  most: amount,
  currency,
});
