import type { Command } from 'commander';
import { z } from 'zod';
import type { CliContext } from '../context.ts';
import { table } from '../table.ts';
import { visible } from '../visible.ts';
import { addReadCommand, readCommand, type ReadCommand } from './read-command.ts';

/** `search`, `resolve`, `option-chain`, `quote`, `bars`: instruments and what they cost. */

const text = z.string();
const orNull = z.string().nullish();
const Instrument = z.object({
  conId: z.number(),
  symbol: text,
  secType: text,
  currency: text,
  exchange: text,
  primaryExchange: text,
  name: text,
  localSymbol: text.optional(),
  expiry: text.optional(),
  strike: text.optional(),
  right: text.optional(),
});
type Instrument = z.infer<typeof Instrument>;

/** Options that narrow an instrument's name. */
export const instrumentOptions = [
  ['--sec-type <type>', 'STK, OPT, FUT, CASH, CRYPTO, BOND or IND'],
  ['--currency <code>', 'ISO 4217 code'],
  ['--exchange <name>', 'primary exchange or market'],
  ['--expiry <date>', 'yyyymmdd or yyyymm, of an option or future'],
  ['--strike <price>', 'of an option'],
  ['--right <C|P>', 'call or put'],
] as const;

/** A conId, an ISIN, a local symbol with a dot (EUR.USD) or a symbol, told apart by how it looks. */
export function instrumentOf([name = '']: readonly string[]): Record<string, unknown> {
  const code = name.toUpperCase();
  if (/^\d{1,10}$/.test(code)) return { conId: Number(code) };
  if (/^[A-Z]{2}[A-Z0-9]{9}\d$/.test(code)) return { isin: code };
  return /^[A-Z]{3}\.[A-Z]{3}$/.test(code)
    ? { localSymbol: code, secType: 'CASH' }
    : { symbol: code };
}

function titleOf(one: Instrument): string {
  const terms = [one.expiry, one.strike, one.right].filter((term) => term !== undefined);
  const where = one.primaryExchange === '' ? one.exchange : one.primaryExchange;
  const what = [one.symbol, one.secType, ...terms, where, one.currency].join(' ');
  return visible(`${what} (conId ${one.conId}) ${one.name}`);
}

const Bar = z.object({
  time: text,
  open: text,
  high: text,
  low: text,
  close: text,
  volume: orNull,
  complete: z.boolean(),
});

const commands: readonly ReadCommand[] = [
  readCommand({
    usage: 'search <pattern>',
    description: 'instruments by symbol or name, best score first',
    options: [...instrumentOptions.slice(0, 3), ['--limit <n>', 'how many at most']],
    method: 'get',
    path: '/instruments/search',
    fromArguments: ([pattern = '']) => ({ pattern }),
    shape: z.object({ matches: z.array(Instrument.extend({ score: z.number() })) }),
    lines: ({ matches }) =>
      table(
        [
          ['score', ({ score }) => score.toFixed(2)],
          ['conId', ({ conId }) => conId],
          ['symbol', ({ symbol }) => symbol],
          ['type', ({ secType }) => secType],
          ['exchange', (one) => (one.primaryExchange === '' ? one.exchange : one.primaryExchange)],
          ['currency', ({ currency }) => currency],
          ['name', ({ name }) => name],
        ],
        matches,
      ),
  }),
  readCommand({
    usage: 'resolve <instrument>',
    description: 'the one contract that a conId, symbol or ISIN means; never a guess',
    options: instrumentOptions,
    method: 'post',
    path: '/instruments/resolve',
    fromArguments: instrumentOf,
    shape: z.object({
      instrument: Instrument,
      matchedBy: text,
      score: z.number(),
      orderable: z.boolean(),
      priceIncrements: z.array(z.object({ lowEdge: text, increment: text })),
      minSize: text,
      sizeIncrement: text,
      timeZone: text,
      liquidHours: text,
    }),
    lines: (found) => [
      titleOf(found.instrument),
      `matched     ${found.matchedBy} (${found.score})`,
      `orderable   ${found.orderable ? 'yes' : 'no'}`,
      `prices      ${found.priceIncrements.map((one) => `${one.increment} from ${one.lowEdge}`).join(', ')}`,
      `quantities  from ${found.minSize} in steps of ${found.sizeIncrement}`,
      visible(`hours       ${found.liquidHours} ${found.timeZone}`),
    ],
  }),
  readCommand({
    usage: 'option-chain <instrument>',
    description: 'expiries and strikes of the options on an instrument',
    options: instrumentOptions.slice(0, 3),
    method: 'get',
    path: '/instruments/option-chain',
    fromArguments: instrumentOf,
    shape: z.object({
      chains: z.array(
        z.object({
          exchange: text,
          tradingClass: text,
          multiplier: text,
          expiries: z.array(text),
          strikes: z.array(text),
        }),
      ),
    }),
    lines: ({ chains }) =>
      table(
        [
          ['exchange', ({ exchange }) => exchange],
          ['class', ({ tradingClass }) => tradingClass],
          ['multiplier', ({ multiplier }) => multiplier],
          ['expiries', ({ expiries }) => expiries.join(' ')],
          [
            'strikes',
            ({ strikes }) => `${strikes[0] ?? ''} … ${strikes.at(-1) ?? ''} (${strikes.length})`,
          ],
        ],
        chains,
      ),
  }),
  readCommand({
    usage: 'quote <instrument>',
    description: 'prices now, with how real and how old they are',
    options: [
      ...instrumentOptions,
      ['--fields <names>', 'only these figures, with commas between them'],
      ['--fresh', 'not from the cache'],
    ],
    method: 'get',
    path: '/market/snapshot',
    fromArguments: instrumentOf,
    shape: z
      .object({ instrument: Instrument, quality: text, ageMs: z.number(), halted: z.boolean() })
      .catchall(z.unknown()),
    lines: ({
      instrument,
      quality,
      ageMs,
      halted,
      kind: _k,
      receivedAt: _r,
      source: _s,
      ...figures
    }) => [
      titleOf(instrument),
      `quality     ${quality}, ${(ageMs / 1000).toFixed(1)} s old${halted ? ', HALTED' : ''}`,
      ...Object.entries(figures)
        .filter(([, value]) => value !== null)
        .map(([name, value]) =>
          visible(
            `${name.padEnd(11)} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
          ),
        ),
    ],
  }),
  readCommand({
    usage: 'bars <instrument>',
    description: 'historical prices, ascending',
    options: [
      ...instrumentOptions,
      ['--bar-size <size>', '1m 5m 15m 30m 1h 4h 1d 1w 1M'],
      ['--start <time>', 'ISO 8601'],
      ['--end <time>', 'ISO 8601; now if left out'],
      ['--limit <n>', 'the newest so many, at most 5000'],
      ['--regular-hours <true|false>', 'regular trading hours only'],
      ['--prices <kind>', 'TRADES, ADJUSTED, MIDPOINT, BID or ASK'],
      ['--fresh', 'not from the cache'],
    ],
    method: 'get',
    path: '/market/bars',
    fromArguments: instrumentOf,
    shape: z.object({ instrument: Instrument, bars: z.array(Bar), nextEnd: orNull }),
    lines: ({ instrument, bars, nextEnd }) => [
      titleOf(instrument),
      ...table(
        [
          ['time', ({ time }) => time],
          ['open', ({ open }) => open],
          ['high', ({ high }) => high],
          ['low', ({ low }) => low],
          ['close', ({ close }) => close],
          ['volume', ({ volume }) => volume],
          ['', ({ complete }) => (complete ? '' : 'still open')],
        ],
        bars,
      ),
      ...(nextEnd == null ? [] : [`earlier: --end ${nextEnd}`]),
    ],
  }),
];

export function addMarketCommands(program: Command, context: CliContext): void {
  for (const command of commands) addReadCommand(program, context, command);
}
