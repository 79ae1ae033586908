import type { DecimalText } from '../money/decimal.ts';
import type { Currency } from '../money/money.ts';

/** What came of a simulation with figures, the first that holds; `docs/simulation.md` says when. */
export const pricedStatuses = [
  'invalid-quantity',
  'insufficient-funds',
  'insufficient-cash',
  'insufficient-buying-power',
  'sells-without-position',
  'ok',
] as const;
/** What came of one without; an `invalid-quantity` here is not above zero. */
export const unpricedStatuses = ['invalid-quantity', 'no-price', 'no-facts'] as const;

/**
 * What the trade simulator expects of an order, from our portfolio and our quote. Prices per unit and amounts
 * are in the contract's currency unless the name says base or is a margin's. `docs/simulation.md` has every formula.
 */
export type Simulation =
  | {
      readonly status: (typeof pricedStatuses)[number];
      readonly currency: Currency;
      readonly fillPrice: DecimalText;
      /** What slippage is measured against: the quote's mid, or the stop of an order that waits for it. */
      readonly referencePrice: DecimalText;
      /** Positive = worse than the reference. */
      readonly slippageBps: DecimalText;
      /** The part of it that the order's size costs, 0 or more. */
      readonly impactBps: DecimalText;
      /** The worst price that the order allows: its limit, or the collar beyond market or stop. */
      readonly worstPrice: DecimalText;
      /** quantity × worst price × multiplier, of options at least `deltaNotional`; unsigned. */
      readonly worstNotional: DecimalText;
      readonly worstNotionalBase: DecimalText;
      /** Of options: quantity × |delta| × price of the underlying × multiplier; null where not known, or no option. */
      readonly deltaNotional: DecimalText | null;
      readonly grossAmount: DecimalText;
      readonly commission: DecimalText;
      /** What regulators take, beside the commission. */
      readonly fees: DecimalText;
      /** Signed change of cash, commission and fees included: negative for a buy. A future moves no more than those. */
      readonly cashChange: DecimalText;
      readonly cashAfter: DecimalText;
      /** Of currency pairs: cash in the currency that is bought or sold, afterwards; null for everything else. */
      readonly pairCashAfter: DecimalText | null;
      readonly positionBefore: DecimalText;
      readonly positionAfter: DecimalText;
      /** Absolute value of the position after ÷ net liquidation after, 0..; 4 decimals. Options as in `worstNotional`. */
      readonly positionShareAfter: DecimalText;
      /** Gross exposure of the account in base currency; null where a position cannot be valued. */
      readonly exposureBefore: DecimalText | null;
      readonly exposureAfter: DecimalText | null;
      /** The broker's figure, and our own estimate of what becomes of it, in base currency. */
      readonly initialMarginBefore: DecimalText;
      readonly initialMarginAfter: DecimalText;
      /** Null where the broker's figure is in another currency. */
      readonly maintenanceMarginAfter: DecimalText | null;
      /** The broker's own estimate in base currency; null where it gave none. */
      readonly whatIfInitialMarginAfter: DecimalText | null;
      /** The broker's initial margin after less ours. */
      readonly marginDifference: DecimalText | null;
      /** The broker's commission less ours; null also where it is in another currency than the contract. */
      readonly commissionDifference: DecimalText | null;
      /** Whether the order would fill at once against the quote. */
      readonly marketable: boolean;
      /** Where the order wakes as the market stands, a trail worked out; null for one without a stop. */
      readonly stopPrice: DecimalText | null;
      /** The market is at or through that stop already. */
      readonly triggersAtOnce: boolean;
    }
  | { readonly status: (typeof unpricedStatuses)[number]; readonly missing: string };
