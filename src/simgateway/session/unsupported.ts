// Requests of the protocol that this gateway does not answer yet, so that the error carries the
// request id the client waits on: its name, and which field holds the id.

const REQUEST_ID_FIELD: ReadonlyMap<number, readonly [name: string, index: number]> = new Map([
  [21, ['exerciseOptions', 2]],
  [22, ['reqScannerSubscription', 1]],
  [23, ['cancelScannerSubscription', 2]],
  [52, ['reqFundamentalData', 2]],
  [53, ['cancelFundamentalData', 2]],
  [84, ['reqNewsArticle', 1]],
  [86, ['reqHistoricalNews', 1]],
  [100, ['reqWshMetaData', 1]],
  [101, ['cancelWshMetaData', 1]],
  [102, ['reqWshEventData', 1]],
  [103, ['cancelWshEventData', 1]],
]);
/** Below it a scanner request starts with its own version. */
const SCANNER_VERSION_UNTIL = 143;

/** What is known of an unsupported message: its name, and the request id it carries, else −1. */
export function unsupported(
  messageId: number,
  fields: readonly string[],
  version: number,
): { name: string; reqId: number } {
  const [name, index] = REQUEST_ID_FIELD.get(messageId) ?? [`message ${messageId}`, 0];
  const at = messageId === 22 && version < SCANNER_VERSION_UNTIL ? index + 1 : index;
  return { name, reqId: at === 0 ? -1 : requestIdIn(fields[at]) };
}

/** A request id as text, or −1 where it is none. */
export function requestIdIn(text: string | undefined): number {
  const id = Number(text);
  return text === undefined || text === '' || !Number.isSafeInteger(id) ? -1 : id;
}
