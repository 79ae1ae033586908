import type { OrderState } from '../../../domain/order/lifecycle.ts';
import type { MarkedEquity } from '../../../domain/portfolio/equity-marks.ts';
import {
  mostRecentIntents,
  type AgentUsage,
  type LedgerFacts,
} from '../../../domain/risk/facts.ts';
import { sql } from '../statement.ts';
import { instantText } from '../time.ts';

/** Ends of an order that never left: what it had reserved of a budget comes back. */
const unsentEnds: readonly OrderState[] = [
  ...(['Denied', 'Declined', 'Expired', 'Withdrawn', 'Halted', 'NotSent'] as const),
];
const isUnsent = (column: string): string =>
  `${column} IN (${unsentEnds.map((state) => `'${state}'`).join(', ')})`;

/** SQL for when the trading day began, from the parameter that says how many milliseconds ago that was. */
export function dayBegan(parameter: string): string {
  return `coalesce(statement_timestamp() - make_interval(secs => ${parameter}::float8 / 1000),
      date_trunc('day', statement_timestamp(), 'America/New_York'))`;
}

/**
 * SQL columns `today`, `pendingApprovals` and `asksLastHour` of what an agent has used, without one intent; over a
 * row `moment` with `day_began`, `asked_at` and `reserved_at`. The state is looked up order by order: a join is planned as
 * a scan of all orders there ever were, because the planner does not know the bound of the day.
 */
export function agentUsage(agent: string, without: string): string {
  return `
    (SELECT json_build_object('ordersToday', count(*),
        'notionalToday', coalesce(trim_scale(sum(r.notional)), 0)::text)
      FROM reservations r
      WHERE r.proposer = ${agent} AND r.intent_id IS DISTINCT FROM ${without}
        AND r.reserved_at >= (SELECT day_began FROM moment)
        AND (SELECT NOT ${isUnsent('o.state')} FROM orders o
          WHERE o.intent_id = r.intent_id)) AS today,
    (SELECT count(*) FROM reservations r
      WHERE r.proposer = ${agent} AND r.released_at IS NULL
        AND r.intent_id IS DISTINCT FROM ${without}
        AND r.reserved_at < (SELECT reserved_at FROM moment)
        AND (SELECT o.state = 'AwaitingApproval' FROM orders o WHERE o.intent_id = r.intent_id))
      AS "pendingApprovals",
    (SELECT count(*) FROM intents WHERE proposer = ${agent}
      AND intent_id IS DISTINCT FROM ${without}
      AND proposed_at > (SELECT asked_at FROM moment) - interval '1 hour'
      AND proposed_at <= (SELECT asked_at FROM moment)) AS "asksLastHour"`;
}

const lastMinute = `claimed_at > statement_timestamp() - interval '1 minute'`;

/**
 * The one statement that reads what the ledger knows for a gate evaluation. The clock in it is
 * `statement_timestamp()`, which can bound an index where `clock_timestamp()` cannot: every part reads one window
 * of one account, instrument or agent, however long the ledger has become.
 *
 * $1 account, $2 the order under evaluation, $3 intents that the broker shows as working, $4 when the broker's
 * snapshot was taken, $5 instrument, $6 milliseconds since the trading day began (null = New York's midnight on the
 * database clock), $7 agent, $8 whether it is the claim.
 *
 * A reservation is counted against one snapshot of the broker's facts, so that an order is never left out and
 * never counted twice, however old the snapshot is: (1) while the order lives, it counts unless this snapshot
 * shows it as a working order; (2) once the order has ended at the broker, it counts as long as the snapshot is
 * older than the broker's last word about it (both on the gateway process's clock), because neither its working
 * order nor its position can be relied on to be in there. Five minutes bound (2) for a link that stands still.
 *
 * At the claim neither a proposal nor a pending approval that came later counts against the one that was first.
 */
export type LedgerFactsRow = Omit<LedgerFacts, 'equity' | 'agent'> & {
  readonly marks: MarkedEquity | null;
  readonly today: Pick<AgentUsage, 'ordersToday' | 'notionalToday'>;
} & Pick<AgentUsage, 'pendingApprovals' | 'asksLastHour'>;

export const ledgerFacts = sql<LedgerFactsRow>(`
  WITH moment AS MATERIALIZED (
    SELECT statement_timestamp() AS now, ${dayBegan('$6')} AS day_began,
      coalesce((SELECT proposed_at FROM intents WHERE intent_id = $2), statement_timestamp())
        AS asked_at,
      CASE WHEN $8 THEN (SELECT reserved_at FROM reservations WHERE intent_id = $2)
        ELSE 'infinity' END AS reserved_at
  )
  SELECT now,
    (SELECT coalesce(json_agg(json_build_object('intentId', r.intent_id, 'conId', r.con_id,
        'side', r.side, 'quantity', r.quantity::text, 'notional', r.notional::text,
        'sector', r.sector) ORDER BY r.intent_id), '[]')
      FROM (
        SELECT * FROM reservations WHERE account = $1 AND released_at IS NULL
        UNION ALL
        SELECT * FROM reservations WHERE account = $1 AND ended_at IS NOT NULL
          AND ended_at > $4::timestamptz
          AND released_at > statement_timestamp() - interval '5 minutes'
      ) r
      WHERE r.intent_id IS DISTINCT FROM $2 AND r.intent_id <> ALL($3::text[])) AS reservations,
    (SELECT coalesce(json_agg(json_build_object('intentId', i.intent_id, 'conId', i.con_id,
        'side', i.side, 'quantity', i.quantity::text, 'limitPrice', i.limit_price::text,
        'stopPrice', i.terms->>'stopPrice', 'trailingAmount', i.terms->>'trailingAmount',
        'trailingPercent', i.terms->>'trailingPercent', 'limitOffset', i.terms->>'limitOffset',
        'strategyTag', i.strategy_tag, 'wasSent', EXISTS (SELECT FROM submissions s
          WHERE s.intent_id = i.intent_id AND s.outcome IS DISTINCT FROM 'not-sent'),
        'at', ${instantText('i.proposed_at')}) ORDER BY i.proposed_at DESC), '[]')
      FROM (
        SELECT * FROM intents WHERE account = $1 AND con_id = $5
          AND intent_id IS DISTINCT FROM $2
          AND proposed_at > statement_timestamp() - interval '4 hours'
        ORDER BY proposed_at DESC LIMIT ${mostRecentIntents}
      ) i) AS "recentIntents",
    (SELECT coalesce(json_agg(i.intent_id ORDER BY i.intent_id), '[]')
      FROM orders o JOIN intents i USING (intent_id)
      WHERE o.state = 'Unconfirmed' AND i.account = $1 AND i.intent_id IS DISTINCT FROM $2
        AND ($5::bigint IS NULL OR i.con_id = $5)) AS unconfirmed,
    (SELECT coalesce(json_agg(json_build_object('latchId', latch_id, 'rule', rule, 'scope', scope,
        'observed', observed, 'limit', limit_text, 'since', ${instantText('set_at')})
        ORDER BY set_at, latch_id), '[]')
      FROM latches WHERE account = $1 AND released_at IS NULL) AS latches,
    (SELECT json_build_object('ordersToday', count(*) FILTER (WHERE claimed_at >= day_began),
        'ordersLastMinute', count(*) FILTER (WHERE ${lastMinute}),
        'messagesLastMinute', count(*) FILTER (WHERE ${lastMinute}))
      FROM submissions WHERE account = $1 AND outcome IS DISTINCT FROM 'not-sent'
        AND claimed_at >= least((SELECT day_began FROM moment),
          statement_timestamp() - interval '1 minute')) AS counters,
    (SELECT json_build_object('currency', currency, 'highest', highest::text,
        'weekStart', week_start::text, 'dayStart', day_start::text, 'last', last::text,
        'week', week, 'day', day)
      FROM equity_marks WHERE account = $1) AS marks,
    ${agentUsage('$7', '$2')}
  FROM moment`);
