import type { Contract } from '../instrument/contract.ts';
import type { DecimalText } from '../money/decimal.ts';
import type { OrderTerms } from './intent.ts';
import { auctionOf, takesGoodTillDate, tifWords } from './order-type.ts';

/**
 * One sentence for people: `Sell 100 AAPL, stop 180.00, trailing 2 %, good till cancelled`. What is not a stock says
 * so: an option of AAPL is not to be mistaken for its share.
 */
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
    `${side} ${terms.quantity} ${instrumentName(contract)}`,
    ...priced,
    auction === 'close' ? 'at the close' : duration(terms),
    ...(terms.outsideRth ? ['also outside regular hours'] : []),
  ].join(', ');
}

/** `AAPL`, `AAPL option 2026-12-18 230 C`, `MES future 2026-12-18`, `EUR.USD`, `ETH coin`, `AAPL bond 2032-08-08`. */
function instrumentName(contract: Contract): string {
  const { symbol, secType, currency, strike, right } = contract;
  switch (secType) {
    case 'STK':
      return symbol;
    case 'OPT':
      return [`${symbol} option`, day(contract), strike, right].filter(isText).join(' ');
    case 'FUT':
      return [`${symbol} future`, day(contract)].filter(isText).join(' ');
    case 'CASH':
      return `${symbol}.${currency}`;
    case 'CRYPTO':
      return `${symbol} coin`;
    case 'BOND':
      return [`${symbol} bond`, day(contract)].filter(isText).join(' ');
    case 'IND':
      return `${symbol} index`;
  }
}

function isText(part: string | undefined): part is string {
  return part !== undefined;
}

function day({ expiry }: Contract): string | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)$/.exec(expiry ?? '');
  return match === null ? undefined : match.slice(1).join('-');
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
