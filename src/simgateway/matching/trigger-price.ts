// Which price a stop looks at (order field triggerMethod). Source: IBKR, "Trigger Method".
import type { Top } from '../market/market.ts';
import type { Micros } from '../market/money.ts';

type Source = 'last' | 'quote' | 'mid';

const METHODS: Readonly<Record<number, Source>> = {
  0: 'last',
  1: 'quote',
  2: 'last',
  3: 'last',
  4: 'quote',
  7: 'last',
  8: 'mid',
};

/** The source a method means; unknown ones are the default. */
export const triggerSource = (method: number): Source => METHODS[method] ?? 'last';

/** The trigger price now; undefined without a quote. Where nothing is ever printed the quote counts. */
export function triggerPrice(source: Source, action: 'BUY' | 'SELL', top: Top): Micros | undefined {
  const { bid, ask, last } = top;
  const quote = action === 'BUY' ? ask : bid;
  if (source === 'mid' && bid !== undefined && ask !== undefined) {
    return Math.floor((bid + ask) / 2);
  }
  return source === 'quote' ? quote : (last ?? quote);
}
