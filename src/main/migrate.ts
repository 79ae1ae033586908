import { homedir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, readSettings, type Settings } from '../config/env.ts';
import { migrate } from '../store/pg/migrate.ts';
import { MigrationError } from '../store/pg/migrations.ts';

/**
 * Brings the database up to date and prints one JSON line with the application role's URL. Says on standard
 * error what it did. Exit codes: 0 current, 69 the database cannot be migrated, 78 configuration.
 */
async function run(settings: Settings): Promise<void> {
  const { MIGRATION_DATABASE_URL: ownerUrl, DATABASE_URL: appUrl } = settings;
  const databaseUrl = ownerUrl ?? appUrl;
  if (databaseUrl === undefined) {
    throw new ConfigurationError('The environment is not valid', [
      'DATABASE_URL: is required (npm start sets it)',
    ]);
  }
  const { appDatabaseUrl, applied } = await migrate({
    databaseUrl,
    home: settings.COUNTERSIGN_HOME ?? join(homedir(), '.countersign'),
    ...(ownerUrl !== undefined && appUrl !== undefined ? { appDatabaseUrl: appUrl } : {}),
  });
  const what = applied.length === 0 ? 'the schema is current' : `applied ${applied.join(', ')}`;
  process.stderr.write(`migrate: ${what}\n`);
  process.stdout.write(`${JSON.stringify({ appDatabaseUrl })}\n`);
}

if (import.meta.main) {
  try {
    await run(readSettings());
  } catch (failure) {
    if (!(failure instanceof ConfigurationError || failure instanceof MigrationError))
      throw failure;
    process.stderr.write(`migrate: ${failure.message}\n`);
    process.exitCode = failure instanceof ConfigurationError ? 78 : 69;
  }
}
