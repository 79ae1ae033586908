import { z } from 'zod';
import { isTimeZone } from '../domain/time/zoned.ts';
import {
  contradictions,
  portNumber,
  sharedVariables,
  usualPorts,
  type PortVariable,
} from './variables.ts';

/**
 * The environment, read once at the edge: every process gets its settings from here and nowhere else.
 * Names, defaults and meanings are listed in docs/configuration.md; a test holds the two together.
 */
const port = (name: PortVariable) => portNumber.default(usualPorts[name]);
const optionalText = z
  .string()
  .trim()
  .optional()
  .transform((text) => (text === undefined || text === '' ? undefined : text));

export const Settings = z
  .object({
    ...sharedVariables,
    COUNTERSIGN_HOME: optionalText,
    COUNTERSIGN_CACHE: optionalText,
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    API_HOST: z.string().default('127.0.0.1'),
    API_PORT: port('API_PORT'),
    MCP_HOST: z.string().default('127.0.0.1'),
    MCP_PORT: port('MCP_PORT'),
    GATEWAY_PORT: port('GATEWAY_PORT'),
    GATEWAY_SECRET_FILE: optionalText,
    POSTGRES_PORT: port('POSTGRES_PORT'),
    TEMPORAL_CLI_PATH: optionalText,
    TEMPORAL_PORT: port('TEMPORAL_PORT'),
    TEMPORAL_UI_PORT: port('TEMPORAL_UI_PORT'),
    TEMPORAL_UI_URL: optionalText,
    IBKR_CLIENT_ID: z.coerce.number().int().min(1).max(999).default(11),
    IBKR_READ_CLIENT_ID: z.coerce.number().int().min(1).max(999).default(12),
    IBKR_WATCHDOG_SECONDS: z.coerce.number().int().min(2).max(600).default(9),
    IBKR_RESTART_AT: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day as HH:MM')
      .optional(),
    IBKR_RESTART_MINUTES: z.coerce.number().int().min(1).max(720).default(20),
    IBKR_RESTART_ZONE: z
      .string()
      .refine(isTimeZone, 'not a time zone, e.g. America/New_York')
      .default('America/New_York'),
    IBKR_ACCOUNT_GROUP: z
      .string()
      .regex(/^[a-z0-9-]{1,32}$/)
      .default('main'),
    SIM_PORT: port('SIM_PORT'),
    SIM_CONTROL_PORT: port('SIM_CONTROL_PORT'),
    RISK_POLICY_FILE: optionalText,
    AUTO_APPROVAL_POLICY_FILE: optionalText,
    PUBLIC_URL: optionalText,
    COUNTERSIGN_AGENT_KEY: optionalText,
    COUNTERSIGN_BARRIER_DIR: optionalText,
  })
  .superRefine((env, context) => {
    const refuse = (path: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message });
    };
    for (const { variable, message } of contradictions(env)) refuse(variable, message);
    if (env.COUNTERSIGN_BARRIER_DIR !== undefined && env.ENV !== 'dev') {
      refuse('COUNTERSIGN_BARRIER_DIR', 'fault barriers exist in ENV=dev only');
    }
    for (const name of ['API_HOST', 'MCP_HOST'] as const) {
      if (!['127.0.0.1', 'localhost', '::1'].includes(env[name])) {
        refuse(name, 'only loopback is served without TLS');
      }
    }
    if (env.IBKR_CLIENT_ID === env.IBKR_READ_CLIENT_ID) {
      refuse('IBKR_READ_CLIENT_ID', 'must differ from IBKR_CLIENT_ID');
    }
  });
export type Settings = z.infer<typeof Settings>;

/** Every problem of an environment at once. Exit code 78. */
export class ConfigurationError extends Error {
  readonly problems: readonly string[];
  constructor(what: string, problems: readonly string[]) {
    super(`${what}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigurationError';
    this.problems = problems;
  }
}

/** Reads settings from an environment (default: the process's). Throws `ConfigurationError` listing every problem. */
export function readSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Settings {
  const known = Object.fromEntries(
    Object.keys(Settings.shape).map((name) => [name, env[name] === '' ? undefined : env[name]]),
  );
  const parsed = Settings.safeParse(known);
  if (parsed.success) return parsed.data;
  throw new ConfigurationError(
    'The environment is not valid',
    parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  );
}

/** Where IBKR's socket is: the configured one, or the simulated gateway of this machine in ENV=dev. */
export function brokerAddress(
  settings: Settings,
): { host: string; port: number; simulated: boolean } | null {
  if (
    settings.IBKR_HOST !== undefined &&
    settings.IBKR_PORT !== undefined &&
    settings.BROKER !== 'sim'
  ) {
    return { host: settings.IBKR_HOST, port: settings.IBKR_PORT, simulated: false };
  }
  if (settings.ENV === 'dev' && settings.BROKER !== 'ibkr') {
    return { host: '127.0.0.1', port: settings.SIM_PORT, simulated: true };
  }
  return null;
}
