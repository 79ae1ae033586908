import type { ConId } from '../ids.ts';
import type { DecimalText } from '../money/decimal.ts';
import type { Currency } from '../money/money.ts';

/** IBKR security types that can be looked at. An ETF is a STK. A combination (BAG) is an order's, never an instrument. */
export const secTypes = ['STK', 'OPT', 'FUT', 'CASH', 'CRYPTO', 'BOND', 'IND'] as const;
export type SecType = (typeof secTypes)[number];

/**
 * What may be ordered: the types whose notional, margin and hours the simulator and the rules know how to work out.
 * Adding one is a row here and its rule tests.
 */
export const orderableSecTypes = [
  'STK',
  'OPT',
  'FUT',
  'CASH',
  'CRYPTO',
  'BOND',
] as const satisfies readonly SecType[];
export type OrderableSecType = (typeof orderableSecTypes)[number];

/** Whether an instrument of that type may be ordered; every other one can only be looked at. */
export function isOrderable(secType: SecType): secType is OrderableSecType {
  return (orderableSecTypes as readonly SecType[]).includes(secType);
}

export const optionRights = ['C', 'P'] as const;
export type OptionRight = (typeof optionRights)[number];

/**
 * A resolved contract: what IBKR says the conId is. Never built from a caller's words. The optional fields are there
 * exactly where the kind of instrument has them.
 */
export type Contract = {
  readonly conId: ConId;
  readonly symbol: string;
  readonly secType: SecType;
  /** Routing destination: `SMART`, for futures, currencies and coins their market (`CME`, `IDEALPRO`, `PAXOS`). */
  readonly exchange: string;
  readonly primaryExchange: string;
  readonly currency: Currency;
  readonly longName: string;
  /** The exchange's own name of the contract: the OCC symbol of an option, `ESZ6`, `EUR.USD`. */
  readonly localSymbol?: string;
  readonly tradingClass?: string;
  /** `yyyymmdd`: last trading day of an option or future, maturity of a bond. */
  readonly expiry?: string;
  readonly strike?: DecimalText;
  readonly right?: OptionRight;
  /** Currency value of one contract per 1.00 of price: 100 for a US option, 50 for ES. Left out where it is 1 by nature. */
  readonly multiplier?: DecimalText;
  /** Of options and futures. */
  readonly underlyingConId?: ConId;
};

/** One step of a price ladder: from `lowEdge` (inclusive) upwards prices are multiples of `increment`. */
export type PriceIncrement = { readonly lowEdge: DecimalText; readonly increment: DecimalText };

/** A market where the contract trades, and the id of the price ladder that holds there (null = IBKR named none). */
export type Venue = { readonly exchange: string; readonly marketRuleId: number | null };

/** Everything the gate wants to know of a contract (IBKR contract details and market rule). */
export type ContractDetails = {
  readonly contract: Contract;
  readonly stockType: string;
  readonly industry: string;
  readonly category: string;
  /** The ladder of `contract.exchange`. Ascending by `lowEdge`, never empty. */
  readonly priceIncrements: readonly PriceIncrement[];
  /** IBKR's `validExchanges` with the market rule of each, in IBKR's order. */
  readonly venues: readonly Venue[];
  readonly minSize: DecimalText;
  readonly sizeIncrement: DecimalText;
  /** Quoted prices are this many times the price in `currency`: 100 where a market quotes in pence, else 1. */
  readonly priceMagnifier: number;
  /** `yyyymm` of options and futures, else empty. */
  readonly contractMonth: string;
  /** Identifiers such as `ISIN` and `CUSIP`. */
  readonly secIds: readonly { readonly type: string; readonly value: string }[];
  /** Per cent a year; null for everything but bonds. */
  readonly coupon: DecimalText | null;
  /** IANA zone of the session texts below. */
  readonly timeZone: string;
  /** IBKR's `liquidHours` text, as received: `20261124:0930-20261124:1600;20261126:CLOSED`. */
  readonly liquidHours: string;
  /** IBKR's `tradingHours` text, as received. */
  readonly tradingHours: string;
};
