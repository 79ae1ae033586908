// Futures by contract: execution, exchange and regulatory fees in one amount. Source: IBKR,
// "Commissions: Futures" with the exchange fees listed there; a contract without a row pays 2.25.
import type { CommissionSchedule } from './schedule.ts';
import { exactly, perUnit } from './schedule.ts';

const PER_CONTRACT: Readonly<Record<string, number>> = {
  ES: 2_250_000,
  NQ: 2_250_000,
  RTY: 2_250_000,
  YM: 2_250_000,
  MES: 620_000,
  MNQ: 620_000,
  M2K: 620_000,
  MYM: 620_000,
  CL: 2_370_000,
  MCL: 770_000,
  NG: 2_470_000,
  GC: 2_470_000,
  MGC: 870_000,
  SI: 2_470_000,
  ZN: 1_670_000,
  ZB: 1_740_000,
  ZF: 1_500_000,
  ZT: 1_500_000,
  ZC: 2_970_000,
  ZS: 2_970_000,
  ZW: 2_970_000,
  '6E': 2_470_000,
  '6B': 2_470_000,
  '6J': 2_470_000,
  FDAX: 3_350_000,
  FESX: 1_400_000,
};
const OTHERS = 2_250_000;

/** Commissions of futures. */
export const futures: CommissionSchedule = {
  covers: (i) => i.secType === 'FUT',
  of: ({ instrument, size }) =>
    exactly(perUnit(PER_CONTRACT[instrument.symbol] ?? OTHERS, size), instrument.currency),
};
