import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { appRole, appSecret, appUrl, provisionAppRole } from './app-role.ts';
import {
  applyMigrations,
  MigrationError,
  pendingMigrations,
  readMigrations,
} from './migrations.ts';

type Options = {
  /** The owner's, or the application role's where an administrator has prepared everything. */
  readonly databaseUrl: string;
  /** The application role's, where it is configured: used as it is when the owner may not manage roles. */
  readonly appDatabaseUrl?: string;
  /** Where the role's secret is kept. */
  readonly home: string;
  /** Default: the migrations of this version. */
  readonly folder?: string;
};

export type Migrated = {
  readonly appDatabaseUrl: string;
  /** Names of the files that were applied now; empty = the schema was current. */
  readonly applied: readonly string[];
};

const ownFolder = fileURLToPath(new URL('../../../migrations', import.meta.url));

/**
 * Brings a database up to this version and provides the application role. Idempotent; two at once wait for each
 * other. Throws `MigrationError` with a sentence that says what to do.
 */
export async function migrate(options: Options): Promise<Migrated> {
  const { databaseUrl, home, folder = ownFolder } = options;
  const migrations = await readMigrations(folder);
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 10_000,
    application_name: 'countersign-migrate',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    if (!(await isOwner(client))) return await asApplication(client, databaseUrl, migrations);
    const { appDatabaseUrl } = options;
    if (appDatabaseUrl === undefined || appDatabaseUrl === databaseUrl) {
      const secret = await appSecret(home);
      await provisionAppRole(client, secret);
      const applied = await applyMigrations(client, migrations);
      return { appDatabaseUrl: appUrl(databaseUrl, secret), applied };
    }
    await requireAppRole(client);
    const applied = await applyMigrations(client, migrations);
    return { appDatabaseUrl, applied };
  } catch (failure) {
    if (failure instanceof MigrationError) throw failure;
    throw new MigrationError(`The database could not be migrated: ${sentence(failure)}`, {
      cause: failure,
    });
  } finally {
    await client.end();
  }
}

/** Who may make tables is taken for the owner. */
async function isOwner(client: pg.Client): Promise<boolean> {
  const result = await client.query(
    `SELECT current_user <> $1 AND has_schema_privilege(current_schema(), 'CREATE') AS owner`,
    [appRole],
  );
  return (result.rows as { owner: boolean | null }[]).some(({ owner }) => owner === true);
}

/** Grants go to the role by its name, so it must be there before the first migration. */
async function requireAppRole(client: pg.Client): Promise<void> {
  const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [appRole]);
  if (known.rows.length > 0) return;
  throw new MigrationError(
    `The role ${appRole} does not exist: create it, or leave DATABASE_URL out and let migrate do it.`,
  );
}

async function asApplication(
  client: pg.Client,
  databaseUrl: string,
  migrations: Awaited<ReturnType<typeof readMigrations>>,
): Promise<Migrated> {
  const pending = await pendingMigrations(client, migrations);
  if (pending.length > 0) {
    throw new MigrationError(
      `The schema lacks ${pending.map(({ name }) => name).join(', ')} and this role may not change it: give MIGRATION_DATABASE_URL of the owner.`,
    );
  }
  return { appDatabaseUrl: databaseUrl, applied: [] };
}

function sentence(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
