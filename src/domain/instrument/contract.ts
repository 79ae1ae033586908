import type { ConId } from '../ids.ts';
import type { DecimalText } from '../money/decimal.ts';
import type { Currency } from '../money/money.ts';

/** IBKR security types that the first release can order. Adding one is a row here and its rule tests. */
export const secTypes = ['STK'] as const;
export type SecType = (typeof secTypes)[number];

/** A resolved contract: what IBKR says the conId is. Never built from a caller's words. */
export type Contract = {
  readonly conId: ConId;
  readonly symbol: string;
  readonly secType: SecType;
  /** Routing destination, usually `SMART`. */
  readonly exchange: string;
  readonly primaryExchange: string;
  readonly currency: Currency;
  readonly longName: string;
};

/** One step of a price ladder: from `lowEdge` (inclusive) upwards prices are multiples of `increment`. */
export type PriceIncrement = { readonly lowEdge: DecimalText; readonly increment: DecimalText };

/** Everything the gate wants to know of a contract (IBKR contract details and market rule). */
export type ContractDetails = {
  readonly contract: Contract;
  readonly stockType: string;
  readonly industry: string;
  readonly category: string;
  /** Ascending by `lowEdge`, never empty. */
  readonly priceIncrements: readonly PriceIncrement[];
  readonly minSize: DecimalText;
  readonly sizeIncrement: DecimalText;
  /** IANA zone of the session texts below. */
  readonly timeZone: string;
  /** IBKR's `liquidHours` text, as received: `20261124:0930-20261124:1600;20261126:CLOSED`. */
  readonly liquidHours: string;
  /** IBKR's `tradingHours` text, as received. */
  readonly tradingHours: string;
};
