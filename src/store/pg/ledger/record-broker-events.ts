import type { BrokerEvent } from '../../../broker/port.ts';
import type { IntentId } from '../../../domain/ids.ts';
import { appendAudit } from '../audit.ts';
import type { Database, Session } from '../connection.ts';
import { sql } from '../statement.ts';
import { storable } from '../text.ts';
import { transaction } from '../transaction.ts';
import { adoptExternal } from './external-orders.ts';

/**
 * Inbound broker events, stored before anybody acts. An event finds its intent by orderRef, else by permId, else
 * by client and order id (which TWS can give out anew, so that another orderRef or permId says no), a commission by
 * its execution; an event of nobody we know is stored all the same.
 */
const insert = sql<{ intentId: IntentId | null }>(`
  INSERT INTO broker_events (dedup_key, kind, intent_id, order_id, client_id, perm_id, exec_id,
    quantity, price, commission, filled, event)
  SELECT e->>'dedupKey', e->>'kind',
    coalesce(
      (SELECT intent_id FROM intents WHERE intent_id = e->>'orderRef'),
      (SELECT intent_id FROM submissions WHERE e->>'orderRef' IS NULL
        AND client_id = (e->>'clientId')::int AND order_id = (e->>'orderId')::bigint
        AND (perm_id IS NULL OR e->>'permId' IS NULL OR perm_id = e->>'permId')),
      (SELECT intent_id FROM submissions WHERE perm_id = e->>'permId' LIMIT 1),
      (SELECT intent_id FROM broker_events x
        WHERE x.exec_id = e->'commission'->>'execId' AND x.intent_id IS NOT NULL LIMIT 1)),
    (e->>'orderId')::bigint, (e->>'clientId')::int, e->>'permId',
    coalesce(e->'execution'->>'execId', e->'commission'->>'execId'),
    (e->'execution'->>'quantity')::numeric, (e->'execution'->>'price')::numeric,
    (e->'commission'->>'amount')::numeric, (e->>'filled')::numeric, e
  FROM json_array_elements($1::json) WITH ORDINALITY AS given (e, position)
  ORDER BY position
  ON CONFLICT DO NOTHING
  RETURNING intent_id AS "intentId"`);
const adoptByExecId = sql<{ intentId: IntentId }>(`
  UPDATE broker_events orphan SET intent_id = x.intent_id
  FROM broker_events x
  WHERE orphan.kind = 'commission' AND orphan.intent_id IS NULL
    AND orphan.exec_id = ANY($1::text[])
    AND x.kind = 'execution' AND x.exec_id = orphan.exec_id AND x.intent_id IS NOT NULL
  RETURNING orphan.intent_id AS "intentId"`);
const adoptOfIntent = sql(`
  UPDATE broker_events SET intent_id = $1
  WHERE kind = 'commission' AND intent_id IS NULL AND exec_id IN (
    SELECT exec_id FROM broker_events WHERE intent_id = $1 AND kind = 'execution')`);

/** Stores what is new and returns the intents that have news, in order of arrival, each once. */
export async function recordBrokerEvents(
  database: Database,
  events: readonly BrokerEvent[],
): Promise<readonly IntentId[]> {
  if (events.length === 0) return [];
  const execIds = events.flatMap(({ execution, commission }) =>
    [execution?.execId, commission?.execId].filter((id) => id !== undefined),
  );
  return transaction(database, async (session) => {
    const stored = await session.rows(insert, [JSON.stringify(storable(events))]);
    const adopted = execIds.length > 0 ? await session.rows(adoptByExecId, [execIds]) : [];
    const seen = await adoptExternal(session, events);
    if (seen.length > 0) await appendAudit(session, seen);
    const intents = [...stored, ...adopted].map(({ intentId }) => intentId);
    return [...new Set(intents.filter((id) => id !== null))];
  });
}

/** Commissions that came before their execution, or at the same moment over another connection. */
export async function adoptCommissions(session: Session, intentId: IntentId): Promise<void> {
  await session.rows(adoptOfIntent, [intentId]);
}
