// What the gateway sends about orders, accounts and itself, except openOrder and completedOrder. Constant version numbers are
// the `unset` text of a `version` field that is never set. Source: reference note §2.4.
import { bool, decimal, int, message, text } from './field-table.ts';
import { reportContract } from './contract-fields.ts';

const version = (value: number) => int('version', { unset: String(value) });

export const orderStatus = message('orderStatus', 3, [
  int('version', { until: 131, unset: '6' }),
  int('orderId'),
  text('status'),
  decimal('filled'),
  decimal('remaining'),
  decimal('avgFillPrice'),
  int('permId'),
  int('parentId', { unset: '0' }),
  decimal('lastFillPrice'),
  int('clientId'),
  text('whyHeld'),
  decimal('mktCapPrice', { from: 131, unset: '0' }),
]);
export const error = message('error', 4, [
  int('version', { until: 194, unset: '2' }),
  int('id'),
  int('code'),
  text('text'),
  text('advancedOrderRejectJson', { from: 166 }),
  int('timeMs', { from: 194 }),
]);

export const accountValue = message('accountValue', 6, [
  version(2),
  text('key'),
  text('value'),
  text('currency'),
  text('account'),
]);
export const portfolioValue = message('portfolioValue', 7, [
  version(8),
  int('conId'),
  text('symbol'),
  text('secType'),
  text('lastTradeDate'),
  decimal('strike', { unset: '0' }),
  text('right', { unset: '0' }),
  text('multiplier'),
  text('primaryExch'),
  text('currency'),
  text('localSymbol'),
  text('tradingClass'),
  decimal('position'),
  decimal('marketPrice'),
  decimal('marketValue'),
  decimal('averageCost'),
  decimal('unrealizedPnl'),
  decimal('realizedPnl'),
  text('account'),
]);
export const accountUpdateTime = message('accountUpdateTime', 8, [version(1), text('time')]);
export const accountDownloadEnd = message('accountDownloadEnd', 54, [version(1), text('account')]);
export const position = message('position', 61, [
  version(3),
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
]);
export const positionEnd = message('positionEnd', 62, [version(1)]);
export const accountSummary = message('accountSummary', 63, [
  version(1),
  int('reqId'),
  text('account'),
  text('tag'),
  text('value'),
  text('currency'),
]);
export const accountSummaryEnd = message('accountSummaryEnd', 64, [version(1), int('reqId')]);
export const pnl = message('pnl', 94, [
  int('reqId'),
  decimal('daily'),
  decimal('unrealized', { from: 129 }),
  decimal('realized', { from: 135 }),
]);
export const pnlSingle = message('pnlSingle', 95, [
  int('reqId'),
  decimal('position'),
  decimal('daily'),
  decimal('unrealized', { from: 129 }),
  decimal('realized', { from: 135 }),
  decimal('value'),
]);

export const nextValidId = message('nextValidId', 9, [version(1), int('orderId')]);
export const managedAccounts = message('managedAccounts', 15, [version(1), text('accounts')]);
export const currentTime = message('currentTime', 49, [version(1), int('seconds')]);
export const currentTimeInMillis = message('currentTimeInMillis', 109, [int('millis')]);
export const userInfo = message('userInfo', 107, [int('reqId'), text('whiteBrandingId')]);

export const execution = message('execution', 11, [
  int('version', { until: 136, unset: '10' }),
  int('reqId', { unset: '-1' }),
  int('orderId'),
  ...reportContract,
  text('execId'),
  text('time'),
  text('account'),
  text('executionExchange'),
  text('side'),
  decimal('shares'),
  decimal('price'),
  int('permId'),
  int('clientId'),
  int('liquidation', { unset: '0' }),
  decimal('cumQty'),
  decimal('avgPrice'),
  text('orderRef'),
  text('evRule'),
  decimal('evMultiplier'),
  text('modelCode', { from: 103 }),
  int('lastLiquidity', { from: 136, unset: '1' }),
  bool('pendingPriceRevision', { from: 178, unset: '0' }),
  text('submitter', { from: 198 }),
]);
export const executionEnd = message('executionEnd', 55, [version(1), int('reqId')]);
export const commissionReport = message('commissionReport', 59, [
  version(1),
  text('execId'),
  decimal('commission'),
  text('currency'),
  decimal('realizedPnl', { unset: '1.7976931348623157E308' }),
  decimal('yield', { unset: '1.7976931348623157E308' }),
  int('yieldRedemptionDate'),
]);
export const openOrderEnd = message('openOrderEnd', 53, [version(1)]);
export const completedOrdersEnd = message('completedOrdersEnd', 102, []);
