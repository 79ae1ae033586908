import type { BrokerEvent, BrokerIncident } from '../../../broker/port.ts';
import type { AuditEventType, NewAuditEvent } from '../../../domain/audit/event.ts';
import type { IntentId } from '../../../domain/ids.ts';
import { decimalText, type DecimalText } from '../../../domain/money/decimal.ts';
import { isTerminal, type OrderState } from '../../../domain/order/lifecycle.ts';
import type { Instant } from '../../../domain/time/instant.ts';
import { appendAudit } from '../audit.ts';
import type { Database, Session } from '../connection.ts';
import { sql } from '../statement.ts';
import { transaction } from '../transaction.ts';
import {
  averagePrice,
  filledQuantity,
  foldSteps,
  isAlarming,
  type Fills,
  type Step,
} from './fold.ts';
import { found, lockOrder, orderEvent, type OrderRow } from './order-row.ts';
import { adoptCommissions } from './record-broker-events.ts';

const unapplied = sql<{ id: number; event: BrokerEvent }>(`
  SELECT id, event FROM broker_events WHERE intent_id = $1 AND applied_at IS NULL ORDER BY id`);
// IBKR corrects an execution by another one whose id differs after the last dot only; the highest one counts,
// and a cumulative quantity that was named before the correction does not.
const sums = sql<Fills & { commission: DecimalText | null }>(`
  WITH fill AS (
    SELECT id, kind, quantity, price, commission,
      row_number() OVER newest = 1 AS counts, count(*) OVER root > 1 AS is_corrected
    FROM broker_events
    WHERE intent_id = $1 AND kind IN ('execution', 'commission')
    WINDOW root AS (PARTITION BY kind, regexp_replace(exec_id, '\\.[^.]*$', '')),
      newest AS (root ORDER BY length(exec_id) DESC, exec_id DESC)
  ), corrected AS (
    SELECT coalesce(max(id), 0) AS since FROM fill WHERE counts AND is_corrected AND kind = 'execution'
  )
  SELECT coalesce(sum(quantity), 0) AS quantity, coalesce(sum(quantity * price), 0) AS value,
    sum(commission) AS commission,
    (SELECT coalesce(max(filled), 0) FROM broker_events e, corrected
      WHERE e.intent_id = $1 AND e.id >= since
        AND e.id NOT IN (SELECT id FROM fill WHERE NOT counts)) AS named
  FROM fill WHERE counts`);
const markApplied = sql(`
  WITH applied AS (
    UPDATE broker_events SET applied_at = clock_timestamp() WHERE id = ANY($2::bigint[])
  )
  UPDATE submissions SET perm_id = coalesce(perm_id, $3) WHERE intent_id = $1`);
const update = sql(`
  WITH released AS (
    UPDATE reservations SET released_at = clock_timestamp(), ended_at = $7
    WHERE intent_id = $1 AND $6 AND released_at IS NULL
  )
  UPDATE orders SET state = $2, version = version + 1, updated_at = clock_timestamp(), filled = $3,
    average_price = coalesce($4, average_price), commission = coalesce($5, commission)
  WHERE intent_id = $1`);

/** Folds what is unapplied into the order. Each event is applied once; late news never moves an order backwards. */
export function applyBrokerEvents(
  database: Database,
  intentId: IntentId,
): Promise<{ state: OrderState; terminal: boolean }> {
  return transaction(database, async (session) => {
    const order = found(await lockOrder(session, intentId), 'intent');
    const state = await applyTo(session, order);
    return { state, terminal: isTerminal(state) };
  });
}

/** The same on an order that is locked already. Appends to the audit chain where there was news. */
export async function applyTo(session: Session, order: OrderRow): Promise<OrderState> {
  const { intentId } = order;
  await adoptCommissions(session, intentId);
  const rows = await session.rows(unapplied, [intentId]);
  if (rows.length === 0) return order.state;
  const events = rows.map(({ event }) => event);
  const [fills] = await session.rows(sums, [intentId]);
  const total = found(fills, 'sum of fills');
  const { quantity } = order.terms;
  const before = order.filled as DecimalText;
  const steps = foldSteps(order.state, events, { quantity, before, fills: total });
  const state = steps.reduce((now, { to }) => to ?? now, order.state);
  const permId = events.find(({ permId: id }) => id !== null && id !== '0')?.permId ?? null;
  await session.rows(markApplied, [intentId, rows.map(({ id }) => id), permId]);
  const filled = decimalText(filledQuantity(total));
  const price = averagePrice(total, events);
  await session.rows(update, [
    intentId,
    state,
    filled,
    price,
    total.commission,
    isTerminal(state),
    latest(events),
  ]);
  const facts = { permId, filled, quantity, averagePrice: price };
  const news = [
    ...steps.flatMap((step) => stepEvents(intentId, step, { ...facts, ...said(events, step) })),
    ...events.flatMap((event) => commissionEvents(intentId, event)),
    ...events.flatMap((event) => incidentEvents(intentId, event)),
  ];
  if (news.length > 0) await appendAudit(session, news, intentId);
  return state;
}

const gateway = { kind: 'system', id: 'gateway', channel: 'gateway' } as const;

const auditTypes = {
  Acknowledged: 'OrderAcknowledged',
  PartlyFilled: 'OrderPartiallyFilled',
  FullyFilled: 'OrderFilled',
  BrokerCancelled: 'OrderCancelled',
  BrokerRejected: 'OrderRejected',
  BrokerDeactivated: 'OrderDeactivated',
} as const satisfies Record<string, AuditEventType>;

/** The broker's own words, where the step comes from an error: for the trail and operators, never for an agent. */
function said(events: readonly BrokerEvent[], { dedupKey }: Step): { readonly error?: unknown } {
  const error = events.find((event) => event.dedupKey === dedupKey)?.error ?? null;
  return error === null ? {} : { error };
}

/** A transition is audited, and so is each further fill; an echo is not; an impossible one is an incident. */
function stepEvents(
  intentId: IntentId,
  step: Step,
  facts: Readonly<Record<string, unknown>>,
): readonly NewAuditEvent[] {
  const { event, from, to, dedupKey } = step;
  const payload = { from, event, dedupKey, ...facts };
  if (isAlarming(step)) {
    const what = 'the broker speaks of an order in a state that cannot have that';
    return [orderEvent('IncidentOpened', gateway, intentId, { what, ...payload })];
  }
  if (to === null || !(event in auditTypes)) return [];
  if (to === from && event !== 'PartlyFilled') return [];
  const type = auditTypes[event as keyof typeof auditTypes];
  return [orderEvent(type, gateway, intentId, { ...payload, state: to })];
}

function commissionEvents(
  intentId: IntentId,
  { commission }: BrokerEvent,
): readonly NewAuditEvent[] {
  if (commission === null) return [];
  return [orderEvent('CommissionReported', gateway, intentId, { ...commission })];
}

const incidents: Readonly<Record<BrokerIncident, string>> = {
  'two-live-orders': 'more than one order lives at the broker under one intent: cancel all but one',
  'wrong-account':
    'a message about the order named an account that TWS does not serve: not believed',
  'modify-unproven': 'after a modification nobody could say which orders live: look in TWS',
};

function incidentEvents(
  intentId: IntentId,
  { incident, dedupKey, permId }: BrokerEvent,
): readonly NewAuditEvent[] {
  if (incident === undefined) return [];
  const payload = { what: incidents[incident], incident, dedupKey, permId };
  return [orderEvent('IncidentOpened', gateway, intentId, payload)];
}

function latest(events: readonly BrokerEvent[]): Instant | null {
  return events.reduce<Instant | null>(
    (last, { receivedAt }) => (last === null || receivedAt > last ? receivedAt : last),
    null,
  );
}
