// Requests about orders, accounts and the session, other than placeOrder. Source: reference note §2.3.
import { bool, int, list, message, text } from './field-table.ts';

const version = int('version');

export const cancelOrder = message('cancelOrder', 4, [
  int('version', { until: 192 }),
  int('orderId'),
  text('manualCancelTime', { from: 169 }),
  text('rfqText', { from: 187, until: 190 }),
  text('rfqOperator', { from: 187, until: 190 }),
  int('rfqFlag', { from: 187, until: 190 }),
  text('extOperator', { from: 192 }),
  int('manualOrderIndicator', { from: 192 }),
]);
export const reqGlobalCancel = message('reqGlobalCancel', 58, [
  int('version', { until: 192 }),
  text('extOperator', { from: 192 }),
  int('manualOrderIndicator', { from: 192 }),
]);
export const reqOpenOrders = message('reqOpenOrders', 5, [version]);
export const reqAllOpenOrders = message('reqAllOpenOrders', 16, [version]);
export const reqAutoOpenOrders = message('reqAutoOpenOrders', 15, [version, bool('bind')]);
export const reqCompletedOrders = message('reqCompletedOrders', 99, [bool('apiOnly')]);
export const reqExecutions = message('reqExecutions', 7, [
  version,
  int('reqId'),
  int('clientId'),
  text('account'),
  text('time'),
  text('symbol'),
  text('secType'),
  text('exchange'),
  text('side'),
  int('lastNDays', { from: 200 }),
  list('specificDates', [text('date')], { from: 200 }),
]);

export const reqAccountUpdates = message('reqAccountUpdates', 6, [
  version,
  bool('subscribe'),
  text('account'),
]);
export const reqPositions = message('reqPositions', 61, [version]);
export const cancelPositions = message('cancelPositions', 64, [version]);
export const reqAccountSummary = message('reqAccountSummary', 62, [
  version,
  int('reqId'),
  text('group'),
  text('tags'),
]);
export const cancelAccountSummary = message('cancelAccountSummary', 63, [version, int('reqId')]);
export const reqPnL = message('reqPnL', 92, [int('reqId'), text('account'), text('modelCode')]);
export const cancelPnL = message('cancelPnL', 93, [int('reqId')]);
export const reqPnLSingle = message('reqPnLSingle', 94, [
  int('reqId'),
  text('account'),
  text('modelCode'),
  int('conId'),
]);
export const cancelPnLSingle = message('cancelPnLSingle', 95, [int('reqId')]);

export const reqIds = message('reqIds', 8, [version, int('count')]);
export const startApi = message('startApi', 71, [version, int('clientId'), text('capabilities')]);
export const setServerLogLevel = message('setServerLogLevel', 14, [version, int('level')]);
export const reqManagedAccts = message('reqManagedAccts', 17, [version]);
export const reqCurrentTime = message('reqCurrentTime', 49, [version]);
export const reqCurrentTimeInMillis = message('reqCurrentTimeInMillis', 105, []);
export const reqUserInfo = message('reqUserInfo', 104, [int('reqId')]);
