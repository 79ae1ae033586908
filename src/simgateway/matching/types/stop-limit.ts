import { isOrderError } from '../order-error.ts';
import type { OrderTypeRule } from './order-type.ts';
import { watchStop } from './trigger.ts';

/** Becomes a limit order when its stop is reached. */
export const stopLimit: OrderTypeRule = {
  name: 'STP LMT',
  waitsForPrice: true,
  read: (reader) => {
    const limitPrice = reader.limit();
    if (isOrderError(limitPrice)) return limitPrice;
    const stopPrice = reader.stop();
    return isOrderError(stopPrice) ? stopPrice : { limitPrice, stopPrice };
  },
  wish: (terms, working, sight) =>
    watchStop(terms, working, sight)
      ? { kind: 'limit', price: terms.limitPrice ?? 0 }
      : { kind: 'held' },
};
