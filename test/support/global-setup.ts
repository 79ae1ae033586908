// Real servers for the integration and chaos tiers: one PostgreSQL cluster and one Temporal development
// server per run. Each test file makes its own database, so files do not see each other.
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { resolveCacheDir } from '../../tools/setup/dirs.mjs';
import { clearLeftovers } from '../../src/embedded/postgres-cluster.ts';
import { startPostgres } from '../../src/embedded/postgres.ts';
import { commandLine } from '../../src/embedded/process-table.ts';
import { resolveTemporalCli, startTemporal } from '../../src/embedded/temporal.ts';

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- merged into vitest's own
  export interface ProvidedContext {
    /** The owner's URL of the run's cluster; make a database of your own with it. */
    databaseUrl: string;
    /** host:port of the run's Temporal development server. */
    temporalAddress: string;
  }
}

const prefix = 'countersign-test-';
// Durability against power loss is not what these tests are about, and fsync is half their time.
const fastSettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Starts the servers; the returned function stops them after the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweepAbandonedRuns();
  const dir = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(dir, 0o711); // as root, PostgreSQL's own user has to pass
  writeFileSync(join(dir, 'owner.pid'), String(process.pid));
  const cacheDir = resolveCacheDir().dir;
  const log = (): void => undefined;
  const startDatabase = async (): Promise<{ url: string; stop: () => Promise<void> }> => {
    const external = process.env['TEST_DATABASE_URL'];
    if (external !== undefined) return { url: external, stop: () => Promise.resolve() };
    return startPostgres({ dataDir: join(dir, 'pg'), cacheDir, settings: fastSettings, log });
  };
  const startServer = async (): Promise<{ address: string; stop: () => Promise<void> }> => {
    const external = process.env['TEST_TEMPORAL_ADDRESS'];
    if (external !== undefined) return { address: external, stop: () => Promise.resolve() };
    const cliPath = await resolveTemporalCli(cacheDir);
    return startTemporal({ dbFile: join(dir, 'temporal.db'), cliPath, log });
  };
  const [database, temporal] = await Promise.all([startDatabase(), startServer()]);
  project.provide('databaseUrl', database.url);
  project.provide('temporalAddress', temporal.address);
  return async () => {
    await Promise.all([database.stop(), temporal.stop()]);
    rmSync(dir, { recursive: true, force: true });
  };
}

/** A run that was killed leaves its servers behind: the next one ends them. */
async function sweepAbandonedRuns(): Promise<void> {
  const names = readdirSync(tmpdir()).filter((name) => name.startsWith(prefix));
  for (const dir of names.map((name) => join(tmpdir(), name))) {
    const owner = Number(readOrEmpty(join(dir, 'owner.pid')));
    if (!(owner > 0) || commandLine(owner) !== undefined) continue;
    await clearLeftovers(join(dir, 'pg'), () => undefined);
    const temporal = Number(readOrEmpty(join(dir, 'temporal.db.pid')));
    if (temporal > 0 && commandLine(temporal)?.includes(dir) === true) process.kill(temporal);
    rmSync(dir, { recursive: true, force: true });
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
