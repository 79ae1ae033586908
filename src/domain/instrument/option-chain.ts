import type { DecimalText } from '../money/decimal.ts';

/**
 * The options of one underlying on one market in one trading class. Not every expiry has every strike: which pairs
 * exist is found out by resolving them.
 */
export type OptionChain = {
  readonly exchange: string;
  readonly tradingClass: string;
  readonly multiplier: DecimalText;
  /** `yyyymmdd`, ascending. */
  readonly expiries: readonly string[];
  /** Ascending. */
  readonly strikes: readonly DecimalText[];
};
