import { Option, type Command } from 'commander';
import { z } from 'zod';
import { apiClient } from '../api-client.ts';
import { addCommand, type CliContext } from '../context.ts';
import { table, type Column } from '../table.ts';
import { visible } from '../visible.ts';
import { addReadCommand, readCommand, type ReadCommand } from './read-command.ts';

/** What is used up of the limits, and what has stopped trading. */

const text = z.string();
const orNull = z.string().nullable();
const accountOption = [['--account <id>', 'where the gateway serves more than one']] as const;

const InUse = z.object({
  name: text,
  unit: text,
  used: orNull,
  limit: orNull,
  share: orNull,
  missing: orNull,
});
const inUseColumns: readonly Column<z.infer<typeof InUse>>[] = [
  ['name', ({ name }) => name],
  ['used', ({ used, missing }) => used ?? `(${missing ?? 'not known'})`],
  ['limit', ({ limit }) => limit ?? 'off'],
  ['share', ({ share }) => share],
  ['unit', ({ unit }) => unit],
];

const Latch = z.object({
  latchId: text,
  account: text,
  rule: text,
  scope: text,
  observed: text,
  limit: text,
  since: text,
});
const latchColumns: readonly Column<z.infer<typeof Latch>>[] = [
  ['latch', ({ latchId }) => latchId],
  ['account', ({ account }) => account],
  ['rule', ({ rule }) => rule],
  ['scope', ({ scope }) => scope],
  ['observed', ({ observed }) => observed],
  ['limit', ({ limit }) => limit],
  ['since', ({ since }) => since],
];

const commands: readonly ReadCommand[] = [
  readCommand({
    usage: 'limits',
    description: 'how much of the limits of an account and of the agents is used up',
    options: accountOption,
    method: 'get',
    path: '/limits',
    shape: z.object({
      account: text,
      tradingDay: orNull,
      limits: z.array(InUse.extend({ rule: text })),
      reserved: z.object({ orders: z.number(), notional: text }),
      budgets: z.array(z.object({ agent: text, limits: z.array(InUse) })),
      latches: z.array(Latch),
    }),
    lines: ({ account, tradingDay, limits, reserved, budgets, latches }) => [
      `account      ${account}`,
      `trading day  ${tradingDay ?? '–'}`,
      ...table([['rule', ({ rule }) => rule], ...inUseColumns], limits),
      `reserved     ${reserved.notional} by ${reserved.orders} orders`,
      ...budgets.flatMap(({ agent, limits: used }) => [
        visible(`agent ${agent}`),
        ...table(inUseColumns, used),
      ]),
      'latches',
      ...table(latchColumns, latches),
    ],
  }),
  readCommand({
    usage: 'latches',
    description: 'rules that have stopped trading',
    options: [['--account <id>', 'only of this account']],
    method: 'get',
    path: '/latches',
    shape: z.object({ latches: z.array(Latch) }),
    lines: ({ latches }) => table(latchColumns, latches),
  }),
];

/** `limits`, `latches`, `release-latch`. */
export function addLimitCommands(program: Command, context: CliContext): void {
  for (const command of commands) addReadCommand(program, context, command);
  addCommand<{ reason: string }>(program, context, {
    usage: 'release-latch <latchId>',
    description: 'let a rule that has stopped trading judge anew',
    isWrite: true,
    options: [new Option('--reason <text>', 'why, for the audit trail').makeOptionMandatory()],
    run: async ([id = ''], { reason }) => {
      const path = `/latches/${encodeURIComponent(id)}/release`;
      const body = await apiClient(context.home, context.apiUrl).post(path, { reason });
      const { latchId, rule, scope, released } = Latch.extend({
        released: z.object({ by: text, at: text }),
      }).parse(body);
      return {
        json: body,
        lines: [
          visible(
            `${latchId} (${rule}, ${scope}) is released since ${released.at} by ${released.by}.`,
          ),
        ],
      };
    },
  });
}
