import { isOrderError } from '../order-error.ts';
import type { OrderTypeRule } from './order-type.ts';

/** Trades at its price or better. */
export const limit: OrderTypeRule = {
  name: 'LMT',
  forCombos: true,
  read: (reader) => {
    const limitPrice = reader.limit();
    return isOrderError(limitPrice) ? limitPrice : { limitPrice };
  },
  wish: ({ limitPrice = 0 }) => ({ kind: 'limit', price: limitPrice }),
};
