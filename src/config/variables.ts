import { z } from 'zod';
import { portMismatch } from './broker-guard.ts';

/**
 * The variables that both readers of the environment know: what starts everything (setup-env.ts) and every process
 * (env.ts). Their names, defaults and the combinations that make no sense stand here once.
 */

export const environments = ['dev', 'paper', 'live'] as const;

/** The port that each listener usually has. */
export const usualPorts = {
  API_PORT: 8000,
  MCP_PORT: 8001,
  GATEWAY_PORT: 8010,
  SIM_PORT: 4002,
  SIM_CONTROL_PORT: 4012,
  TEMPORAL_PORT: 7233,
  TEMPORAL_UI_PORT: 8233,
  POSTGRES_PORT: 54_329,
} as const;
export type PortVariable = keyof typeof usualPorts;

export const portNumber = z.coerce.number().int().min(1).max(65_535);

const portList = z
  .string()
  .regex(/^\d{1,5}(\s*,\s*\d{1,5})*$/, 'port numbers with commas between them')
  .optional()
  .transform((text) => text?.split(',').map(Number));

/** One entry per variable; an empty variable has to be taken for an unset one before. */
export const sharedVariables = {
  ENV: z.enum(environments).default('dev'),
  BROKER: z.enum(['auto', 'sim', 'ibkr']).default('auto'),
  IBKR_HOST: z.string().trim().min(1).optional(),
  IBKR_PORT: portNumber.optional(),
  IBKR_ALLOWED_PORTS: portList,
  READ_ONLY: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
  DATABASE_URL: z.url().optional(),
  MIGRATION_DATABASE_URL: z.url().optional(),
  TEMPORAL_ADDRESS: z.string().trim().includes(':').optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  /** Where the clock of the simulated exchange starts each time. */
  SIM_START: z.iso.datetime({ offset: true }).optional(),
};

type Combination = {
  readonly ENV: (typeof environments)[number];
  readonly BROKER: 'auto' | 'sim' | 'ibkr';
  readonly IBKR_HOST?: string | undefined;
  readonly IBKR_PORT?: number | undefined;
  readonly IBKR_ALLOWED_PORTS?: readonly number[] | undefined;
};

/** What is wrong with variables that are right one by one: the variable to change, and a sentence without a full stop. */
export function contradictions(
  variables: Combination,
): readonly { readonly variable: string; readonly message: string }[] {
  const { ENV, BROKER, IBKR_HOST, IBKR_PORT } = variables;
  const isSimulated = BROKER === 'sim' && ENV !== 'dev';
  const isHalf = (IBKR_HOST === undefined) !== (IBKR_PORT === undefined);
  const isOurs = BROKER === 'sim' || IBKR_PORT === undefined;
  const port = isOurs ? null : portMismatch(ENV, IBKR_PORT, variables.IBKR_ALLOWED_PORTS ?? []);
  const simulated = `BROKER=sim with ENV=${ENV} would answer real orders from a simulation: set BROKER=ibkr`;
  return [
    ...(isSimulated ? [{ variable: 'BROKER', message: simulated }] : []),
    ...(isHalf
      ? [{ variable: 'IBKR_HOST', message: 'IBKR_HOST and IBKR_PORT go together: set both' }]
      : []),
    ...(port === null ? [] : [{ variable: 'IBKR_PORT', message: port }]),
  ];
}
