// Requests of the protocol that this gateway does not answer yet, so that the error carries the
// request id the client waits on. The number is the field that holds it.

const REQUEST_ID_FIELD: ReadonlyMap<number, number> = new Map([
  [10, 2], // reqMktDepth
  [11, 2], // cancelMktDepth
  [18, 2], // requestFA
  [21, 2], // exerciseOptions
  [22, 1], // reqScannerSubscription
  [23, 2], // cancelScannerSubscription
  [50, 2], // reqRealTimeBars
  [51, 2], // cancelRealTimeBars
  [52, 2], // reqFundamentalData
  [54, 2], // reqCalcImpliedVolat
  [55, 2], // reqCalcOptionPrice
  [74, 2], // reqPositionsMulti
  [76, 2], // reqAccountUpdatesMulti
  [78, 1], // reqSecDefOptParams
  [79, 1], // reqSoftDollarTiers
  [83, 1], // reqSmartComponents
  [84, 1], // reqNewsArticle
  [86, 1], // reqHistoricalNews
  [87, 1], // reqHeadTimestamp
  [88, 1], // reqHistogramData
  [96, 1], // reqHistoricalTicks
  [97, 1], // reqTickByTickData
]);

/** Where an unsupported message carries its request id; undefined when it has none. */
export const requestIdIndex = (messageId: number): number | undefined =>
  REQUEST_ID_FIELD.get(messageId);
