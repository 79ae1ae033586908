// Requests of the protocol that this gateway does not answer yet, so that the error carries the
// request id the client waits on. The number is the field that holds it.

const REQUEST_ID_FIELD: ReadonlyMap<number, number> = new Map([
  [18, 2], // requestFA
  [21, 2], // exerciseOptions
  [22, 1], // reqScannerSubscription
  [23, 2], // cancelScannerSubscription
  [52, 2], // reqFundamentalData
  [74, 2], // reqPositionsMulti
  [76, 2], // reqAccountUpdatesMulti
  [79, 1], // reqSoftDollarTiers
  [84, 1], // reqNewsArticle
  [86, 1], // reqHistoricalNews
]);

/** Where an unsupported message carries its request id; undefined when it has none. */
export const requestIdIndex = (messageId: number): number | undefined =>
  REQUEST_ID_FIELD.get(messageId);
