import pg from 'pg';
import { decimalText } from '../../domain/money/decimal.ts';
import { queryFailure, storeUnavailable } from './failure.ts';
import type { Statement } from './statement.ts';

/**
 * The pool and how values are read: timestamps as `Instant`, bigint as number, numeric as canonical decimal
 * text, json as values. Nothing above this file sees a client of the driver.
 */
export type Session = {
  /**
   * Statements that are not awaited one by one travel in one packet and run in the order of the calls, each with
   * its own snapshot as if awaited. After one that fails, the others of an open transaction fail too.
   */
  readonly rows: <Row>(
    statement: Statement<Row>,
    values?: readonly unknown[],
  ) => Promise<readonly Row[]>;
};

/** A session that is nobody else's until `release`; whatever the server ties to it dies with it. */
export type Dedicated = Session & {
  /** Whether the connection has failed, as far as this side knows. */
  readonly isBroken: () => boolean;
  /** Gives the connection back, or closes it if it failed or `discard` is set. Once. */
  readonly release: (discard?: boolean) => void;
};

export type Database = Session & {
  readonly connect: () => Promise<Dedicated>;
  readonly close: () => Promise<void>;
};

const oids = { int8: 20, numeric: 1700, timestamptz: 1184 } as const;

const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
    if (oid === oids.int8) return Number;
    if (oid === oids.numeric) return decimalText;
    if (oid === oids.timestamptz) return instantOf;
    return standardParser(oid, format);
  },
};

// The driver's type lists the ids it knows; it takes any.
const standardParser = pg.types.getTypeParser as (oid: number, format?: string) => unknown;

/** `2026-11-24 15:12:16.673123+00` (sessions run in UTC) as an instant; microseconds are cut off. */
function instantOf(text: string): string {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
}

/** Settings of every connection of ours. A transaction that its client has forgotten ends after 10 s. */
export function clientConfig(databaseUrl: string): pg.ClientConfig {
  return {
    connectionString: databaseUrl,
    types: types,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    // Statements that are asked for together go out together; they run and are answered in that order.
    pipeline: true,
    options:
      '-c TimeZone=UTC -c DateStyle=ISO -c default_transaction_isolation=read\\ committed' +
      ' -c idle_in_transaction_session_timeout=10000 -c statement_timeout=15000',
    application_name: 'countersign',
  };
}

const broken = new WeakSet<pg.Client>();

/** Opens the pool; connects only when asked. */
export function openDatabase(databaseUrl: string, poolSize: number): Database {
  const pool = new pg.Pool({
    ...clientConfig(databaseUrl),
    max: poolSize,
    idleTimeoutMillis: 30_000,
  });
  // A connection that fails while nobody uses it is replaced by the pool; the next query tells if it matters.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    const markBroken = (): void => {
      broken.add(client);
    };
    client.on('error', markBroken);
    client.on('end', markBroken);
  });
  return {
    rows: (statement, values) => run(pool, statement, values),
    connect: () => dedicated(pool),
    close: () => pool.end(),
  };
}

async function dedicated(pool: pg.Pool): Promise<Dedicated> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (failure) {
    throw storeUnavailable(failure);
  }
  const isBroken = (): boolean => broken.has(client);
  return {
    rows: (statement, values) => run(client, statement, values),
    isBroken,
    release(discard = false) {
      client.release(discard || isBroken());
    },
  };
}

async function run<Row>(
  target: pg.Pool | pg.PoolClient,
  { text, name }: Statement<Row>,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  try {
    const result = await target.query({ text, name, values: [...values] });
    return result.rows as Row[];
  } catch (failure) {
    throw queryFailure(failure);
  }
}
