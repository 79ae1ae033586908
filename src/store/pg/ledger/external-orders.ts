import type { BrokerEvent } from '../../../broker/port.ts';
import type { NewAuditEvent } from '../../../domain/audit/event.ts';
import type { Session } from '../connection.ts';
import { sql } from '../statement.ts';
import { storable } from '../text.ts';

/**
 * Orders that are not ours are adopted when they are first heard of and marked external: a row with their last state,
 * and one audit event. They are never acted on; they count as working orders and can be seen.
 */
const kinds: ReadonlySet<BrokerEvent['kind']> = new Set([
  'open-order',
  'order-status',
  'execution',
  'completed-order',
]);

const ownRefs = sql<{ ref: string }>(`
  SELECT intent_id AS ref FROM intents WHERE intent_id = ANY($1::text[])`);

// The permId comes later than the order: the row moves to it.
const rename = sql(`
  UPDATE external_orders SET order_key = $1, perm_id = $1
  WHERE order_key = $2 AND NOT EXISTS (SELECT FROM external_orders WHERE order_key = $1)`);
const over = `IN ('Filled', 'Cancelled', 'ApiCancelled')`;
const adopt = sql<{ isNew: boolean; orderKey: string }>(`
  INSERT INTO external_orders AS known (order_key, perm_id, client_id, order_id, order_ref, account, con_id,
    symbol, side, order_type, tif, quantity, limit_price, status, filled, average_price)
  SELECT $1, e->>'permId', (e->>'clientId')::int, (e->>'orderId')::bigint, e->>'orderRef',
    e->'order'->>'account', (e->'order'->>'conId')::bigint, e->'order'->>'symbol',
    e->'order'->>'side', e->'order'->>'orderType', e->'order'->>'tif',
    (e->'order'->>'quantity')::numeric, (e->'order'->>'limitPrice')::numeric, e->>'status',
    coalesce((e->>'filled')::numeric, 0), (e->>'averagePrice')::numeric
  FROM (SELECT $2::json AS e) AS given
  WHERE NOT EXISTS (SELECT FROM intents WHERE intent_id = e->>'orderRef')
    AND NOT EXISTS (SELECT FROM submissions WHERE perm_id = e->>'permId'
      OR (e->>'orderRef' IS NULL AND client_id = (e->>'clientId')::int
        AND order_id = (e->>'orderId')::bigint
        AND (perm_id IS NULL OR e->>'permId' IS NULL OR perm_id = e->>'permId')))
  ON CONFLICT (order_key) DO UPDATE SET
    client_id = coalesce(excluded.client_id, known.client_id),
    order_id = coalesce(excluded.order_id, known.order_id),
    order_ref = coalesce(excluded.order_ref, known.order_ref),
    account = coalesce(excluded.account, known.account),
    con_id = coalesce(excluded.con_id, known.con_id),
    symbol = coalesce(excluded.symbol, known.symbol),
    side = coalesce(excluded.side, known.side),
    order_type = coalesce(excluded.order_type, known.order_type),
    tif = coalesce(excluded.tif, known.tif),
    quantity = coalesce(excluded.quantity, known.quantity),
    limit_price = CASE WHEN excluded.order_type IS NULL THEN known.limit_price ELSE excluded.limit_price END,
    -- Late news never revives an order that is over.
    status = CASE WHEN known.status ${over} AND coalesce(excluded.status, '') NOT ${over}
      THEN known.status ELSE coalesce(excluded.status, known.status) END,
    filled = greatest(known.filled, excluded.filled),
    average_price = coalesce(excluded.average_price, known.average_price),
    last_seen_at = clock_timestamp()
  RETURNING xmax = 0 AS "isNew", order_key AS "orderKey"`);

/** Notes what was said of orders that are not ours; returns the audit events of those that were not known before. */
export async function adoptExternal(
  session: Session,
  events: readonly BrokerEvent[],
): Promise<readonly NewAuditEvent[]> {
  const candidates = events.filter(isOfNamedOrder);
  const refs = [...new Set(candidates.map(({ orderRef }) => orderRef))].filter(
    (ref) => ref !== null,
  );
  const own = refs.length === 0 ? [] : await session.rows(ownRefs, [refs]);
  const ours = new Set<string | null>(own.map(({ ref }) => ref));
  const news: NewAuditEvent[] = [];
  for (const event of candidates) {
    if (ours.has(event.orderRef)) continue;
    const byOrder = `${event.clientId ?? -1}/${event.orderId ?? 0}`;
    if (event.permId !== null && (event.orderId ?? 0) > 0) {
      await session.rows(rename, [event.permId, byOrder]);
    }
    const key = event.permId ?? byOrder;
    const [row] = await session.rows(adopt, [key, JSON.stringify(storable(event))]);
    if (row?.isNew === true) news.push(seenEvent(row.orderKey, event));
  }
  return news;
}

/** An order without a permId and an order id has no name of its own yet. */
function isOfNamedOrder({ kind, permId, orderId }: BrokerEvent): boolean {
  return kinds.has(kind) && (permId !== null || (orderId ?? 0) > 0);
}

function seenEvent(orderKey: string, event: BrokerEvent): NewAuditEvent {
  const { permId, clientId, orderId, orderRef, status, filled, order } = event;
  return {
    type: 'ExternalOrderSeen',
    version: 1,
    actor: { kind: 'system', id: 'gateway', channel: 'gateway' },
    correlationId: `external_${orderKey}`,
    intentId: null,
    payload: { permId, clientId, orderId, orderRef, status, filled, ...order },
  };
}
