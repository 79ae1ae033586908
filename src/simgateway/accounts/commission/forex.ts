// Spot currencies: 0.20 basis points of the trade value, at least 2.00, both in US dollars.
// Source: IBKR, "Commissions: Spot Currencies".
import type { CommissionSchedule } from './schedule.ts';
import { exactly, partOf } from './schedule.ts';

const PART = 20;
const MINIMUM = 2_000_000;

/** Commissions of forex. */
export const forex: CommissionSchedule = {
  covers: (i) => i.secType === 'CASH',
  of: ({ usdValue }) => exactly(Math.max(partOf(usdValue, PART), MINIMUM), 'USD'),
};
