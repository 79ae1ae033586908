// Stocks outside the US, fixed plan: a part of the trade value (Canada: an amount per share) with a
// minimum. Source: IBKR, "Commissions: Stocks, ETFs and Warrants", Europe, North America, Asia.
import type { CommissionSchedule } from './schedule.ts';
import { exactly, partOf, perUnit } from './schedule.ts';

/** `part` in millionths of the value, `perShare` and `minimum` in the currency. */
type Row = { part?: number; perShare?: number; minimum: number; capPart?: number };

const ROWS: Readonly<Record<string, Row>> = {
  EUR: { part: 500, minimum: 3_000_000 },
  GBP: { part: 500, minimum: 3_000_000 },
  CHF: { part: 500, minimum: 5_000_000 },
  SEK: { part: 500, minimum: 49_000_000 },
  NOK: { part: 500, minimum: 49_000_000 },
  DKK: { part: 500, minimum: 49_000_000 },
  CAD: { perShare: 10_000, minimum: 1_000_000, capPart: 5_000 },
  JPY: { part: 800, minimum: 80_000_000 },
  HKD: { part: 800, minimum: 18_000_000 },
  AUD: { part: 800, minimum: 6_000_000 },
};
const OTHERS: Row = { part: 800, minimum: 3_000_000 };

/** Commissions of stocks in other currencies than US dollars. */
export const foreignStocks: CommissionSchedule = {
  covers: (i) => i.secType === 'STK' && i.currency !== 'USD',
  of: ({ instrument, size, value }) => {
    const row = ROWS[instrument.currency] ?? OTHERS;
    const raw = partOf(value, row.part ?? 0) + perUnit(row.perShare ?? 0, size);
    const least = Math.max(raw, row.minimum);
    const capped = row.capPart === undefined ? least : Math.min(least, partOf(value, row.capPart));
    return exactly(capped, instrument.currency);
  },
};
