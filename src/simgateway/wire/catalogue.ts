// Every message of the wire, by direction and in the order of its id. The generated page and the
// tests of all messages are made from it; a new file of messages gets a line here.
import { completedOrder } from './completed-order.ts';
import * as events from './events.ts';
import type { Layout } from './field-table.ts';
import * as marketContractEvents from './market-contract-events.ts';
import * as marketEvents from './market-events.ts';
import * as marketRequests from './market-requests.ts';
import { openOrder } from './open-order.ts';
import { placeOrder } from './place-order.ts';
import * as requests from './requests.ts';
import * as sessionEvents from './session-events.ts';
import * as sessionRequests from './session-requests.ts';

const byId = (layouts: readonly Layout[]) => layouts.toSorted((a, b) => a.id - b.id);

/** What clients send. */
export const requestLayouts: readonly Layout[] = byId([
  ...Object.values(requests),
  ...Object.values(sessionRequests),
  ...Object.values(marketRequests),
  placeOrder,
]);

/** What the gateway sends. */
export const eventLayouts: readonly Layout[] = byId([
  ...Object.values(events),
  ...Object.values(sessionEvents),
  ...Object.values(marketEvents),
  ...Object.values(marketContractEvents),
  openOrder,
  completedOrder,
]);
