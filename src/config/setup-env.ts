// What starting up needs from the environment: ports, addresses and the broker to use. Everything that
// is wrong is said at once. The product's own settings are read elsewhere.
import { z } from 'zod';
import { SetupError, exitCodes } from '../../tools/setup/setup-error.mjs';

const portVariables = {
  api: ['API_PORT', 8000],
  mcp: ['MCP_PORT', 8001],
  gateway: ['GATEWAY_PORT', 8010],
  sim: ['SIM_PORT', 4002],
  simControl: ['SIM_CONTROL_PORT', 4012],
  temporal: ['TEMPORAL_PORT', 7233],
  temporalUi: ['TEMPORAL_UI_PORT', 8233],
  postgres: ['POSTGRES_PORT', 54_329],
} as const satisfies Record<string, readonly [string, number]>;

export type PortName = keyof typeof portVariables;

export type PortWish = {
  readonly port: number;
  readonly variable: string;
  /** Whether the user named it; such a port is never replaced by another. */
  readonly isExplicit: boolean;
};

export type SetupEnv = {
  readonly environment: 'dev' | 'paper' | 'live';
  readonly broker: 'sim' | 'ibkr';
  /** Where TWS or IB Gateway is; undefined while nobody said it. */
  readonly ibkr: { readonly host: string; readonly port: number } | undefined;
  readonly ports: Readonly<Record<PortName, PortWish>>;
  readonly databaseUrl: string | undefined;
  readonly migrationDatabaseUrl: string | undefined;
  readonly temporalAddress: string | undefined;
  readonly temporalNamespace: string;
};

const port = z.coerce.number().int().min(1).max(65_535);
const variables = z.object({
  ENV: z.enum(['dev', 'paper', 'live']).default('dev'),
  BROKER: z.enum(['auto', 'sim', 'ibkr']).default('auto'),
  IBKR_HOST: z.string().optional(),
  IBKR_PORT: port.optional(),
  DATABASE_URL: z.url().optional(),
  MIGRATION_DATABASE_URL: z.url().optional(),
  TEMPORAL_ADDRESS: z.string().includes(':').optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  ...Object.fromEntries(
    Object.values(portVariables).map(([name]) => [name, port.optional()] as const),
  ),
});

/** The settings of start-up; refuses with every problem at once. */
export function readSetupEnv(env: NodeJS.ProcessEnv = process.env): SetupEnv {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      const name = issue.path.join('.');
      return `${name}=${String(given[name])}: ${issue.message}`;
    });
    throw new SetupError(
      `The environment is wrong: ${problems.join('; ')}.`,
      exitCodes.configuration,
    );
  }
  const { data } = parsed;
  return {
    environment: data.ENV,
    broker: chooseBroker(data),
    ibkr: ibkrAddress(data),
    ports: readPorts(given),
    databaseUrl: data.DATABASE_URL,
    migrationDatabaseUrl: data.MIGRATION_DATABASE_URL,
    temporalAddress: data.TEMPORAL_ADDRESS,
    temporalNamespace: data.TEMPORAL_NAMESPACE,
  };
}

/** The environment of a child process: ours, with some variables set and some (undefined) removed. */
export function childEnvironment(
  changes: Readonly<Record<string, string | undefined>>,
): NodeJS.ProcessEnv {
  return { ...process.env, ...changes };
}

type Variables = z.infer<typeof variables>;

/** The simulated gateway stands in only where nobody asked for a real one, and never outside of dev. */
function chooseBroker({ BROKER, ENV, IBKR_HOST, IBKR_PORT }: Variables): 'sim' | 'ibkr' {
  if (BROKER === 'sim' && ENV !== 'dev') {
    throw new SetupError(
      `BROKER=sim with ENV=${ENV} would answer real orders from a simulation: set BROKER=ibkr.`,
      exitCodes.configuration,
    );
  }
  if (BROKER !== 'auto') return BROKER;
  return ENV === 'dev' && IBKR_HOST === undefined && IBKR_PORT === undefined ? 'sim' : 'ibkr';
}

function ibkrAddress({ IBKR_HOST: host, IBKR_PORT: port }: Variables): SetupEnv['ibkr'] {
  if ((host === undefined) !== (port === undefined)) {
    throw new SetupError('IBKR_HOST and IBKR_PORT go together: set both.', exitCodes.configuration);
  }
  return host === undefined || port === undefined ? undefined : { host, port };
}

function readPorts(given: Readonly<Record<string, string | undefined>>): SetupEnv['ports'] {
  const wish = (name: PortName): PortWish => {
    const [variable, usual] = portVariables[name];
    const value = given[variable];
    return {
      variable,
      port: value === undefined ? usual : Number(value),
      isExplicit: value !== undefined,
    };
  };
  return {
    api: wish('api'),
    mcp: wish('mcp'),
    gateway: wish('gateway'),
    sim: wish('sim'),
    simControl: wish('simControl'),
    temporal: wish('temporal'),
    temporalUi: wish('temporalUi'),
    postgres: wish('postgres'),
  };
}
