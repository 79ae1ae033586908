// Cryptocurrencies: 0.18 % of the trade value, at least 1.75 but never more than 1 %.
// Source: IBKR, "Commissions: Cryptocurrencies", monthly value up to 100,000.
import type { CommissionSchedule } from './schedule.ts';
import { exactly, partOf } from './schedule.ts';

const PART = 1_800;
const CAP = 10_000;
const MINIMUM = 1_750_000;

/** Commissions of cryptocurrencies. */
export const crypto: CommissionSchedule = {
  covers: (i) => i.secType === 'CRYPTO',
  of: ({ instrument, value }) => {
    const amount = Math.max(partOf(value, PART), MINIMUM);
    return exactly(Math.min(amount, partOf(value, CAP)), instrument.currency);
  },
};
