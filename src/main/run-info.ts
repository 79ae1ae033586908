import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { resolveStateDir } from '../../tools/setup/dirs.mjs';
import type { Settings } from '../config/env.ts';

/** What commands need to know of the running product; the supervisor writes it to `run.json` (0600). */
const RunInfo = z.object({
  apiUrl: z.string(),
  mcpUrl: z.string(),
  gatewayUrl: z.string(),
  gatewaySecretFile: z.string(),
  temporalAddress: z.string(),
  temporalNamespace: z.string(),
  temporalUiUrl: z.string().nullable(),
  databaseUrl: z.string(),
});
export type RunInfo = z.infer<typeof RunInfo>;

/** The state directory of this checkout (`COUNTERSIGN_HOME` first). */
export function stateDir(settings: Settings): string {
  if (settings.COUNTERSIGN_HOME !== undefined) return settings.COUNTERSIGN_HOME;
  return resolveStateDir(fileURLToPath(new URL('../..', import.meta.url))).dir;
}

/** The running product, or null where nothing runs here. */
export function readRunInfo(home: string): RunInfo | null {
  const path = join(home, 'run.json');
  if (!existsSync(path)) return null;
  const parsed = RunInfo.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  return parsed.success ? parsed.data : null;
}

/** The settings completed by what runs here, where the environment leaves them out. */
export function settingsHere(settings: Settings): Settings {
  const home = stateDir(settings);
  const run = readRunInfo(home);
  if (run === null || settings.DATABASE_URL !== undefined) {
    return { ...settings, COUNTERSIGN_HOME: home };
  }
  return {
    ...settings,
    COUNTERSIGN_HOME: home,
    DATABASE_URL: run.databaseUrl,
    TEMPORAL_ADDRESS: run.temporalAddress,
    TEMPORAL_NAMESPACE: run.temporalNamespace,
    TEMPORAL_UI_URL: run.temporalUiUrl ?? undefined,
    GATEWAY_PORT: Number(new URL(run.gatewayUrl).port),
    GATEWAY_SECRET_FILE: run.gatewaySecretFile,
    PUBLIC_URL: settings.PUBLIC_URL ?? run.apiUrl,
  };
}
