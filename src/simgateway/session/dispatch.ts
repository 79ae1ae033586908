// Finds the request a frame is, decodes and journals it, and runs it. Whatever is not understood is
// answered with an error: silence would look like a lost message.
import { decode, WireError } from '../wire/decode.ts';
import { receive } from '../faults/receive.ts';
import { accountRequests } from './account-requests.ts';
import type { ClientSession } from './client-session.ts';
import { contractRequests } from './contract-requests.ts';
import { marketRequests } from './market-requests.ts';
import { orderRequests } from './order-requests.ts';
import { placeOrderRequest } from './place-order-request.ts';
import { sessionRequests, startRequest } from './session-requests.ts';
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
function unknown(
  session: ClientSession,
  id: number,
  fields: readonly string[],
  bytes: number,
): void {
  const index = requestIdIndex(id);
  const reqId = index === undefined ? -1 : Number(fields[index] ?? '-1');
  session.sim.journal.add(
    'in',
    session.clientId,
    'unknown',
    { id, fields: fields.join('|') },
    bytes,
  );
  session.sendError(
    Number.isSafeInteger(reqId) ? reqId : -1,
    321,
    `Error validating request.-'bZ' : cause - message ${id} is not supported by this gateway`,
  );
}

function begin(session: ClientSession, id: number, fields: readonly string[], bytes: number): void {
  if (id === startRequest.layout.id) {
    const values = decode(startRequest.layout, fields, session.version);
    receive(session, { request: startRequest, values, bytes });
  } else {
    session.close('now');
  }
}

/** Handles one frame of a client, `bytes` long. */
export function dispatch(session: ClientSession, fields: readonly string[], bytes: number): void {
  const id = Number(fields[0]);
  const request = requests.get(id);
  try {
    if (!session.isReady) {
      begin(session, id, fields, bytes);
    } else if (request === undefined) {
      unknown(session, id, fields, bytes);
    } else {
      const values = decode(request.layout, fields, session.version);
      receive(session, { request, values, bytes });
    }
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    const name = request?.layout.name ?? 'unknown';
    session.sim.journal.add(
      'in',
      session.clientId,
      'undecodable',
      { name, text: cause.message },
      bytes,
    );
    session.sendError(-1, 320, `Error reading request. ${cause.message}`);
  }
}
