// US options, first 10,000 contracts a month: by premium 0.65, 0.50 below 0.10, 0.25 below 0.05 a
// contract, at least 1.00 an order. Source: IBKR, "Commissions: Options".
import { mulDiv, UNIT } from '../value.ts';
import type { CommissionSchedule } from './schedule.ts';
import { exactly, perUnit } from './schedule.ts';

const TIERS = [
  { below: 50_000, rate: 250_000 },
  { below: 100_000, rate: 500_000 },
  { below: Number.POSITIVE_INFINITY, rate: 650_000 },
];
const MINIMUM = 1_000_000;

/** Commissions of options; the premium is the order's average so far. */
export const options: CommissionSchedule = {
  covers: (i) => i.secType === 'OPT',
  of: ({ instrument, size, value }) => {
    const perContract = size === 0 ? 0 : mulDiv(value, UNIT, size);
    const premium = perContract / instrument.multiplier;
    const rate = TIERS.find((tier) => premium < tier.below)?.rate ?? 0;
    return exactly(Math.max(perUnit(rate, size), MINIMUM), instrument.currency);
  },
};
