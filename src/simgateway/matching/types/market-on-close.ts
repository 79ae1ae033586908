import type { OrderTypeRule } from './order-type.ts';

/** Trades in the closing auction, at its price. */
export const marketOnClose: OrderTypeRule = {
  name: 'MOC',
  auction: 'close',
  read: () => ({}),
  wish: () => ({ kind: 'auction', auction: 'close' }),
};
