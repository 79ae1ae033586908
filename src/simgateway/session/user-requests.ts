// Requests about the user and the gateway's windows, and those that only an advisor's gateway or a
// linked program may send: they are refused as a gateway of an individual refuses them.
import type { Entry, Layout } from '../wire/field-table.ts';
import * as events from '../wire/session-events.ts';
import * as requests from '../wire/session-requests.ts';
import { request } from './request.ts';
import { MAX_SUBSCRIPTIONS } from './subscriptions.ts';

/** The groups of linked windows; each shows nothing until a client says otherwise. */
const DISPLAY_GROUPS = '1|2|3|4|5|6|7';

/** Answers a request with error 321 and the id it carries. */
const refused = <T extends readonly Entry[]>(layout: Layout<T>, cause: string) =>
  request(layout, (session, values) => {
    const { reqId } = values as { reqId?: number };
    session.sendError(reqId ?? -1, 321, `Error validating request.-'bZ' : cause - ${cause}`);
  });

const NOT_ADVISOR = 'FA data operations ignored for non FA customers.';
const NOT_LINKED = 'Verification is only for programs that are registered for it.';

const displayGroups = [
  request(requests.queryDisplayGroups, (session, v) => {
    session.send(events.displayGroupList, { reqId: v.reqId, groups: DISPLAY_GROUPS });
  }),
  request(requests.subscribeToGroupEvents, (session, v) => {
    const { displayGroups: groups } = session.subscriptions;
    const reqId = v.reqId ?? -1;
    const isGroup = DISPLAY_GROUPS.split('|').includes(String(v.groupId));
    if (!isGroup || groups.size >= MAX_SUBSCRIPTIONS) {
      session.sendError(reqId, 321, "Error validating request.-'bZ' : cause - Unknown group");
      return;
    }
    groups.set(reqId, v.groupId ?? 0);
    session.send(events.displayGroupUpdated, { reqId, contractInfo: 'none' });
  }),
  request(requests.updateDisplayGroup, (session, v) => {
    const group = session.subscriptions.displayGroups.get(v.reqId ?? -1);
    if (group === undefined) {
      const cause = 'Not subscribed to a group';
      session.sendError(v.reqId ?? -1, 321, `Error validating request.-'bZ' : cause - ${cause}`);
      return;
    }
    for (const listener of session.sim.sessions) {
      for (const [reqId, its] of listener.subscriptions.displayGroups) {
        if (its !== group) continue;
        listener.send(events.displayGroupUpdated, { reqId, contractInfo: v.contractInfo });
      }
    }
  }),
  request(requests.unsubscribeFromGroupEvents, (session, v) => {
    session.subscriptions.displayGroups.delete(v.reqId ?? -1);
  }),
];

/** Requests about the user. */
export const userRequests = [
  ...displayGroups,
  request(requests.reqFamilyCodes, (session) => {
    const codes = [...session.sim.accounts.keys()].map((account) => ({ account }));
    session.send(events.familyCodes, { codes });
  }),
  request(requests.reqSoftDollarTiers, (session, v) => {
    session.send(events.softDollarTiers, { reqId: v.reqId, tiers: [] });
  }),
  request(requests.reqNewsProviders, (session) => {
    session.send(events.newsProviders, { providers: [] });
  }),
  // A bulletin is sent when there is one, and there never is.
  request(requests.reqNewsBulletins, () => undefined),
  request(requests.cancelNewsBulletins, () => undefined),
  refused(requests.requestFA, NOT_ADVISOR),
  refused(requests.replaceFA, NOT_ADVISOR),
  refused(requests.verifyRequest, NOT_LINKED),
  refused(requests.verifyMessage, NOT_LINKED),
  refused(requests.verifyAndAuthRequest, NOT_LINKED),
  refused(requests.verifyAndAuthMessage, NOT_LINKED),
];
