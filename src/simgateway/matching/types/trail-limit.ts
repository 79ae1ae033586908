import { invalid, isOrderError } from '../order-error.ts';
import type { OrderTypeRule } from './order-type.ts';
import { follow, readTrail } from './trail.ts';

/**
 * A trailing stop that becomes a limit order. The limit lies `lmtPriceOffset` beyond the stop; given
 * as a price, that price and the initial stop say how far.
 */
export const trailLimit: OrderTypeRule = {
  name: 'TRAIL LIMIT',
  waitsForPrice: true,
  read: (reader) => {
    const read = readTrail(reader);
    if (isOrderError(read)) return read;
    const offset = reader.amount('lmtPriceOffset');
    if (isOrderError(offset)) return offset;
    if (offset !== undefined) return { trail: { ...read, limitOffset: offset } };
    const limitPrice = reader.optional('lmtPrice');
    if (isOrderError(limitPrice)) return limitPrice;
    if (limitPrice === undefined || read.from === undefined) {
      return invalid('Limit price offset, or limit price and trail stop price, are required');
    }
    return { trail: { ...read, limitOffset: Math.abs(read.from - limitPrice) } };
  },
  wish: (terms, working, sight) => {
    if (!follow(terms, working, sight)) return { kind: 'held' };
    const stop = working.stop ?? 0;
    const offset = terms.trail?.limitOffset ?? 0;
    working.limit ??= terms.action === 'BUY' ? stop + offset : stop - offset;
    return { kind: 'limit', price: working.limit };
  },
};
