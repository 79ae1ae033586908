// Finds the request a frame is, decodes and journals it, and runs it. Whatever is not understood is
// answered with an error: silence would look like a lost message.
import { decode, WireError } from '../wire/decode.ts';
import type { ValuesOf } from '../wire/field-table.ts';
import { startApi } from '../wire/requests.ts';
import { accountRequests } from './account-requests.ts';
import type { ClientSession } from './client-session.ts';
import { contractRequests } from './contract-requests.ts';
import { marketRequests } from './market-requests.ts';
import { orderRequests } from './order-requests.ts';
import { placeOrderRequest } from './place-order-request.ts';
import { sessionRequests, start } from './session-requests.ts';
import { requestIdIndex } from './unsupported.ts';

const requests = new Map(
  [
    ...sessionRequests,
    ...accountRequests,
    ...contractRequests,
    ...marketRequests,
    ...orderRequests,
    placeOrderRequest,
  ].map((r) => [r.layout.id, r]),
);
/** placeOrder journals itself: a fault may decide that it was never read. */
const JOURNALS_ITSELF = placeOrderRequest.layout.id;

function unknown(session: ClientSession, id: number, fields: readonly string[]): void {
  const index = requestIdIndex(id);
  const reqId = index === undefined ? -1 : Number(fields[index] ?? '-1');
  session.sim.journal.add('in', session.clientId, 'unknown', { id, fields: fields.join('|') });
  session.sendError(
    Number.isSafeInteger(reqId) ? reqId : -1,
    321,
    `Error validating request.-'bZ' : cause - message ${id} is not supported by this gateway`,
  );
}

function begin(session: ClientSession, id: number, fields: readonly string[]): void {
  if (id !== startApi.id) {
    session.close('now');
    return;
  }
  const values: ValuesOf<(typeof startApi)['entries']> = decode(startApi, fields, session.version);
  session.sim.journal.add('in', values.clientId ?? -1, startApi.name, values);
  start(session, values.clientId ?? 0);
}

/** Handles one frame of a client. */
export function dispatch(session: ClientSession, fields: readonly string[]): void {
  const id = Number(fields[0]);
  const request = requests.get(id);
  try {
    if (!session.isReady) {
      begin(session, id, fields);
    } else if (request === undefined) {
      unknown(session, id, fields);
    } else {
      const values = decode(request.layout, fields, session.version);
      if (id !== JOURNALS_ITSELF) {
        session.sim.journal.add('in', session.clientId, request.layout.name, values);
      }
      request.run(session, values);
    }
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    const name = request?.layout.name ?? 'unknown';
    session.sim.journal.add('in', session.clientId, 'undecodable', { name, text: cause.message });
    session.sendError(-1, 320, `Error reading request. ${cause.message}`);
  }
}
