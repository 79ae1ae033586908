import type { AccountId, ConId } from '../ids.ts';
import type { Money } from '../money/money.ts';
import type { DecimalText } from '../money/decimal.ts';
import type { Side } from '../order/order-type.ts';
import type { Instant } from '../time/instant.ts';

/** One fill as the broker reports it, corrections applied. Prices are per unit in the contract's currency. */
export type ExecutionReport = {
  readonly execId: string;
  readonly account: AccountId;
  readonly conId: ConId;
  readonly symbol: string;
  readonly secType: string;
  /** Where it was done. */
  readonly exchange: string;
  readonly side: Side;
  readonly quantity: DecimalText;
  readonly price: DecimalText;
  /** Of the order up to this fill. */
  readonly cumulative: DecimalText;
  readonly averagePrice: DecimalText;
  /** Null where IBKR's text could not be read. */
  readonly at: Instant | null;
  readonly permId: string;
  readonly orderId: number;
  readonly clientId: number;
  /** The intent id of one of ours, else whatever text the other client set, or empty. */
  readonly orderRef: string;
  /** Whether this row replaces an earlier report of the same fill. */
  readonly isCorrection: boolean;
  /** Null until IBKR has reported it; never a 0 of ours. */
  readonly commission: Money | null;
  /** Profit of a closing fill; null for an opening one or until known. */
  readonly realizedPnl: Money | null;
};

/** Which executions are wanted. IBKR remembers those since midnight, more where TWS's trade log shows them. */
export type ExecutionQuery = {
  readonly account: AccountId;
  readonly since: Instant | null;
  readonly symbol: string | null;
};
