import type { OrderTypeRule } from './order-type.ts';

/** Buys or sells at whatever the other side asks. */
export const market: OrderTypeRule = {
  name: 'MKT',
  forCombos: true,
  read: () => ({}),
  wish: () => ({ kind: 'market' }),
};
