// Finds the request a frame is, decodes and journals it, and runs it. Whatever is not understood is
// answered with an error that carries the request id: silence would look like a lost message.
import { decode, WireError } from '../wire/decode.ts';
import { entriesAt } from '../wire/field-table.ts';
import type { Layout, Values } from '../wire/field-table.ts';
import { receive } from '../faults/receive.ts';
import { accountRequests } from './account-requests.ts';
import type { ClientSession } from './client-session.ts';
import { contractRequests } from './contract-requests.ts';
import { refusalOf } from './gate.ts';
import { marketRequests } from './market-requests.ts';
import { orderRequests } from './order-requests.ts';
import { placeOrderRequest } from './place-order-request.ts';
import type { Request } from './request.ts';
import { sessionRequests, startRequest } from './session-requests.ts';
import { requestIdIn, unsupported } from './unsupported.ts';
import { userRequests } from './user-requests.ts';

const requests: ReadonlyMap<number, Request> = new Map(
  [
    ...sessionRequests,
    ...userRequests,
    ...accountRequests,
    ...contractRequests,
    ...marketRequests,
    ...orderRequests,
    placeOrderRequest,
  ].map((r) => [r.layout.id, r]),
);

/** One frame as it was received: its text fields, and its size with the length before it. */
type Frame = { fields: readonly string[]; bytes: number };

/** Journaled characters of a frame that was not understood. */
const SHOWN_CHARS = 1000;

function unknown(session: ClientSession, id: number, { fields, bytes }: Frame): void {
  const { name, reqId } = unsupported(id, fields, session.version);
  const { sim, clientId, isReady } = session;
  const shown = { id, fields: fields.join('|').slice(0, SHOWN_CHARS) };
  sim.journal.add('in', clientId, 'unknown', shown, bytes);
  const cause = isReady ? `${name} is not supported by this gateway` : 'the API is not started';
  session.sendError(reqId, 321, `Error validating request.-'bZ' : cause - ${cause}`);
}

/** Where a message carries the id that its errors are about. No list or block comes before it. */
function idField(layout: Layout, version: number): number {
  const entries = entriesAt(layout, version);
  return 1 + entries.findIndex((e) => e.name === 'reqId' || e.name === 'orderId');
}

function undecodable(
  session: ClientSession,
  { layout }: Request,
  { fields, bytes }: Frame,
  cause: WireError,
): void {
  const details = { name: layout.name, text: cause.message.slice(0, SHOWN_CHARS) };
  session.sim.journal.add('in', session.clientId, 'undecodable', details, bytes);
  const at = idField(layout, session.version);
  const reqId = at === 0 ? -1 : requestIdIn(fields[at]);
  session.sendError(reqId, 320, `Error reading request. ${details.text}`);
}

function run(session: ClientSession, request: Request, values: Values, bytes: number): void {
  const refusal = refusalOf(session, request.layout, values);
  if (refusal === undefined) {
    receive(session, { request, values, bytes });
    return;
  }
  const { sim, clientId } = session;
  sim.journal.add('in', clientId, request.layout.name, values, bytes);
  const reqId = values.reqId ?? values.orderId ?? -1;
  session.sendError(Number(reqId), refusal.code, refusal.text);
}

/** Handles one frame of a client, `bytes` long. Throws only what is a bug. */
export function dispatch(session: ClientSession, fields: readonly string[], bytes: number): void {
  const id = Number(fields[0]);
  const isStart = id === startRequest.layout.id && !session.isReady;
  const request = isStart ? startRequest : session.isReady ? requests.get(id) : undefined;
  const frame = { fields, bytes };
  if (request === undefined) {
    unknown(session, id, frame);
    return;
  }
  let values: Values;
  try {
    values = decode(request.layout, fields, session.version);
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    undecodable(session, request, frame, cause);
    return;
  }
  run(session, request, values, bytes);
}
