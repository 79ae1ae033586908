import { randomBytes } from 'node:crypto';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { migrate } from '../../src/store/pg/migrate.ts';

export type TestDatabase = {
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** Where the application role's secret is. */
  readonly home: string;
  readonly drop: () => Promise<void>;
};

/** The administrator's URL of the run's cluster. */
function adminUrl(): string {
  const given = process.env['TEST_DATABASE_URL'];
  // The key is declared by the global set-up, which need not be part of a run.
  return given ?? inject('databaseUrl' as never);
}

/** In force from the start: the policy that verdicts of `ledger-fixtures.ts` name. */
const fixturePolicy = `
  WITH one AS (
    INSERT INTO policies (hash, version, source) VALUES ('sha256:policy', '1', '') RETURNING hash
  ) INSERT INTO policy_activations (hash, by_id) SELECT hash, 'test' FROM one`;

/** A fresh, migrated database for one test file. With `empty` it is not migrated. */
export async function createDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const admin = adminUrl();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(admin, `CREATE DATABASE ${name}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  const ownerUrl = url.toString();
  // Files of one run share the role, so they share its secret.
  const cluster = createHash('sha256').update(admin).digest('hex').slice(0, 12);
  const home = join(tmpdir(), `countersign-test-home-${cluster}`);
  const { appDatabaseUrl } = empty
    ? { appDatabaseUrl: '' }
    : await migrate({ databaseUrl: ownerUrl, home });
  if (!empty) await query(ownerUrl, fixturePolicy);
  return {
    ownerUrl,
    appUrl: appDatabaseUrl,
    home,
    drop: () => administer(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** Runs one statement as the given user on a connection of its own. */
export async function administer(url: string, text: string, values: unknown[] = []): Promise<void> {
  await query(url, text, values);
}

/** Rows of one statement on a connection of its own. */
export async function query(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text, values)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}
