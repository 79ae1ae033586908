// What stands before every decoded request: read-only mode, and the pacing of historical data.
import { placeOrder } from '../wire/place-order.ts';
import { reqHistoricalData, reqHistoricalTicks } from '../wire/market-requests.ts';
import { cancelOrder, reqGlobalCancel } from '../wire/requests.ts';
import type { Layout, Values } from '../wire/field-table.ts';
import type { ClientSession } from './client-session.ts';

/** Why a request is not run. */
type Refusal = { code: number; text: string };

const CHANGES_ORDERS = new Set([placeOrder.id, cancelOrder.id, reqGlobalCancel.id]);
const READS_HISTORY = new Set([reqHistoricalData.id, reqHistoricalTicks.id]);
const READ_ONLY: Refusal = {
  code: 321,
  text: "Error validating request.-'bW' : cause - The API interface is currently in Read-Only mode.",
};
const TOO_MUCH_HISTORY: Refusal = {
  code: 162,
  text:
    'Historical Market Data Service error message:' + 'Historical data request pacing violation',
};

function historyQuery(values: Values) {
  const { conId, symbol, secType, exchange, currency, whatToShow } = values;
  return {
    identity: JSON.stringify({ ...values, reqId: undefined }),
    series: [conId, symbol, secType, exchange, currency, whatToShow].map(String).join('|'),
    weight: whatToShow === 'BID_ASK' ? 2 : 1,
  };
}

/** Why a request is refused before it is looked at any further; undefined when it is not. */
export function refusalOf(
  session: ClientSession,
  layout: Layout,
  values: Values,
): Refusal | undefined {
  const { rules, clock } = session.sim;
  if (rules.readOnly && CHANGES_ORDERS.has(layout.id)) return READ_ONLY;
  if (!READS_HISTORY.has(layout.id) || rules.history === undefined) return undefined;
  return rules.history.admits(historyQuery(values), clock.now()) ? undefined : TOO_MUCH_HISTORY;
}
