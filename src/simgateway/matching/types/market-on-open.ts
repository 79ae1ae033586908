import type { OrderTypeRule } from './order-type.ts';

/** Trades in the opening auction, at its price. On the wire it is MKT with TIF OPG. */
export const marketOnOpen: OrderTypeRule = {
  name: 'MOO',
  auction: 'open',
  read: () => ({}),
  wish: () => ({ kind: 'auction', auction: 'open' }),
};
