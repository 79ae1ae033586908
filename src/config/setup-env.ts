// What starting up needs from the environment: ports, addresses and the broker to use. Everything that
// is wrong is said at once. The product's own settings are read elsewhere.
import { z } from 'zod';
import { SetupError, exitCodes } from '../../tools/setup/setup-error.mjs';
import {
  contradictions,
  type environments,
  portNumber,
  sharedVariables,
  usualPorts,
  type PortVariable,
} from './variables.ts';

const portVariables = {
  api: 'API_PORT',
  mcp: 'MCP_PORT',
  gateway: 'GATEWAY_PORT',
  sim: 'SIM_PORT',
  simControl: 'SIM_CONTROL_PORT',
  temporal: 'TEMPORAL_PORT',
  temporalUi: 'TEMPORAL_UI_PORT',
  postgres: 'POSTGRES_PORT',
} as const satisfies Record<string, PortVariable>;

export type PortName = keyof typeof portVariables;

export type PortWish = {
  readonly port: number;
  readonly variable: string;
  /** Whether the user named it; such a port is never replaced by another. */
  readonly isExplicit: boolean;
};

export type SetupEnv = {
  readonly environment: (typeof environments)[number];
  readonly broker: 'sim' | 'ibkr';
  /** Where TWS or IB Gateway is; undefined while nobody said it. */
  readonly ibkr: { readonly host: string; readonly port: number } | undefined;
  readonly ports: Readonly<Record<PortName, PortWish>>;
  readonly databaseUrl: string | undefined;
  readonly migrationDatabaseUrl: string | undefined;
  readonly temporalAddress: string | undefined;
  readonly temporalNamespace: string;
  /** Where the clock of the simulated exchange starts each time; undefined = at the machine's time. */
  readonly simStart: string | undefined;
};

const variables = z.object({
  ...sharedVariables,
  ...Object.fromEntries(
    Object.values(portVariables).map((name) => [name, portNumber.optional()] as const),
  ),
});

/** The settings of start-up; refuses with every problem at once. */
export function readSetupEnv(env: NodeJS.ProcessEnv = process.env): SetupEnv {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      const name = issue.path.join('.');
      // A URL of a database holds a password.
      const value = name.endsWith('_URL') ? '(not shown)' : String(given[name]);
      return `${name}=${value}: ${issue.message}`;
    });
    throw new SetupError(
      `The environment is wrong: ${problems.join('; ')}.`,
      exitCodes.configuration,
    );
  }
  const { data } = parsed;
  const wrong = contradictions(data).map(({ message }) => message);
  if (wrong.length > 0) throw new SetupError(`${wrong.join('; ')}.`, exitCodes.configuration);
  const { IBKR_HOST: host, IBKR_PORT: port } = data;
  return {
    environment: data.ENV,
    broker: chooseBroker(data),
    ibkr: host === undefined || port === undefined ? undefined : { host, port },
    ports: readPorts(given),
    databaseUrl: data.DATABASE_URL,
    migrationDatabaseUrl: data.MIGRATION_DATABASE_URL,
    temporalAddress: data.TEMPORAL_ADDRESS,
    temporalNamespace: data.TEMPORAL_NAMESPACE,
    simStart: data.SIM_START,
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
  if (BROKER !== 'auto') return BROKER;
  return ENV === 'dev' && IBKR_HOST === undefined && IBKR_PORT === undefined ? 'sim' : 'ibkr';
}

function readPorts(given: Readonly<Record<string, string | undefined>>): SetupEnv['ports'] {
  const wish = (name: PortName): PortWish => {
    const variable = portVariables[name];
    const value = given[variable];
    return {
      variable,
      port: value === undefined ? usualPorts[variable] : Number(value),
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
