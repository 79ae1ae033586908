// Reads the prices of a request for an order type, and refuses what is off the market rule.
import { parseMicros } from '../market/money.ts';
import type { Micros } from '../market/money.ts';
import { invalid } from './order-error.ts';
import type { OrderError } from './order-error.ts';
import type { OrderFields } from './order.ts';
import type { PriceReader } from './types/order-type.ts';

const OFF_TICK: OrderError = {
  code: 110,
  text: 'The price does not conform to the minimum price variation for this contract.',
};

/** What the prices are measured against. */
type Grid = {
  tickAt(price: Micros): Micros;
  /** A combination's net price may be zero or negative. */
  allowsNegative: boolean;
};

/** Reads the price fields of a request. */
export function priceReader(f: OrderFields, grid: Grid): PriceReader {
  const read = (text: string, name: string, mayBeNegative: boolean): Micros | OrderError => {
    const price = parseMicros(text);
    if (price === undefined || price % grid.tickAt(Math.abs(price)) !== 0) return OFF_TICK;
    return price > 0 || mayBeNegative ? price : invalid(`${name} must be positive`);
  };
  const required = (text: string | undefined, name: string) =>
    text === undefined
      ? invalid(`${name} is required for this order type`)
      : read(text, name, grid.allowsNegative);
  return {
    fields: f,
    limit: () => required(f.lmtPrice, 'Limit price'),
    stop: () => required(f.auxPrice, 'Stop price'),
    optional: (field) => {
      const text = f[field];
      return text === undefined || Number(text) === 0 ? undefined : read(text, field, false);
    },
    amount: (field) => {
      const text = f[field];
      return text === undefined || Number(text) === 0 ? undefined : read(text, field, false);
    },
  };
}
