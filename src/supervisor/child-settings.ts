import { join } from 'node:path';
import { childEnvironment } from '../config/setup-env.ts';
import type { SetupEnv } from '../config/setup-env.ts';
import type { PortPlan } from './plan-ports.ts';
import type { TemporalServer } from './bundled-servers.ts';

export type ChildFacts = {
  readonly env: SetupEnv;
  readonly stateDir: string;
  readonly cacheDir: string;
  readonly ports?: PortPlan;
  readonly temporal?: TemporalServer;
  /** The application role's URL. */
  readonly databaseUrl?: string;
  /** The owner's URL: for the migrations alone. */
  readonly ownerUrl?: string;
  readonly secretFile?: string;
};

/** The environment of a child: everything resolved, and no URL that it does not need. */
export function childSettings(facts: ChildFacts): NodeJS.ProcessEnv {
  const { env, ports, temporal } = facts;
  return childEnvironment({
    ENV: env.environment,
    BROKER: env.broker,
    COUNTERSIGN_HOME: facts.stateDir,
    COUNTERSIGN_CACHE: facts.cacheDir,
    // glibc gives every thread a heap of its own: two are enough, which saves 30 MB.
    MALLOC_ARENA_MAX: '2',
    // Saves each process the type stripper (20 MB) and the parsing; an entry counts only for the same text.
    NODE_COMPILE_CACHE: join(facts.cacheDir, 'compiled'),
    DATABASE_URL: facts.databaseUrl ?? env.databaseUrl,
    MIGRATION_DATABASE_URL: facts.ownerUrl,
    GATEWAY_SECRET_FILE: facts.secretFile,
    TEMPORAL_ADDRESS: temporal?.address,
    TEMPORAL_UI_URL: temporal?.uiUrl ?? undefined,
    TEMPORAL_NAMESPACE: env.temporalNamespace,
    ...(ports === undefined ? {} : portSettings(env, ports)),
  });
}

function portSettings(env: SetupEnv, ports: PortPlan): Record<string, string> {
  return {
    [env.ports.api.variable]: String(ports.api),
    [env.ports.mcp.variable]: String(ports.mcp),
    [env.ports.gateway.variable]: String(ports.gateway),
    [env.ports.sim.variable]: String(ports.sim),
    [env.ports.simControl.variable]: String(ports.simControl),
  };
}
