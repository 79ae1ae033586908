import type { DecimalText } from '../money/decimal.ts';
import type { Currency } from '../money/money.ts';

/**
 * What the trade simulator expects of an order, from our portfolio and our quote. Prices per unit and amounts
 * are in the contract's currency unless the name says base.
 */
export type Simulation =
  | {
      readonly status: 'ok' | 'insufficient-funds' | 'sells-without-position';
      readonly currency: Currency;
      readonly fillPrice: DecimalText;
      /** What slippage is measured against: the quote's mid, or the stop of an order that waits for it. */
      readonly referencePrice: DecimalText;
      /** Positive = worse than the reference. */
      readonly slippageBps: DecimalText;
      /** quantity × worst price the order allows (limit, or the collar beyond market or stop), unsigned. */
      readonly worstNotional: DecimalText;
      readonly worstNotionalBase: DecimalText;
      readonly grossAmount: DecimalText;
      readonly commission: DecimalText;
      /** Signed change of cash, commission included: negative for a buy. */
      readonly cashChange: DecimalText;
      readonly cashAfter: DecimalText;
      readonly positionBefore: DecimalText;
      readonly positionAfter: DecimalText;
      /** Absolute value of the position after ÷ net liquidation after, 0..; 4 decimals. */
      readonly positionShareAfter: DecimalText;
      /** Own Reg-T style estimate in base currency. */
      readonly initialMarginBefore: DecimalText;
      readonly initialMarginAfter: DecimalText;
      /** Whether the order would fill at once against the quote. */
      readonly marketable: boolean;
      /** Where the order wakes as the market stands, a trail worked out; null for one without a stop. */
      readonly stopPrice: DecimalText | null;
      /** The market is at or through that stop already. */
      readonly triggersAtOnce: boolean;
    }
  | { readonly status: 'no-price' | 'no-facts'; readonly missing: string };
