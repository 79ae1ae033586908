import type { Database, Dedicated, Session } from './connection.ts';
import { isRepeatable } from './failure.ts';
import { sql } from './statement.ts';

const begin = sql('BEGIN');
const commit = sql('COMMIT');

const attempts = 4;

/**
 * Runs `work` in one transaction and commits, or rolls back and throws. Repeated after a deadlock or a
 * serialization failure, so `work` must do nothing outside the database that may not happen twice. A failure
 * of the COMMIT itself is thrown: whether it took effect is then unknown.
 */
export async function transaction<T>(
  database: Database,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const session = await database.connect();
    try {
      const result = await transactionOn(session, work);
      session.release();
      return result;
    } catch (failure) {
      // Closing the connection rolls back, whatever state it is in.
      session.release(true);
      if (!isRepeatable(failure) || attempt === attempts) throw failure;
    }
  }
}

/** One transaction on a session that the caller holds and discards on failure, which rolls back. Never repeated. */
export async function transactionOn<T>(
  session: Dedicated,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  await session.rows(begin);
  const result = await work(session);
  await session.rows(commit);
  return result;
}
