import { isOrderError } from '../order-error.ts';
import type { OrderTypeRule } from './order-type.ts';
import { watchStop } from './trigger.ts';

/** Becomes a market order when its stop is reached. */
export const stop: OrderTypeRule = {
  name: 'STP',
  waitsForPrice: true,
  read: (reader) => {
    const stopPrice = reader.stop();
    return isOrderError(stopPrice) ? stopPrice : { stopPrice };
  },
  wish: (terms, working, sight) =>
    watchStop(terms, working, sight) ? { kind: 'market' } : { kind: 'held' },
};
