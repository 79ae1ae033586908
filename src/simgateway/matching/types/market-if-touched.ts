import { isOrderError } from '../order-error.ts';
import type { OrderTypeRule } from './order-type.ts';
import { watchTouch } from './trigger.ts';

/** Becomes a market order when the market comes to its price. */
export const marketIfTouched: OrderTypeRule = {
  name: 'MIT',
  waitsForPrice: true,
  read: (reader) => {
    const stopPrice = reader.stop();
    return isOrderError(stopPrice) ? stopPrice : { stopPrice };
  },
  wish: (terms, working, sight) =>
    watchTouch(terms, working, sight) ? { kind: 'market' } : { kind: 'held' },
};
