import type { Contract } from '../instrument/contract.ts';
import type { DecimalText } from '../money/decimal.ts';
import type { OrderTerms } from './intent.ts';
import { auctionOf, takesGoodTillDate, tifWords } from './order-type.ts';

/** One sentence for people: `Sell 100 AAPL, stop 180.00, trailing 2 %, good till cancelled`. */
export function orderSummary(terms: OrderTerms, contract: Contract): string {
  const { limitPrice, stopPrice, trailingAmount, trailingPercent, limitOffset } = terms;
  const side = terms.side === 'BUY' ? 'Buy' : 'Sell';
  const parts = [
    stopPrice === null ? null : `stop ${money(stopPrice)}`,
    trailingAmount === null ? null : `trailing ${money(trailingAmount)}`,
    trailingPercent === null ? null : `trailing ${trailingPercent} %`,
    limitPrice === null ? null : `limit ${money(limitPrice)}`,
    limitOffset === null ? null : `limit ${money(limitOffset)} behind the stop`,
  ].filter((part) => part !== null);
  const auction = auctionOf(terms);
  const priced = parts.length > 0 ? parts : auction === null ? ['at the market'] : [];
  return [
    `${side} ${terms.quantity} ${contract.symbol}`,
    ...priced,
    auction === 'close' ? 'at the close' : duration(terms),
    ...(terms.outsideRth ? ['also outside regular hours'] : []),
  ].join(', ');
}

function duration({ tif, goodTillDate }: OrderTerms): string {
  if (!takesGoodTillDate(tif) || goodTillDate === null) return tifWords(tif);
  return `${tifWords(tif)} ${goodTillDate.replace('T', ' ').replace('.000Z', ' UTC')}`;
}

/** A price as people write it: at least two decimals. */
function money(price: DecimalText): string {
  const [whole = '', decimals = ''] = price.split('.');
  return `${whole}.${decimals.padEnd(2, '0')}`;
}
