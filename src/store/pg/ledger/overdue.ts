import type { Overdue } from '../../port/ledger.ts';
import type { Session } from '../connection.ts';
import { sql } from '../statement.ts';

const select = sql<{ kind: Overdue['kind']; intentId: string; approvalId: string | null }>(`
  WITH cut AS (SELECT clock_timestamp() - make_interval(secs => $1::float8 / 1000) AS at)
  SELECT 'not-started' AS kind, o.intent_id AS "intentId", NULL AS "approvalId"
    FROM orders o, cut
    WHERE o.state = 'Proposed' AND o.updated_at < cut.at
      AND NOT EXISTS (SELECT FROM gate_rounds g WHERE g.intent_id = o.intent_id)
  UNION ALL
  SELECT 'decided', a.intent_id, a.approval_id FROM approvals a, cut
    WHERE a.status IN ('granted', 'declined', 'withdrawn') AND a.followed_at IS NULL
      AND a.settled_at < cut.at
  UNION ALL
  SELECT DISTINCT 'broker-news', b.intent_id, NULL FROM broker_events b, cut
    WHERE b.applied_at IS NULL AND b.intent_id IS NOT NULL AND b.stored_at < cut.at`);

/** What lies in the tables longer than that without its workflow having looked at it. */
export async function readOverdue(
  session: Session,
  olderThanMs: number,
): Promise<readonly Overdue[]> {
  return (await session.rows(select, [olderThanMs])) as readonly Overdue[];
}
