// Which schedule an instrument is charged by: the first that covers it.
import { bonds } from './bonds.ts';
import { crypto } from './crypto.ts';
import { foreignStocks } from './foreign-stocks.ts';
import { forex } from './forex.ts';
import { futures } from './futures.ts';
import { options } from './options.ts';
import type { Charged, Commission, CommissionSchedule } from './schedule.ts';
import { exactly } from './schedule.ts';
import { usStocks } from './us-stocks.ts';

const SCHEDULES: readonly CommissionSchedule[] = [
  usStocks,
  foreignStocks,
  options,
  futures,
  forex,
  crypto,
  bonds,
];

/** Commission of a whole order so far; charge the difference to what was charged before. */
export function commissionOf(order: Charged): Commission {
  const schedule = SCHEDULES.find((s) => s.covers(order.instrument));
  return schedule?.of(order) ?? exactly(0, order.instrument.currency);
}
