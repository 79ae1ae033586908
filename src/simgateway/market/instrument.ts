// What a tradable contract is, for every part of the simulation. Prices are in millionths of the
// contract's currency, sizes in millionths of a unit (share, contract, coin, unit of base currency).
import type { Move } from './factors.ts';
import type { Micros } from './money.ts';

/** Security types by IBKR's names. A combination (BAG) is an order's, never an instrument. */
export type SecType = 'STK' | 'OPT' | 'FUT' | 'CASH' | 'CRYPTO' | 'BOND' | 'IND';

/** A quantity in millionths of a unit: 1 share = 1_000_000. Safe integers only. */
export type Size = number;

/** How deep and tight the book of an instrument is: 1 the most liquid, 4 the least. */
export type LiquidityClass = 1 | 2 | 3 | 4;

/** A contract. Ids, multipliers and increments are those that IBKR publishes where they are known. */
export type Instrument = {
  readonly conId: number;
  readonly symbol: string;
  readonly secType: SecType;
  /** `COMMON`, `ETF`, `ADR` … for stocks, empty otherwise. */
  readonly stockType: string;
  readonly localSymbol: string;
  readonly tradingClass: string;
  /** Where an order goes unless told otherwise: SMART, IDEALPRO, CME, PAXOS … */
  readonly exchange: string;
  readonly primaryExch: string;
  readonly validExchanges: readonly string[];
  /** Key of the trading calendar: sessions, holidays, time zone. */
  readonly calendar: string;
  readonly currency: string;
  /** Currency value of one unit per 1.00 of price: 1 stock, 100 US option, 50 ES, 10 bond of 1,000 face. */
  readonly multiplier: number;
  /** The multiplier as contract messages carry it; empty for stocks, forex, crypto. */
  readonly multiplierText: string;
  readonly priceMagnifier: number;
  /** `yyyymmdd` of the last trade; options, futures and bonds. */
  readonly expiry?: string;
  /** `yyyymm`; futures and options. */
  readonly contractMonth?: string;
  readonly strike?: Micros;
  readonly right?: 'C' | 'P';
  readonly underConId?: number;
  readonly underSecType?: SecType;
  /** Market rule: price bands with their increments. */
  readonly marketRuleId: number;
  readonly minSize: Size;
  readonly sizeIncrement: Size;
  /** Long-run level of the seeded path; for derivatives the level on the catalogue's date. */
  readonly basePrice: Micros;
  readonly liquidity: LiquidityClass;
  /** The forces that move the price, with their weights. */
  readonly moves: readonly Move[];
  readonly longName: string;
  readonly industry: string;
  readonly category: string;
  readonly subcategory: string;
  /** ISIN, CUSIP … as (tag, value). */
  readonly secIds: readonly (readonly [string, string])[];
};

/** False for what can only be looked at (indices). */
export const isTradable = (i: Instrument): boolean => i.secType !== 'IND';
