import type { AccountId, ConId, IntentId } from '../../../domain/ids.ts';
import { isKnown, type BrokerFacts, type GateFacts } from '../../../domain/risk/facts.ts';
import type { LedgerFacts } from '../../../domain/risk/facts.ts';
import type { Instant } from '../../../domain/time/instant.ts';
import type { Session } from '../connection.ts';
import { sql } from '../statement.ts';
import { instantText } from '../time.ts';
import type { OrderRow } from './order-row.ts';

/**
 * What the ledger knows for a gate evaluation.
 *
 * A reservation is counted against one snapshot of the broker's facts, so that an order is never left out and
 * never counted twice, however old the snapshot is: (1) while the order lives, it counts unless this snapshot
 * shows it as a working order; (2) once the order has ended at the broker, it counts as long as the snapshot is
 * older than the broker's last word about it (both on the gateway process's clock), because neither its working
 * order nor its position can be relied on to be in there. Five minutes bound (2) for a link that stands still.
 */
const ledgerFacts = sql<
  Pick<LedgerFacts, 'now' | 'reservations' | 'recentIntents' | 'unconfirmed'>
>(`
  SELECT clock_timestamp() AS now,
    (SELECT coalesce(json_agg(json_build_object('intentId', r.intent_id, 'conId', r.con_id,
        'side', r.side, 'quantity', r.quantity::text, 'notional', r.notional::text)
        ORDER BY r.intent_id), '[]')
      FROM (
        SELECT * FROM reservations WHERE account = $1 AND released_at IS NULL
        UNION ALL
        SELECT * FROM reservations WHERE account = $1 AND ended_at IS NOT NULL
          AND ended_at > $4::timestamptz AND released_at > clock_timestamp() - interval '5 minutes'
      ) r
      WHERE r.intent_id IS DISTINCT FROM $2 AND r.intent_id <> ALL($3::text[])) AS reservations,
    (SELECT coalesce(json_agg(json_build_object('intentId', i.intent_id, 'conId', i.con_id,
        'side', i.side, 'quantity', i.quantity::text, 'limitPrice', i.limit_price::text,
        'stopPrice', i.terms->>'stopPrice', 'trailingAmount', i.terms->>'trailingAmount',
        'trailingPercent', i.terms->>'trailingPercent', 'limitOffset', i.terms->>'limitOffset',
        'at', ${instantText('i.proposed_at')}) ORDER BY i.proposed_at DESC), '[]')
      FROM (
        SELECT * FROM intents WHERE account = $1 AND intent_id IS DISTINCT FROM $2
          AND proposed_at > clock_timestamp() - interval '4 hours'
          AND ($5::bigint IS NULL OR con_id = $5)
        ORDER BY proposed_at DESC LIMIT 100
      ) i) AS "recentIntents",
    (SELECT coalesce(json_agg(i.intent_id ORDER BY i.intent_id), '[]')
      FROM orders o JOIN intents i USING (intent_id)
      WHERE o.state = 'Unconfirmed' AND i.account = $1 AND i.intent_id IS DISTINCT FROM $2
        AND ($5::bigint IS NULL OR i.con_id = $5)) AS unconfirmed`);

type Question = {
  readonly account: AccountId;
  /** The order under evaluation, which is left out. */
  readonly intentId: IntentId | null;
  readonly conId: ConId | null;
  readonly brokerFacts: BrokerFacts | null;
};

/** Reads the ledger's facts. */
export async function readLedgerFacts(session: Session, question: Question): Promise<LedgerFacts> {
  const { account, intentId, conId, brokerFacts } = question;
  const [facts] = await session.rows(ledgerFacts, [
    account,
    intentId,
    brokerFacts === null ? [] : shownAsWorking(brokerFacts),
    brokerFacts === null ? null : snapshotAt(brokerFacts),
    conId,
  ]);
  if (facts === undefined) throw new Error('a select without a table gives one row');
  return {
    ...facts,
    latches: [],
    counters: { ordersToday: 0, ordersLastMinute: 0, messagesLastMinute: 0 },
    equity: { highest: null, weekStart: null, dayStart: null },
    agent: {
      principal: 'agt_unknown' as LedgerFacts['agent']['principal'],
      strategyTag: null,
      ordersToday: 0,
      notionalToday: '0' as LedgerFacts['agent']['notionalToday'],
      pendingApprovals: 0,
      asksLastHour: 0,
    },
  };
}

/** All facts for judging an order: the broker's and, in this transaction, the ledger's. */
export async function readGateFacts(
  session: Session,
  order: OrderRow,
  brokerFacts: BrokerFacts,
): Promise<GateFacts> {
  const { terms, intentId, proposedAt } = order;
  const { account, conId } = terms;
  const facts = await readLedgerFacts(session, { account, intentId, conId, brokerFacts });
  return { ...brokerFacts, account, ledger: known({ ...facts, proposedAt }) };
}

export function known(facts: LedgerFacts): GateFacts['ledger'] {
  return { value: facts, source: 'ledger', at: facts.now };
}

function shownAsWorking({ workingOrders }: BrokerFacts): string[] {
  if (!isKnown(workingOrders)) return [];
  return workingOrders.value.map((order) => order.orderRef).filter((ref) => ref !== '');
}

/** The older of the two facts that show an order; without them no rule on exposure passes anyway. */
function snapshotAt({ workingOrders, portfolio }: BrokerFacts): Instant | null {
  if (!isKnown(workingOrders) || !isKnown(portfolio)) return null;
  return workingOrders.at < portfolio.at ? workingOrders.at : portfolio.at;
}
