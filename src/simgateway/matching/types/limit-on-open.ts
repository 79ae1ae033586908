import { limit } from './limit.ts';
import type { OrderTypeRule } from './order-type.ts';

/** Trades in the opening auction if its price is at the limit or better. On the wire it is LMT with TIF OPG. */
export const limitOnOpen: OrderTypeRule = {
  name: 'LOO',
  auction: 'open',
  read: (reader) => limit.read(reader),
  wish: ({ limitPrice = 0 }) => ({ kind: 'auction', auction: 'open', limit: limitPrice }),
};
