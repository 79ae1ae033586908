import type { SenderLease } from '../port/kill-switch.ts';
import type { Database } from './connection.ts';
import { sql } from './statement.ts';

// A holder that is about to lapse on its own clock has stopped before another one may begin.
const hold = sql<{ name: string }>(`
  INSERT INTO sender_leases AS lease (name, holder, expires_at)
  VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3::float8 / 1000))
  ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
    WHERE lease.holder = excluded.holder
      OR lease.expires_at < clock_timestamp() - interval '250 milliseconds'
  RETURNING name`);
const giveUp = sql(`
  UPDATE sender_leases SET expires_at = '-infinity' WHERE name = $1 AND holder = $2`);

/**
 * The sender's lease of one account group. The database counts it from some moment after the call began, so a
 * holder that counts from the call stops first.
 */
export function senderLease(database: Database, name: string): SenderLease {
  return {
    async hold(holder, ttlMs) {
      const held = await database.rows(hold, [name, holder, ttlMs]);
      return held.length === 1 ? { validForMs: ttlMs } : null;
    },
    async release(holder) {
      await database.rows(giveUp, [name, holder]);
    },
  };
}
