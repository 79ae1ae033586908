// The two embedded servers as the supervisor sees them: where their state lies, how they are started,
// and what a killed supervisor may have left of them.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SetupEnv } from '../config/setup-env.ts';
import { canEnter, clearLeftovers } from '../embedded/postgres-cluster.ts';
import { choosePostgresUser } from '../embedded/postgres-user.ts';
import { startPostgres } from '../embedded/postgres.ts';
import type { EmbeddedPostgres } from '../embedded/postgres.ts';
import type { LogLine } from '../embedded/running.ts';
import { clearTemporalLeftover, resolveTemporalCli, startTemporal } from '../embedded/temporal.ts';
import type { EmbeddedTemporal } from '../embedded/temporal.ts';

/** A database of ours or of somebody else. */
export type Database = { readonly url: string };

/** A Temporal server of ours, or one elsewhere whose Web UI we do not know. */
export type TemporalServer = { readonly address: string; readonly uiUrl: string | null };

type Place = { readonly stateDir: string; readonly cacheDir: string; readonly log: LogLine };

/** Starts the embedded PostgreSQL of a state directory, each time on the same port. */
export function databaseStart({
  stateDir,
  ...rest
}: Place & { readonly port: number }): () => Promise<EmbeddedPostgres> {
  return () => startPostgres({ dataDir: postgresDataDir(stateDir), ...rest });
}

/** Starts the Temporal development server of a state directory, each time on the same ports. */
export function temporalStart({
  stateDir,
  cacheDir,
  ...rest
}: Place & {
  readonly port: number;
  readonly uiPort: number;
  readonly namespace: string;
}): () => Promise<EmbeddedTemporal> {
  return async () => {
    const cliPath = await resolveTemporalCli(cacheDir);
    return startTemporal({ dbFile: temporalFile(stateDir), cliPath, ...rest });
  };
}

/** Ends servers that a killed supervisor left running on this state directory. */
export async function stopLeftovers(
  env: SetupEnv,
  stateDir: string,
  announce: (text: string) => void,
): Promise<void> {
  if (env.databaseUrl === undefined) await clearLeftovers(postgresDataDir(stateDir), announce);
  if (env.temporalAddress === undefined) {
    await clearTemporalLeftover(temporalFile(stateDir), announce);
  }
}

/**
 * As root PostgreSQL runs as another user, who may be unable to enter the state directory (one under
 * a closed home): its data then lies beside the others under /var/lib.
 */
export function postgresDataDir(stateDir: string): string {
  const preferred = join(stateDir, 'postgres');
  if (existsSync(preferred)) return preferred;
  const user = choosePostgresUser(preferred);
  if (user === undefined || canEnter(stateDir, user)) return preferred;
  const name = createHash('sha256').update(stateDir).digest('hex').slice(0, 8);
  return `/var/lib/countersign/postgres-${name}`;
}

/** The server creates its file readable for all, hence a closed folder around it. */
function temporalFile(stateDir: string): string {
  const dir = join(stateDir, 'temporal');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return join(dir, 'temporal.db');
}
