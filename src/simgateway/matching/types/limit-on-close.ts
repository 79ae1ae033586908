import { limit } from './limit.ts';
import type { OrderTypeRule } from './order-type.ts';

/** Trades in the closing auction if its price is at the limit or better. */
export const limitOnClose: OrderTypeRule = {
  name: 'LOC',
  auction: 'close',
  read: (reader) => limit.read(reader),
  wish: ({ limitPrice = 0 }) => ({ kind: 'auction', auction: 'close', limit: limitPrice }),
};
