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
      /** The quote's mid that slippage is measured against. */
      readonly referencePrice: DecimalText;
      /** Positive = worse than the reference. */
      readonly slippageBps: DecimalText;
      /** quantity × worst price the order allows (limit, or the collar for MKT), unsigned. */
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
    }
  | { readonly status: 'no-price' | 'no-facts'; readonly missing: string };
