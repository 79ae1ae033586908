import type { Command } from 'commander';
import { z } from 'zod';
import type { CliContext } from '../context.ts';
import { table } from '../table.ts';
import { visible } from '../visible.ts';
import { instrumentOf, instrumentOptions } from './market.ts';
import { addReadCommand, readCommand, type ReadCommand } from './read-command.ts';

/** `simulate` and `evaluate`: what an order would do and what the gate would say, without recording anything. */

const Rule = z.object({
  rule: z.string(),
  title: z.string(),
  outcome: z.string(),
  observed: z.string().nullable(),
  limit: z.string().nullable(),
  unit: z.string(),
  missing: z.string().nullable(),
});
const Nearest = z.union([
  z.object({ kind: z.literal('found'), quantity: z.string(), limitPrice: z.string().nullable() }),
  z.object({ kind: z.literal('none'), why: z.string() }),
]);

const orderOptions = [
  ['--side <BUY|SELL>', 'buy or sell'],
  ['--quantity <n>', 'units; or'],
  ['--notional <n>', 'money, in the currency of the instrument'],
  ['--order-type <type>', 'MKT, LMT, STP, "STP LMT" …'],
  ['--limit-price <price>', 'worst price'],
  ['--stop-price <price>', 'where a stop wakes'],
  ['--trailing-amount <n>', 'distance of a trailing stop'],
  ['--trailing-percent <n>', 'the same in percent'],
  ['--limit-offset <n>', 'how far the limit is behind a trailing stop'],
  ['--tif <tif>', 'DAY, GTC, IOC, GTD, FOK or OPG'],
  ['--good-till-date <time>', 'ISO 8601 with a zone'],
  ['--outside-rth', 'also outside regular hours'],
  ['--account <id>', 'needed where several are served'],
  ...instrumentOptions,
] as const;

/** Options that name the instrument belong inside `instrument`. */
const ofInstrument = ['secType', 'currency', 'exchange', 'expiry', 'strike', 'right'];

function orderBody(
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const entries = Object.entries(options);
  const isOf = ([name]: readonly [string, unknown]): boolean => ofInstrument.includes(name);
  const instrument = { ...instrumentOf(args), ...Object.fromEntries(entries.filter(isOf)) };
  return { ...Object.fromEntries(entries.filter((entry) => !isOf(entry))), instrument };
}

function figuresOf(figures: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(figures)
    .filter(([, value]) => value !== null)
    .map(([name, value]) =>
      visible(`${name.padEnd(24)} ${typeof value === 'string' ? value : JSON.stringify(value)}`),
    );
}

function nearestLine(nearest: z.infer<typeof Nearest> | null): string[] {
  if (nearest === null) return [];
  if (nearest.kind === 'none') return [`nearest order that passes: none (${nearest.why})`];
  const price = nearest.limitPrice === null ? '' : ` at ${nearest.limitPrice}`;
  return [`nearest order that passes: ${nearest.quantity}${price}`];
}

const commands: readonly ReadCommand[] = [
  readCommand({
    usage: 'simulate <instrument>',
    description: 'what an order would do now; nothing is recorded or sent',
    options: orderOptions,
    method: 'post',
    path: '/simulate',
    bodyOf: orderBody,
    shape: z.object({
      summary: z.string(),
      simulation: z.record(z.string(), z.unknown()),
      brokerEstimate: z.record(z.string(), z.unknown()),
    }),
    lines: ({ summary, simulation, brokerEstimate }) => [
      visible(summary),
      ...figuresOf(simulation),
      'broker’s own estimate',
      ...figuresOf(brokerEstimate),
    ],
  }),
  readCommand({
    usage: 'evaluate <instrument>',
    description: 'what every rule of the gate says of an order now; exit code 1 if it is denied',
    options: orderOptions,
    method: 'post',
    path: '/risk/evaluate',
    bodyOf: orderBody,
    shape: z.object({
      summary: z.string(),
      verdict: z.object({
        outcome: z.string(),
        rules: z.array(Rule),
        policyVersion: z.string(),
        nearest: Nearest.nullable(),
      }),
    }),
    lines: ({ summary, verdict }) => [
      visible(summary),
      `${verdict.outcome} (policy ${verdict.policyVersion})`,
      ...table(
        [
          ['rule', ({ rule }) => rule],
          ['title', ({ title }) => title],
          ['answer', ({ outcome }) => outcome],
          ['observed', ({ observed, missing }) => visible(observed ?? missing ?? '')],
          ['limit', ({ limit }) => visible(limit ?? '')],
          ['unit', ({ unit }) => unit],
        ],
        verdict.rules,
      ),
      ...nearestLine(verdict.nearest),
    ],
    exitCode: ({ verdict }) => (verdict.outcome === 'deny' ? 1 : 0),
  }),
];

/** Adds `simulate` and `evaluate`. */
export function addOrderLookCommands(program: Command, context: CliContext): void {
  for (const command of commands) addReadCommand(program, context, command);
}
