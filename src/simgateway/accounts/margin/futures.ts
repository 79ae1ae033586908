// Futures by contract: initial and maintenance a contract, in the contract's currency, long or short
// alike. A contract without a row asks 10 % and 8 % of its notional. Source: IBKR, "Futures & FOPs
// Margin Requirements", overnight figures rounded.
import { MICROS } from '../../market/money.ts';
import { mulDiv, UNIT } from '../value.ts';
import type { MarginRule } from './margin-rule.ts';
import { percent, sumOf } from './margin-rule.ts';

const ROWS: Readonly<Record<string, readonly [init: number, maint: number]>> = {
  ES: [23_100, 21_000],
  MES: [2_310, 2_100],
  NQ: [33_800, 30_700],
  MNQ: [3_380, 3_070],
  RTY: [10_000, 9_100],
  M2K: [1_000, 910],
  YM: [14_700, 13_400],
  MYM: [1_470, 1_340],
  CL: [6_900, 6_300],
  MCL: [690, 630],
  NG: [4_900, 4_450],
  GC: [16_500, 15_000],
  MGC: [1_650, 1_500],
  SI: [19_800, 18_000],
  ZN: [2_200, 2_000],
  ZB: [4_400, 4_000],
  ZF: [1_550, 1_400],
  ZT: [1_210, 1_100],
  ZC: [1_320, 1_200],
  ZS: [2_200, 2_000],
  ZW: [1_980, 1_800],
  '6E': [2_860, 2_600],
  '6B': [2_310, 2_100],
  '6J': [3_300, 3_000],
  FDAX: [41_000, 37_000],
  FESX: [4_100, 3_700],
};

/** Margin of futures. */
export const futures: MarginRule = {
  covers: (i) => i.secType === 'FUT',
  of: (holdings, facts) =>
    sumOf(
      holdings.map(({ instrument, quantity, value }) => {
        const row = ROWS[instrument.symbol];
        if (row === undefined) return { init: percent(value, 10), maint: percent(value, 8) };
        const of = (amount: number) =>
          facts.usd(mulDiv(amount * MICROS, Math.abs(quantity), UNIT), instrument.currency);
        return { init: of(row[0]), maint: of(row[1]) };
      }),
    ),
};
