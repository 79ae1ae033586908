import type { OrderTypeRule } from './order-type.ts';
import { stopLimit } from './stop-limit.ts';
import { watchTouch } from './trigger.ts';

/** Becomes a limit order when the market comes to its trigger price. */
export const limitIfTouched: OrderTypeRule = {
  name: 'LIT',
  waitsForPrice: true,
  read: (reader) => stopLimit.read(reader),
  wish: (terms, working, sight) =>
    watchTouch(terms, working, sight)
      ? { kind: 'limit', price: terms.limitPrice ?? 0 }
      : { kind: 'held' },
};
