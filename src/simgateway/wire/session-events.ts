// What the gateway sends about several accounts at once, about the user and its windows, and about
// orders placed by hand. Source: reference note §2.4.
import { decimal, int, list, message, text } from './field-table.ts';

const version = (value: number) => int('version', { unset: String(value) });

export const positionMulti = message('positionMulti', 71, [
  version(1),
  int('reqId'),
  text('account'),
  int('conId'),
  text('symbol'),
  text('secType'),
  text('lastTradeDate'),
  decimal('strike', { unset: '0' }),
  text('right'),
  text('multiplier'),
  text('exchange'),
  text('currency'),
  text('localSymbol'),
  text('tradingClass'),
  decimal('position'),
  decimal('averageCost'),
  text('modelCode'),
]);
export const positionMultiEnd = message('positionMultiEnd', 72, [version(1), int('reqId')]);
export const accountUpdateMulti = message('accountUpdateMulti', 73, [
  version(1),
  int('reqId'),
  text('account'),
  text('modelCode'),
  text('key'),
  text('value'),
  text('currency'),
]);
export const accountUpdateMultiEnd = message('accountUpdateMultiEnd', 74, [
  version(1),
  int('reqId'),
]);

export const softDollarTiers = message('softDollarTiers', 77, [
  int('reqId'),
  list('tiers', [text('name'), text('value'), text('displayName')]),
]);
export const familyCodes = message('familyCodes', 78, [
  list('codes', [text('account'), text('familyCode')]),
]);
export const newsProviders = message('newsProviders', 85, [
  list('providers', [text('code'), text('name')]),
]);
export const displayGroupList = message('displayGroupList', 67, [
  version(1),
  int('reqId'),
  text('groups'),
]);
export const displayGroupUpdated = message('displayGroupUpdated', 68, [
  version(1),
  int('reqId'),
  text('contractInfo'),
]);

/** An order placed by hand has got an id that client 0 can address it by. */
export const orderBound = message('orderBound', 100, [
  int('permId'),
  int('clientId'),
  int('orderId'),
]);
