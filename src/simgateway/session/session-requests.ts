// Starting the API and the requests about the connection itself.
import * as events from '../wire/events.ts';
import * as requests from '../wire/requests.ts';
import type { ClientSession } from './client-session.ts';
import { request } from './request.ts';

const IN_USE =
  'Unable to connect as the client id is already in use. Retry with a unique client id.';

function sendNextId(session: ClientSession): void {
  session.send(events.nextValidId, { orderId: session.sim.store.nextId(session.clientId) });
}

function sendAccounts(session: ClientSession): void {
  session.send(events.managedAccounts, { accounts: [...session.sim.accounts.keys()].join(',') });
}

/** Admits a client, or refuses an id that is in use: 326, then the connection ends. */
function start(session: ClientSession, clientId: number): void {
  const isTaken = [...session.sim.sessions].some((s) => s.isReady && s.clientId === clientId);
  if (isTaken) {
    session.sendError(-1, 326, IN_USE);
    session.close('flush');
    return;
  }
  session.clientId = clientId;
  session.isReady = true;
  session.sim.journal.add('connection', clientId, 'started', { version: session.version });
  sendAccounts(session);
  sendNextId(session);
  session.sendError(-1, 2104, 'Market data farm connection is OK:usfarm');
  session.sendError(-1, 2106, 'HMDS data farm connection is OK:ushmds');
  session.sendError(-1, 2158, 'Sec-def data farm connection is OK:secdefnj');
}

/** startApi: it is not among the others, since nothing else is answered before it. */
export const startRequest = request(requests.startApi, (session, v) => {
  start(session, v.clientId ?? 0);
});

/** Requests about the session itself. */
export const sessionRequests = [
  request(requests.reqIds, sendNextId),
  request(requests.reqManagedAccts, sendAccounts),
  request(requests.setServerLogLevel, () => undefined),
  request(requests.reqCurrentTime, (session) => {
    session.send(events.currentTime, { seconds: Math.floor(session.sim.clock.now() / 1000) });
  }),
  request(requests.reqCurrentTimeInMillis, (session) => {
    session.send(events.currentTimeInMillis, { millis: session.sim.clock.now() });
  }),
  request(requests.reqUserInfo, (session, v) => {
    session.send(events.userInfo, { reqId: v.reqId });
  }),
];
