// The options of the simulator as a program: one row each. Reading them, `--help` and the product page
// come from the rows.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { AccountStart } from './accounts/open-account.ts';
import { parseScript, ScriptError } from './faults/fault-script.ts';
import { parseMicros } from './market/money.ts';
import type { SimGatewayOptions } from './sim-gateway.ts';

/** A command line that cannot be followed; the text is one sentence for whoever typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Option = {
  name: string;
  /** What stands for the value in `--help`; absent for a switch. */
  value?: string;
  /** Its default in words. */
  normally: string;
  about: string;
  /** The options it means; a switch is given an empty text. */
  read: (text: string) => SimGatewayOptions;
};

function integer(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, not '${text}'`);
}

const whole = (
  name: string,
  about: string,
  [min, max]: [number, number],
  normally: string,
  set: (value: number) => SimGatewayOptions,
): Option => ({
  name,
  value: 'N',
  normally,
  about,
  read: (text) => set(integer(name, text, min, max)),
});

function instant(name: string, text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new UsageError(`--${name} must be an ISO instant, not '${text}'`);
  return at;
}

function accountOf(text: string): AccountStart {
  const [id = '', cash, currency, ...more] = text.trim().split(':');
  const amount = cash === undefined ? undefined : parseMicros(cash);
  const isWrong = !/^[A-Z]{1,3}\d{4,12}$/.test(id) || more.length > 0;
  if (isWrong || (cash !== undefined && amount === undefined)) {
    throw new UsageError(
      `--accounts takes ids like DU1234567 or DU1234567:250000:EUR, not '${text}'`,
    );
  }
  if (currency !== undefined && !/^[A-Z]{3}$/.test(currency)) {
    throw new UsageError(`--accounts: '${currency}' is not a currency`);
  }
  return {
    id,
    ...(amount === undefined ? {} : { cash: amount }),
    ...(currency === undefined ? {} : { currency }),
  };
}

function scriptOf(file: string) {
  try {
    return parseScript(readFileSync(file, 'utf8'));
  } catch (cause) {
    if (cause instanceof ScriptError) throw new UsageError(`${file}, ${cause.message}`);
    if (cause instanceof Error && 'code' in cause) {
      throw new UsageError(`--faults: ${file} cannot be read (${String(cause.code)})`);
    }
    throw cause;
  }
}

const MAX_PORT = 65_535;

/** Every option, in the order of the product page. */
export const OPTIONS: readonly Option[] = [
  whole('port', 'Client port; `0` picks a free one', [0, MAX_PORT], '`4002`', (port) => ({ port })),
  whole(
    'control-port',
    'Control port, always on the loopback address; `0` picks a free one',
    [0, MAX_PORT],
    '`4012`',
    (controlPort) => ({ controlPort }),
  ),
  {
    name: 'host',
    value: 'ADDRESS',
    normally: '`127.0.0.1`',
    about: 'Address of the client port',
    read: (host) => ({ host }),
  },
  whole(
    'seed',
    'Seed of prices, of fault chances and of everything else that is drawn',
    [0, 2 ** 31 - 1],
    '`7`',
    (seed) => ({ seed }),
  ),
  {
    name: 'accounts',
    value: 'LIST',
    normally: '`DU1234567`',
    about:
      'Accounts, comma-separated: an id (1,000,000 USD; the first also holds 40 AAPL, 30 MSFT and 100 SPY), or `id:cash` or `id:cash:currency` for exactly that',
    read: (text) => ({ accounts: text.split(',').map(accountOf) }),
  },
  {
    name: 'pricing',
    value: 'PLAN',
    normally: '`fixed`',
    about: 'Commission plan: `fixed` or `tiered`',
    read: (pricing) => {
      if (pricing === 'fixed' || pricing === 'tiered') return { pricing };
      throw new UsageError(`--pricing must be fixed or tiered, not '${pricing}'`);
    },
  },
  {
    name: 'clock',
    value: 'CLOCK',
    normally: '`real`',
    about:
      '`real`, `virtual` (moves only when advanced), or the ISO instant a real clock starts at',
    read: (text) => {
      if (text === 'real' || text === 'virtual') return { clock: text };
      return { clockStart: instant('clock', text) };
    },
  },
  {
    name: 'start',
    value: 'INSTANT',
    normally: 'now, or `2026-04-14T14:00:00Z` if virtual',
    about: 'ISO instant the exchange clock starts at',
    read: (text) => ({ clockStart: instant('start', text) }),
  },
  {
    name: 'rate',
    value: 'N',
    normally: '`1`',
    about: 'Exchange seconds in a second',
    read: (text) => {
      const rate = Number(text);
      if (rate > 0 && rate <= 10_000) return { rate };
      throw new UsageError(`--rate must be above 0 and at most 10000, not '${text}'`);
    },
  },
  {
    name: 'fill-policy',
    value: 'MODE',
    normally: '`market`',
    about: 'How orders fill: `market` (displayed size and tape), `immediate` or `manual`',
    read: (mode) => {
      if (mode === 'market' || mode === 'immediate' || mode === 'manual') {
        return { fillPolicy: { mode } };
      }
      throw new UsageError(`--fill-policy must be market, immediate or manual, not '${mode}'`);
    },
  },
  {
    name: 'faults',
    value: 'FILE',
    normally: 'none',
    about: 'Script of faults and other control calls',
    read: (file) => ({ script: scriptOf(file) }),
  },
  {
    name: 'state',
    value: 'FILE',
    normally: 'none',
    about: 'File that keeps orders, executions, accounts and ids over restarts',
    read: (stateFile) => ({ stateFile }),
  },
  {
    name: 'sync',
    normally: 'off',
    about: 'Forces the state file to disk before each acknowledgement',
    read: () => ({ sync: true }),
  },
  whole(
    'server-version',
    'Highest server version to negotiate',
    [100, 200],
    '`200`',
    (serverVersion) => ({ serverVersion }),
  ),
  whole(
    'master-client-id',
    'Client that sees the orders of all, besides client 0',
    [0, 2 ** 31 - 1],
    '`0`',
    (masterClientId) => ({ masterClientId }),
  ),
  {
    name: 'read-only-api',
    normally: 'off',
    about: 'Refuses orders and cancels with error 321, as the Read-Only API setting does',
    read: () => ({ readOnly: true }),
  },
  {
    name: 'no-pacing',
    normally: 'off',
    about: 'Takes more than 50 messages a second without error 100',
    read: () => ({ pacing: false }),
  },
  {
    name: 'historical-pacing',
    normally: 'off',
    about: 'Answers historical requests above the limits of IBKR with error 162',
    read: () => ({ historicalPacing: true }),
  },
  whole(
    'max-connections',
    'Connections at a time; further ones are closed',
    [1, 10_000],
    '`32`',
    (maxConnections) => ({ maxConnections }),
  ),
  {
    name: 'json',
    normally: 'off on a terminal',
    about: 'Prints the line that says it is ready as JSON',
    read: () => ({}),
  },
  {
    name: 'help',
    normally: '',
    about: 'Prints the options and ends',
    read: () => ({}),
  },
];

const DEFAULTS: SimGatewayOptions = { port: 4002, controlPort: 4012 };

/** What a command line asks for. Throws UsageError. */
export function readCommandLine(args: readonly string[]): {
  options: SimGatewayOptions;
  isHelp: boolean;
  isJson: boolean;
} {
  const kinds = OPTIONS.map(({ name, value }) => [
    name,
    { type: value === undefined ? ('boolean' as const) : ('string' as const) },
  ]);
  let values: Record<string, unknown>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: Object.fromEntries(kinds) as Record<string, { type: 'boolean' | 'string' }>,
    }));
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause));
  }
  let options = DEFAULTS;
  for (const { name, read } of OPTIONS) {
    const value = values[name];
    if (value === undefined) continue;
    options = { ...options, ...read(typeof value === 'string' ? value : '') };
  }
  return { options, isHelp: values['help'] === true, isJson: values['json'] === true };
}

/** The text of `--help`. */
export function helpText(): string {
  const rows = OPTIONS.map(({ name, value, about, normally }) => {
    const head = `  --${name}${value === undefined ? '' : ` ${value}`}`;
    const ending = normally === '' ? '' : ` [${normally}]`;
    return `${head.padEnd(26)} ${`${about}${ending}`.replaceAll('`', '')}`;
  });
  return [
    'Usage: countersign simgateway [options]',
    '',
    'A simulated IB Gateway that any Interactive Brokers client can connect to.',
    '',
    ...rows,
    '',
  ].join('\n');
}
