// The contract blocks shared by several messages.
import { decimal, int, text } from './field-table.ts';

/** Contract as requests send it, without the order-only security id. */
export const requestContract = [
  int('conId'),
  text('symbol'),
  text('secType'),
  text('lastTradeDate'),
  decimal('strike'),
  text('right'),
  text('multiplier'),
  text('exchange'),
  text('primaryExch'),
  text('currency'),
  text('localSymbol'),
  text('tradingClass'),
] as const;

/** Contract as order and position messages send it back; a stock's right is `?` there. */
export const reportContract = [
  int('conId'),
  text('symbol'),
  text('secType'),
  text('lastTradeDate'),
  decimal('strike', { unset: '0' }),
  text('right', { unset: '?' }),
  text('multiplier'),
  text('exchange'),
  text('currency'),
  text('localSymbol'),
  text('tradingClass'),
] as const;
