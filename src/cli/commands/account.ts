import type { Command } from 'commander';
import { z } from 'zod';
import type { CliContext } from '../context.ts';
import { exitCodes } from '../outcome.ts';
import { table, type Column } from '../table.ts';
import { visible } from '../visible.ts';
import { addReadCommand, readCommand, type ReadCommand } from './read-command.ts';

/** What the broker says of accounts, orders and the link. */

const text = z.string();
const orNull = z.string().nullable();
const Money = z.object({ amount: text, currency: text });
const moneyOrNull = Money.nullable();
const show = (money: z.infer<typeof moneyOrNull>): string | null =>
  money === null ? null : `${money.amount} ${money.currency}`;

const accountOption = [['--account <id>', 'where the gateway serves more than one']] as const;

const Position = z.object({
  conId: z.number(),
  symbol: text,
  secType: text,
  currency: text,
  quantity: text,
  averageCost: orNull,
  marketPrice: text,
  marketValue: text,
  unrealizedPnl: orNull,
});
const positionColumns: readonly Column<z.infer<typeof Position>>[] = [
  ['conId', ({ conId }) => conId],
  ['symbol', ({ symbol }) => symbol],
  ['type', ({ secType }) => secType],
  ['quantity', ({ quantity }) => quantity],
  ['cost', ({ averageCost }) => averageCost],
  ['price', ({ marketPrice }) => marketPrice],
  ['value', ({ marketValue }) => marketValue],
  ['unrealised', ({ unrealizedPnl }) => unrealizedPnl],
  ['currency', ({ currency }) => currency],
];

const Order = z.object({
  intentId: orNull,
  permId: text,
  symbol: text,
  side: text,
  orderType: text,
  tif: text,
  quantity: text,
  filled: text,
  limitPrice: orNull,
  stopPrice: orNull,
  status: text,
});
const orderColumns: readonly Column<z.infer<typeof Order>>[] = [
  ['permId', ({ permId }) => permId],
  ['intent', ({ intentId }) => intentId ?? 'external'],
  ['side', ({ side }) => side],
  ['quantity', ({ quantity }) => quantity],
  ['symbol', ({ symbol }) => symbol],
  ['type', ({ orderType }) => orderType],
  ['limit', ({ limitPrice }) => limitPrice],
  ['stop', ({ stopPrice }) => stopPrice],
  ['tif', ({ tif }) => tif],
  ['filled', ({ filled }) => filled],
  ['status', ({ status }) => status],
];

const Cache = z.object({
  name: text,
  entries: z.number(),
  hits: z.number(),
  misses: z.number(),
  shared: z.number(),
  bypassed: z.number(),
  evictions: z.number(),
  oldestMs: z.number().nullable(),
});

const commands: readonly ReadCommand[] = [
  readCommand({
    usage: 'accounts',
    description: 'the accounts that the gateway serves',
    options: [],
    method: 'get',
    path: '/accounts',
    shape: z.object({ accounts: z.array(z.object({ account: text, kind: text })) }),
    lines: ({ accounts }) =>
      table(
        [
          ['account', ({ account }) => account],
          ['kind', ({ kind }) => kind],
        ],
        accounts,
      ),
  }),
  readCommand({
    usage: 'portfolio',
    description: 'value, funds, margins, profit and positions of an account',
    options: accountOption,
    method: 'get',
    path: '/portfolio',
    shape: z.object({
      account: text,
      netLiquidation: Money,
      availableFunds: Money,
      buyingPower: Money,
      initialMargin: Money,
      maintenanceMargin: Money,
      dailyPnl: moneyOrNull,
      unrealizedPnl: moneyOrNull,
      realizedPnl: moneyOrNull,
      positions: z.array(Position),
    }),
    lines: ({ account, positions, ...values }) => [
      `account            ${account}`,
      ...Object.entries(values).map(([name, value]) => `${name.padEnd(18)} ${show(value) ?? '–'}`),
      ...table(positionColumns, positions),
    ],
  }),
  readCommand({
    usage: 'positions',
    description: 'open positions of an account',
    options: accountOption,
    method: 'get',
    path: '/positions',
    shape: z.object({ positions: z.array(Position) }),
    lines: ({ positions }) => table(positionColumns, positions),
  }),
  readCommand({
    usage: 'cash',
    description: 'cash of an account per currency and in its base currency',
    options: accountOption,
    method: 'get',
    path: '/cash',
    shape: z.object({
      baseCurrency: text,
      availableFunds: Money,
      totalInBase: orNull,
      cash: z.array(Money.extend({ rate: orNull, inBase: orNull })),
    }),
    lines: ({ baseCurrency, availableFunds, totalInBase, cash }) => [
      ...table(
        [
          ['currency', ({ currency }) => currency],
          ['amount', ({ amount }) => amount],
          ['rate', ({ rate }) => rate],
          [`in ${baseCurrency}`, ({ inBase }) => inBase],
        ],
        cash,
      ),
      `total in ${baseCurrency}  ${totalInBase ?? '–'}`,
      `available     ${show(availableFunds) ?? '–'}`,
    ],
  }),
  readCommand({
    usage: 'executions',
    description: 'fills of an account with their commissions',
    options: [
      ...accountOption,
      ['--since <time>', 'ISO 8601'],
      ['--symbol <symbol>', 'only of this one'],
    ],
    method: 'get',
    path: '/executions',
    shape: z.object({
      executions: z.array(
        z.object({
          at: orNull,
          intentId: orNull,
          symbol: text,
          side: text,
          quantity: text,
          price: text,
          exchange: text,
          commission: moneyOrNull,
          realizedPnl: moneyOrNull,
        }),
      ),
    }),
    lines: ({ executions }) =>
      table(
        [
          ['time', ({ at }) => at],
          ['side', ({ side }) => side],
          ['quantity', ({ quantity }) => quantity],
          ['symbol', ({ symbol }) => symbol],
          ['price', ({ price }) => price],
          ['exchange', ({ exchange }) => exchange],
          ['commission', ({ commission }) => show(commission)],
          ['realised', ({ realizedPnl }) => show(realizedPnl)],
          ['intent', ({ intentId }) => intentId ?? 'external'],
        ],
        executions,
      ),
  }),
  readCommand({
    usage: 'connection',
    description: 'the link to the broker; exit code 1 unless everything is well',
    options: [],
    method: 'get',
    path: '/connection/status',
    shape: z.object({
      status: text,
      broker: z.object({ state: text, since: orNull, detail: text }),
      database: text,
      engine: text,
      canPropose: z.boolean(),
    }),
    lines: ({ status, broker, database, engine, canPropose }) => [
      `status       ${status}`,
      visible(`broker       ${broker.state} since ${broker.since ?? '–'}: ${broker.detail}`),
      `database     ${database}`,
      `engine       ${engine}`,
      `can propose  ${canPropose ? 'yes' : 'no'}`,
    ],
    exitCode: ({ status }) => (status === 'ok' ? exitCodes.ok : exitCodes.refused),
  }),
  readCommand({
    usage: 'statistics',
    description: 'caches, market data lines and pacing of the reads',
    options: [],
    method: 'get',
    path: '/market/statistics',
    shape: z.object({
      caches: z.array(Cache),
      lines: z.object({ open: z.number(), most: z.number(), evictions: z.number() }),
      history: z.object({ asked: z.number(), most: z.number() }),
    }),
    lines: ({ caches, lines, history }) => [
      ...table(
        [
          ['cache', ({ name }) => name],
          ['entries', ({ entries }) => entries],
          ['hits', ({ hits }) => hits],
          ['misses', ({ misses }) => misses],
          ['shared', ({ shared }) => shared],
          ['bypassed', ({ bypassed }) => bypassed],
          ['evicted', ({ evictions }) => evictions],
          ['oldest ms', ({ oldestMs }) => oldestMs],
        ],
        caches,
      ),
      `market data lines  ${lines.open} of ${lines.most} open, ${lines.evictions} given up`,
      `history questions  ${history.asked} of ${history.most} in ten minutes`,
    ],
  }),
];

const orderCommands: readonly ReadCommand[] = [
  readCommand({
    usage: 'open',
    description: 'orders that are live at the broker, external ones too',
    options: accountOption,
    method: 'get',
    path: '/orders/open',
    shape: z.object({ orders: z.array(Order) }),
    lines: ({ orders }) => table(orderColumns, orders),
  }),
  readCommand({
    usage: 'completed',
    description: 'orders that are over at the broker, newest first',
    options: [...accountOption, ['--limit <n>', 'rows']],
    method: 'get',
    path: '/orders/completed',
    shape: z.object({ orders: z.array(Order.extend({ completedAt: orNull })) }),
    lines: ({ orders }) =>
      table<z.infer<typeof Order> & { completedAt: string | null }>(
        [['completed', ({ completedAt }) => completedAt], ...orderColumns],
        orders,
      ),
  }),
];

/** `accounts`, `portfolio`, `positions`, `cash`, `executions`, `connection`, `statistics`. */
export function addAccountCommands(program: Command, context: CliContext): void {
  for (const command of commands) addReadCommand(program, context, command);
}

/** `orders open` and `orders completed`, beside the requests of `orders list`. */
export function addBrokerOrderCommands(orders: Command, context: CliContext): void {
  for (const command of orderCommands) addReadCommand(orders, context, command);
}
