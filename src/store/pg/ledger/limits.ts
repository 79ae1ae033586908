import type { AgentUsage } from '../../../domain/risk/facts.ts';
import { tradingDayAt } from '../../../domain/time/trading-day.ts';
import type { Limits } from '../../port/limits.ts';
import type { Database } from '../connection.ts';
import { sql } from '../statement.ts';
import { observeEquity } from './equity-marks.ts';
import { agentUsage, dayBegan } from './facts-query.ts';
import { latchAccount, readLatches, releaseLatch } from './latches.ts';

// The same sums as the gate's, for every agent that has proposed since the day began.
const agents = sql<AgentUsage>(`
  WITH moment AS MATERIALIZED (
    SELECT statement_timestamp() AS asked_at, ${dayBegan('$1')} AS day_began,
      'infinity'::timestamptz AS reserved_at
  )
  SELECT p.principal_id AS principal, NULL AS "strategyTag", today->'ordersToday' AS "ordersToday",
    today->>'notionalToday' AS "notionalToday", "pendingApprovals", "asksLastHour"
  FROM principals p, moment, LATERAL (SELECT ${agentUsage('p.principal_id', `''`)}) used
  WHERE p.kind = 'agent' AND EXISTS (
    SELECT FROM intents i WHERE i.proposer = p.principal_id AND i.proposed_at >= day_began)
  ORDER BY p.principal_id`);

/** The limits of the store port over PostgreSQL. */
export function limits(database: Database): Limits {
  return {
    latches: (account) => readLatches(database, account),
    setLatches: (account, breaches, actor) => latchAccount(database, account, breaches, actor),
    releaseLatch: (latchId, reason, actor) => releaseLatch(database, latchId, reason, actor),
    observeEquity: (account, netLiquidation, marketTime) =>
      observeEquity(database, account, netLiquidation, marketTime),
    agentsToday: (marketTime) =>
      database.rows(agents, [marketTime === null ? null : tradingDayAt(marketTime).ageMs]),
  };
}
