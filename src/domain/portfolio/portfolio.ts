import type { AccountId, ConId } from '../ids.ts';
import type { DecimalText } from '../money/decimal.ts';
import type { Currency, Money } from '../money/money.ts';
import type { Side } from '../order/order-type.ts';

/** One open position. `quantity` is signed (short is negative); money is in the contract's currency. */
export type Position = {
  readonly conId: ConId;
  readonly symbol: string;
  readonly secType: string;
  readonly currency: Currency;
  readonly quantity: DecimalText;
  readonly averageCost: DecimalText;
  readonly marketPrice: DecimalText;
  readonly marketValue: DecimalText;
  readonly unrealizedPnl: DecimalText;
  readonly realizedPnl: DecimalText;
};

/** An account as the broker reports it. Sorted by conId / currency. */
export type Portfolio = {
  readonly account: AccountId;
  readonly baseCurrency: Currency;
  /** Net liquidation value in base currency. */
  readonly netLiquidation: Money;
  readonly availableFunds: Money;
  readonly buyingPower: Money;
  readonly initialMargin: Money;
  readonly maintenanceMargin: Money;
  /** Profit and loss of the trading day in base currency, realised and unrealised together. */
  readonly dailyPnl: Money | null;
  readonly cash: readonly Money[];
  readonly positions: readonly Position[];
  /** Rises with every change that the gateway process has seen; equal numbers mean equal content within one session. */
  readonly generation: number;
};

/** An order that is live at the broker, ours or placed elsewhere. */
export type WorkingOrder = {
  readonly permId: string;
  readonly orderId: number;
  readonly clientId: number;
  /** The intent id of one of ours, else whatever text the other client set, or empty. */
  readonly orderRef: string;
  readonly account: AccountId;
  readonly conId: ConId;
  readonly symbol: string;
  readonly side: Side;
  readonly orderType: string;
  readonly tif: string;
  readonly quantity: DecimalText;
  readonly filled: DecimalText;
  readonly remaining: DecimalText;
  readonly limitPrice: DecimalText | null;
  /** IBKR's word: PreSubmitted, Submitted, PendingCancel … */
  readonly status: string;
};
