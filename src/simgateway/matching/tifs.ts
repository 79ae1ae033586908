// Times in force, one row each: until when an order works, and what becomes of what does not fill at
// once.
import { lookUp } from '../look-up.ts';
import { parseWallTime } from '../market/wall-time.ts';
import { invalid } from './order-error.ts';
import type { OrderError } from './order-error.ts';
import type { OrderFields } from './order.ts';

type Facts = {
  /** End of the current or next trading day, UTC milliseconds. */
  dayOrderExpiry: number;
};
type TifRule = {
  /** `cancel`: filled as far as possible, the rest cancelled; `kill`: all at once or nothing. */
  unfilled: 'work' | 'cancel' | 'kill';
  /** UTC milliseconds, or undefined when it works until cancelled. */
  expiry(f: OrderFields, facts: Facts): number | undefined | OrderError;
};

const never = () => undefined;
const endOfDay = (_: OrderFields, facts: Facts) => facts.dayOrderExpiry;

const TIFS: Readonly<Record<string, TifRule>> = {
  DAY: { unfilled: 'work', expiry: endOfDay },
  GTC: { unfilled: 'work', expiry: never },
  IOC: { unfilled: 'cancel', expiry: never },
  FOK: { unfilled: 'kill', expiry: never },
  GTD: {
    unfilled: 'work',
    expiry: (f) => parseWallTime(f.goodTillDate ?? '') ?? invalid('Invalid good till date'),
  },
  OPG: { unfilled: 'work', expiry: endOfDay },
};

/** The rule of a TIF, undefined for an unknown one. */
export const tifOf = (name: string): TifRule | undefined => lookUp(TIFS, name);
