import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';

/** One forward-only step of the schema. */
type Migration = { readonly name: string; readonly checksum: string; readonly text: string };

/** A database that cannot be migrated, in one sentence that says what to do. */
export class MigrationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MigrationError';
  }
}

/** The SQL files of a folder in the order of their numbers. */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const names = (await readdir(folder))
    .filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name))
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/**
 * What is still to be applied. Throws `MigrationError` where an applied file has changed or is gone: history is
 * never edited, a change is a new file.
 */
export async function pendingMigrations(
  client: pg.Client,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  const table = await client.query("SELECT to_regclass('schema_migrations') IS NOT NULL AS known");
  if (!(table.rows as { known: boolean }[]).some(({ known }) => known)) return migrations;
  const applied = await client.query('SELECT name, checksum FROM schema_migrations ORDER BY name');
  const done = new Map(
    (applied.rows as { name: string; checksum: string }[]).map((row) => [row.name, row.checksum]),
  );
  for (const [name, checksum] of done) {
    const file = migrations.find((migration) => migration.name === name);
    if (file === undefined)
      throw new MigrationError(
        `The database has migration ${name}, which this version does not have: use a newer version.`,
      );
    if (file.checksum !== checksum)
      throw new MigrationError(
        `The applied migration ${name} was changed afterwards: restore the file and put the change into a new one.`,
      );
  }
  return migrations.filter(({ name }) => !done.has(name));
}

/**
 * Applies what is pending, each file in a transaction of its own, while no other migrator works on this
 * database. Returns the names that were applied.
 */
export async function applyMigrations(
  client: pg.Client,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  await client.query('SELECT pg_advisory_lock(4851, 3)');
  try {
    await client.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
      name text PRIMARY KEY, checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT clock_timestamp())`);
    await client.query('GRANT SELECT ON schema_migrations TO countersign_app');
    const pending = await pendingMigrations(client, migrations);
    for (const { name, text, checksum } of pending) {
      await client.query('BEGIN');
      await client.query(text);
      await client.query('INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)', [
        name,
        checksum,
      ]);
      await client.query('COMMIT');
    }
    return pending.map(({ name }) => name);
  } finally {
    await client.query('ROLLBACK');
    await client.query('SELECT pg_advisory_unlock(4851, 3)');
  }
}
