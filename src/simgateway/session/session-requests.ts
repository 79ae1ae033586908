// Starting the API and the requests about the connection itself.
import { LINK_STATES } from '../faults/link.ts';
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

/** What a new client is told of the farms; with the link cut they are broken, and 2110 says why. */
function farmNotices(linkUp: boolean): readonly (readonly [number, string])[] {
  const { broken } = LINK_STATES;
  return linkUp
    ? [
        [2104, 'Market data farm connection is OK:usfarm'],
        [2106, 'HMDS data farm connection is OK:ushmds'],
        [2158, 'Sec-def data farm connection is OK:secdefnj'],
      ]
    : [
        [broken.code, broken.text],
        [2103, 'Market data farm connection is broken:usfarm'],
        [2105, 'HMDS data farm connection is broken:ushmds'],
        [2157, 'Sec-def data farm connection is broken:secdefnj'],
      ];
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
  for (const [code, text] of farmNotices(session.sim.desk.linkUp)) {
    session.sendError(-1, code, text);
  }
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
