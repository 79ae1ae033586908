// A stop that follows the market at a distance, by an amount or by a percentage, and never moves back.
// `trail-limit.ts` shares the following.
import { mulDiv, UNIT } from '../../accounts/value.ts';
import { parseMicros } from '../../market/money.ts';
import type { Micros } from '../../market/money.ts';
import { invalid, isOrderError } from '../order-error.ts';
import type { OrderError } from '../order-error.ts';
import type { OrderTerms, Trail, Working } from '../order.ts';
import type { OrderTypeRule, PriceReader, Sight } from './order-type.ts';
import { isElected, reachesStop } from './trigger.ts';

/** Reads how a stop trails: an amount (auxPrice) or a percentage, and where it begins. */
export function readTrail(reader: PriceReader): Trail | OrderError {
  const from = reader.optional('trailStopPrice');
  if (isOrderError(from)) return from;
  const start = from === undefined ? {} : { from };
  const percent = reader.fields.trailingPercent;
  if (percent !== undefined) {
    const millionths = parseMicros(percent);
    if (millionths === undefined || millionths <= 0 || millionths >= 100 * UNIT) {
      return invalid('Trailing percent must be between 0 and 100');
    }
    return { fraction: Math.round(millionths / 100), ...start };
  }
  const amount = reader.amount('auxPrice');
  if (isOrderError(amount)) return amount;
  if (amount === undefined) return invalid('Trailing amount or percent is required');
  return { amount, ...start };
}

/** The stop that belongs to a price, on the increment. */
function stopBehind(terms: OrderTerms, price: Micros, sight: Sight): Micros {
  const { amount, fraction = 0 } = terms.trail ?? {};
  const distance = amount ?? mulDiv(price, fraction, UNIT);
  const raw = terms.action === 'BUY' ? price + distance : price - distance;
  const tick = sight.tickAt(raw);
  return Math.round(raw / tick) * tick;
}

/** Moves the stop along the prices seen; whether one of them reached it. */
export function follow(terms: OrderTerms, working: Working, sight: Sight): boolean {
  if (working.triggered) return true;
  if (working.stop === undefined && terms.trail?.from !== undefined) {
    working.stop = terms.trail.from;
  }
  for (const price of sight.prices) {
    const { stop } = working;
    const isHit = stop !== undefined && reachesStop(terms.action, price, stop);
    if (isElected(working, isHit, sight.inARow)) {
      working.triggered = true;
      return true;
    }
    const next = stopBehind(terms, price, sight);
    const current = working.stop ?? next;
    working.stop = terms.action === 'BUY' ? Math.min(current, next) : Math.max(current, next);
  }
  return false;
}

/** A trailing stop: a market order when reached. */
export const trail: OrderTypeRule = {
  name: 'TRAIL',
  waitsForPrice: true,
  read: (reader) => {
    const read = readTrail(reader);
    return isOrderError(read) ? read : { trail: read };
  },
  wish: (terms, working, sight) =>
    follow(terms, working, sight) ? { kind: 'market' } : { kind: 'held' },
};
