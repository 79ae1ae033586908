// What a margin rule is: some holdings of an account in, two requirements in US dollars out.
import type { Instrument, Size } from '../../market/instrument.ts';
import type { Micros } from '../../market/money.ts';
import { mulDiv } from '../value.ts';

/** A holding at its mark. `value` is in US dollars, negative when short. */
export type Holding = { instrument: Instrument; quantity: Size; price: Micros; value: Micros };
/** Requirements in millionths of a US dollar. */
export type Margin = { init: Micros; maint: Micros };
/** Prices of underlyings, in their currency, and conversion to US dollars. */
export type MarginFacts = {
  underlying(i: Instrument): Micros | undefined;
  usd(amount: Micros, currency: string): Micros;
};
/** The requirement of all holdings of the types it covers. */
export type MarginRule = {
  covers(i: Instrument): boolean;
  of(holdings: readonly Holding[], facts: MarginFacts): Margin;
};

/** Percent of an amount's size, rounded to a millionth. */
export const percent = (amount: Micros, by: number): Micros => mulDiv(Math.abs(amount), by, 100);

/** Requirements added up. */
export const sumOf = (margins: readonly Margin[]): Margin => ({
  init: margins.reduce((sum, m) => sum + m.init, 0),
  maint: margins.reduce((sum, m) => sum + m.maint, 0),
});

/** A rule that asks a fixed percentage of each holding's value. */
export const flatRule = (
  covers: (i: Instrument) => boolean,
  rates: (i: Instrument) => { init: number; maint: number },
): MarginRule => ({
  covers,
  of: (holdings) =>
    sumOf(
      holdings.map(({ instrument, value }) => {
        const { init, maint } = rates(instrument);
        return { init: percent(value, init), maint: percent(value, maint) };
      }),
    ),
});
