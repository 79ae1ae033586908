import type { Instant } from '../../domain/time/instant.ts';
import type { Store } from '../port.ts';
import { auditLog } from './audit.ts';
import { openDatabase } from './connection.ts';
import { identity } from './identity.ts';
import { killSwitch } from './kill-switch.ts';
import { senderLease } from './lease.ts';
import { ledger } from './ledger/ledger.ts';
import { limits } from './ledger/limits.ts';
import { listenForOrders } from './order-signals.ts';
import { policies } from './policies.ts';
import { sql } from './statement.ts';

type Options = {
  /** Of the application role; the schema must be current. */
  readonly databaseUrl: string;
  /** Connections of this process's pool; each running submit needs one for itself. Default 10. */
  readonly poolSize?: number;
  /** The account group whose sender's lease this is. Default `main`. */
  readonly accountGroup?: string;
  /** How long after its claim an order may still be written. Default 3000. */
  readonly claimLeaseMs?: number;
  /** How long the kill switch tries for the senders' lock before it relies on leases. Default 500. */
  readonly killLockWaitMs?: number;
};

const clock = sql<{ now: Instant }>('SELECT clock_timestamp() AS now');

/** Opens the store over PostgreSQL. Throws `STORE_UNAVAILABLE` where the database does not answer. */
export async function createPgStore(options: Options): Promise<Store> {
  const { databaseUrl, claimLeaseMs = 3000, killLockWaitMs = 500 } = options;
  const database = openDatabase(databaseUrl, options.poolSize ?? 10);
  // Connections of its own: a storm of orders that has taken all others must not keep it waiting.
  const safety = openDatabase(databaseUrl, 3);
  const signals = listenForOrders(databaseUrl);
  const store: Store = {
    ledger: ledger(database, signals, { claimLeaseMs }),
    limits: limits(database),
    audit: auditLog(database),
    identity: identity(database),
    policies: policies(database),
    killSwitch: killSwitch(safety, { claimLeaseMs, lockWaitMs: killLockWaitMs }),
    lease: senderLease(safety, options.accountGroup ?? 'main'),
    async ping() {
      const [row] = await database.rows(clock);
      if (row === undefined) throw new Error('a select without a table gives one row');
      return row;
    },
    async close() {
      await signals.close();
      await Promise.all([database.close(), safety.close()]);
    },
  };
  try {
    await store.ping();
  } catch (failure) {
    await store.close();
    throw failure;
  }
  return store;
}
