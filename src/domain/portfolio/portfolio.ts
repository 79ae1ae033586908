import type { AccountId, ConId } from '../ids.ts';
import type { DecimalText } from '../money/decimal.ts';
import type { Currency, Money } from '../money/money.ts';
import type { Side } from '../order/order-type.ts';
import type { Instant } from '../time/instant.ts';

/** One open position. `quantity` is signed (short is negative); money is in the contract's currency; null = IBKR did not say. */
export type Position = {
  readonly conId: ConId;
  readonly symbol: string;
  readonly secType: string;
  readonly currency: Currency;
  readonly quantity: DecimalText;
  readonly averageCost: DecimalText | null;
  readonly marketPrice: DecimalText;
  readonly marketValue: DecimalText;
  readonly unrealizedPnl: DecimalText | null;
  readonly realizedPnl: DecimalText | null;
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
  /** Of the open positions and of the closed part of today, in base currency. */
  readonly unrealizedPnl: Money | null;
  readonly realizedPnl: Money | null;
  readonly cash: readonly Money[];
  /** Base currency per unit of each cash currency, as the account's own ledger converts. */
  readonly exchangeRates: readonly { readonly currency: Currency; readonly rate: DecimalText }[];
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
  /** Trigger price of STP and STP LMT; of a trailing order where its stop is now. */
  readonly stopPrice: DecimalText | null;
  /** Distance of a trailing stop: one of the two. */
  readonly trailingAmount: DecimalText | null;
  readonly trailingPercent: DecimalText | null;
  /** Order id of the parent in a bracket; the same client's. */
  readonly parentId: number | null;
  /** Name of the one-cancels-all group, as the placing client set it; empty = none. */
  readonly ocaGroup: string;
  readonly averagePrice: DecimalText | null;
  /** IBKR's word: PreSubmitted, Submitted, PendingCancel … */
  readonly status: string;
};

/** An order that is over: filled, cancelled or rejected. Of the last trading days, as far as TWS remembers. */
export type CompletedOrder = Omit<
  WorkingOrder,
  'remaining' | 'averagePrice' | 'orderId' | 'clientId'
> & {
  readonly completedAt: Instant | null;
};
