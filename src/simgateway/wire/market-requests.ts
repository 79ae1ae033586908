// Requests about contracts and market data. Source: reference note §2.3.
import { requestContract } from './contract-fields.ts';
import { bool, decimal, int, list, message, text } from './field-table.ts';
import { ifBag, ifDeltaNeutralContract } from './when.ts';

const version = int('version');
const bagLegs = list(
  'comboLegs',
  [int('conId'), int('ratio'), text('action'), text('exchange')],
  ifBag,
);

export const reqMktData = message('reqMktData', 1, [
  version,
  int('reqId'),
  ...requestContract,
  bagLegs,
  bool('hasDeltaNeutralContract'),
  int('deltaNeutralConId', ifDeltaNeutralContract),
  decimal('deltaNeutralDelta', ifDeltaNeutralContract),
  decimal('deltaNeutralPrice', ifDeltaNeutralContract),
  text('genericTicks'),
  bool('snapshot'),
  bool('regulatorySnapshot', { from: 114 }),
  text('options'),
]);
export const cancelMktData = message('cancelMktData', 2, [version, int('reqId')]);
export const reqMarketDataType = message('reqMarketDataType', 59, [version, int('type')]);

export const reqContractDetails = message('reqContractDetails', 9, [
  version,
  int('reqId'),
  ...requestContract,
  bool('includeExpired'),
  text('secIdType'),
  text('secId'),
  text('issuerId', { from: 176 }),
]);
export const reqMatchingSymbols = message('reqMatchingSymbols', 81, [
  int('reqId'),
  text('pattern'),
]);
export const reqMarketRule = message('reqMarketRule', 91, [int('ruleId')]);
export const reqSecDefOptParams = message('reqSecDefOptParams', 78, [
  int('reqId'),
  text('symbol'),
  text('futFopExchange'),
  text('secType'),
  int('conId'),
]);
export const reqSmartComponents = message('reqSmartComponents', 83, [
  int('reqId'),
  text('bboExchange'),
]);
export const reqMktDepthExchanges = message('reqMktDepthExchanges', 82, []);

export const reqHistoricalData = message('reqHistoricalData', 20, [
  int('version', { until: 124 }),
  int('reqId'),
  ...requestContract,
  bool('includeExpired'),
  text('endDateTime'),
  text('barSize'),
  text('duration'),
  bool('useRth'),
  text('whatToShow'),
  int('formatDate'),
  bagLegs,
  bool('keepUpToDate', { from: 124 }),
  text('chartOptions'),
]);
export const cancelHistoricalData = message('cancelHistoricalData', 25, [version, int('reqId')]);
export const reqHeadTimestamp = message('reqHeadTimestamp', 87, [
  int('reqId'),
  ...requestContract,
  bool('includeExpired'),
  bool('useRth'),
  text('whatToShow'),
  int('formatDate'),
]);
export const cancelHeadTimestamp = message('cancelHeadTimestamp', 90, [int('reqId')]);
export const reqHistogramData = message('reqHistogramData', 88, [
  int('reqId'),
  ...requestContract,
  bool('includeExpired'),
  bool('useRth'),
  text('period'),
]);
export const cancelHistogramData = message('cancelHistogramData', 89, [int('reqId')]);
export const reqHistoricalTicks = message('reqHistoricalTicks', 96, [
  int('reqId'),
  ...requestContract,
  bool('includeExpired'),
  text('startDateTime'),
  text('endDateTime'),
  int('count'),
  text('whatToShow'),
  bool('useRth'),
  bool('ignoreSize'),
  text('options'),
]);

export const reqRealTimeBars = message('reqRealTimeBars', 50, [
  version,
  int('reqId'),
  ...requestContract,
  int('seconds'),
  text('whatToShow'),
  bool('useRth'),
  text('options'),
]);
export const cancelRealTimeBars = message('cancelRealTimeBars', 51, [version, int('reqId')]);
export const reqTickByTickData = message('reqTickByTickData', 97, [
  int('reqId'),
  ...requestContract,
  text('tickType'),
  int('count', { from: 140 }),
  bool('ignoreSize', { from: 140 }),
]);
export const cancelTickByTickData = message('cancelTickByTickData', 98, [int('reqId')]);

export const reqMktDepth = message('reqMktDepth', 10, [
  version,
  int('reqId'),
  int('conId'),
  text('symbol'),
  text('secType'),
  text('lastTradeDate'),
  decimal('strike'),
  text('right'),
  text('multiplier'),
  text('exchange'),
  text('primaryExch', { from: 149 }),
  text('currency'),
  text('localSymbol'),
  text('tradingClass'),
  int('rows'),
  bool('isSmartDepth', { from: 146 }),
  text('options'),
]);
export const cancelMktDepth = message('cancelMktDepth', 11, [
  version,
  int('reqId'),
  bool('isSmartDepth', { from: 146 }),
]);

export const reqCalcImpliedVolat = message('reqCalcImpliedVolat', 54, [
  version,
  int('reqId'),
  ...requestContract,
  decimal('optionPrice'),
  decimal('underPrice'),
  text('options'),
]);
export const cancelCalcImpliedVolat = message('cancelCalcImpliedVolat', 56, [
  version,
  int('reqId'),
]);
export const reqCalcOptionPrice = message('reqCalcOptionPrice', 55, [
  version,
  int('reqId'),
  ...requestContract,
  decimal('volatility'),
  decimal('underPrice'),
  text('options'),
]);
export const cancelCalcOptionPrice = message('cancelCalcOptionPrice', 57, [version, int('reqId')]);
