// Everything the gateway sends except openOrder and completedOrder. Constant version numbers are
// the `unset` text of a `version` field that is never set. Source: reference note §2.4.
import { bool, decimal, int, list, message, text } from './field-table.ts';
import { reportContract } from './contract-fields.ts';

const version = (value: number) => int('version', { unset: String(value) });

export const tickPrice = message('tickPrice', 1, [
  version(6),
  int('reqId'),
  int('tickType'),
  decimal('price'),
  decimal('size', { unset: '0' }),
  int('attribMask', { unset: '0' }),
]);
export const tickSize = message('tickSize', 2, [
  version(6),
  int('reqId'),
  int('tickType'),
  decimal('size'),
]);
export const tickGeneric = message('tickGeneric', 45, [
  version(6),
  int('reqId'),
  int('tickType'),
  decimal('value'),
]);
export const tickString = message('tickString', 46, [
  version(6),
  int('reqId'),
  int('tickType'),
  text('value'),
]);
export const tickSnapshotEnd = message('tickSnapshotEnd', 57, [version(1), int('reqId')]);
export const marketDataType = message('marketDataType', 58, [
  version(1),
  int('reqId'),
  int('type'),
]);
export const tickReqParams = message('tickReqParams', 81, [
  int('reqId'),
  decimal('minTick'),
  text('bboExchange'),
  int('snapshotPermissions'),
]);

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

export const contractData = message('contractData', 10, [
  int('version', { until: 164, unset: '8' }),
  int('reqId'),
  text('symbol'),
  text('secType'),
  text('lastTradeDateOrMonth'),
  text('lastTradeDate', { from: 182 }),
  decimal('strike', { unset: '0' }),
  text('right'),
  text('exchange'),
  text('currency'),
  text('localSymbol'),
  text('marketName'),
  text('tradingClass'),
  int('conId'),
  decimal('minTick'),
  int('mdSizeMultiplier', { from: 110, until: 164, unset: '100' }),
  text('multiplier'),
  text('orderTypes'),
  text('validExchanges'),
  int('priceMagnifier', { unset: '1' }),
  int('underConId', { unset: '0' }),
  text('longName'),
  text('primaryExch'),
  text('contractMonth'),
  text('industry'),
  text('category'),
  text('subcategory'),
  text('timeZoneId'),
  text('tradingHours'),
  text('liquidHours'),
  text('evRule'),
  decimal('evMultiplier', { unset: '0' }),
  list('secIds', [text('tag'), text('value')]),
  int('aggGroup', { from: 121, unset: '1' }),
  text('underSymbol', { from: 122 }),
  text('underSecType', { from: 122 }),
  text('marketRuleIds', { from: 126 }),
  text('realExpirationDate', { from: 134 }),
  text('stockType', { from: 152 }),
  decimal('sizeMinTick', { from: 163, until: 164, unset: '1' }),
  decimal('minSize', { from: 164, unset: '1' }),
  decimal('sizeIncrement', { from: 164, unset: '1' }),
  decimal('suggestedSizeIncrement', { from: 164, unset: '100' }),
  list('ineligibilityReasons', [text('id'), text('description')], { from: 186 }),
]);
export const contractDataEnd = message('contractDataEnd', 52, [version(1), int('reqId')]);
export const symbolSamples = message('symbolSamples', 79, [
  int('reqId'),
  // The derivative types of a row are a list of their own; one flat count keeps rows simple.
  list('samples', [
    int('conId'),
    text('symbol'),
    text('secType'),
    text('primaryExch'),
    text('currency'),
    int('derivativeCount', { unset: '0' }),
    text('description', { from: 176 }),
    text('issuerId', { from: 176 }),
  ]),
]);
export const marketRule = message('marketRule', 93, [
  int('ruleId'),
  list('increments', [decimal('lowEdge'), decimal('increment')]),
]);

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

export const historicalData = message('historicalData', 17, [
  int('version', { until: 124, unset: '3' }),
  int('reqId'),
  text('start', { until: 196 }),
  text('end', { until: 196 }),
  list('bars', [
    text('date'),
    decimal('open'),
    decimal('high'),
    decimal('low'),
    decimal('close'),
    decimal('volume'),
    decimal('wap'),
    text('hasGaps', { until: 124, unset: 'false' }),
    int('count'),
  ]),
]);
export const historicalDataEnd = message('historicalDataEnd', 108, [
  int('reqId'),
  text('start'),
  text('end'),
]);
