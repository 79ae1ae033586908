import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Machine } from '../../src/cli/context.ts';
import { runCli } from '../../src/cli/program.ts';
import { table } from '../../src/cli/table.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import { createWorld, type World } from '../support/doors-world.ts';
import { apiOf } from '../support/http-client.ts';

let world: World;
let home: string;
let url: string;
let server: Server;
const noMachine = {} as Machine;

async function cli(args: readonly string[]) {
  const run = { code: 0, out: '', err: '' };
  run.code = await runCli(args, {
    home,
    apiUrl: url,
    out: (text) => (run.out += text),
    err: (text) => (run.err += text),
    ask: null,
    machine: noMachine,
  });
  return run;
}

beforeEach(async () => {
  world = createWorld();
  home = mkdtempSync(join(tmpdir(), 'countersign-cli-'));
  server = serve({ fetch: apiOf(world).fetch, hostname: '127.0.0.1', port: 0 }) as Server;
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await cli(['login', `${url}/login?token=${world.loginToken()}`]);
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(home, { recursive: true });
});

const fiveShares = [
  'AAPL',
  '--side',
  'BUY',
  '--quantity',
  '5',
  '--order-type',
  'MKT',
  '--sec-type',
  'STK',
];

const reads: readonly (readonly [args: readonly string[], shown: string, key: string])[] = [
  [['accounts'], 'DU1234567  paper', 'accounts'],
  [['portfolio'], 'netLiquidation     100000 USD', 'netLiquidation'],
  [['positions', '--account', 'DU1234567'], '265598', 'positions'],
  [['cash'], 'total in USD  100000', 'totalInBase'],
  [['executions', '--symbol', 'AAPL'], 'external', 'executions'],
  [['limits'], 'daily loss', 'limits'],
  [['latches'], 'R8', 'latches'],
  [['policy', 'show'], 'R1    Max notional', 'budget'],
  [['connection'], 'can propose  yes', 'canPropose'],
  [['statistics'], 'history questions  0 of 58', 'history'],
  [['orders', 'open'], 'external', 'orders'],
  [['orders', 'completed', '--limit', '5'], 'Cancelled', 'orders'],
  [['search', 'AAPL', '--sec-type', 'STK'], '1.00', 'matches'],
  [['resolve', 'aapl'], 'orderable   yes', 'matchedBy'],
  [['option-chain', '265598'], '20261218', 'chains'],
  [['quote', 'AAPL', '--fields', 'bid,ask', '--fresh'], 'bid         189.4', 'quality'],
  [['bars', 'AAPL', '--bar-size', '1d', '--limit', '5'], 'still open', 'bars'],
  [['simulate', ...fiveShares], 'own estimate', 'simulation'],
  [['evaluate', ...fiveShares], '(policy ', 'verdict'],
];

it.each(reads)('%j', async (args, shown, key) => {
  const plain = await cli(args);
  expect(plain).toMatchObject({ code: 0, err: '' });
  expect(plain.out).toContain(shown);
  const json = await cli([...args, '--json']);
  expect(json.code).toBe(0);
  expect(JSON.parse(json.out)).toHaveProperty(key);
});

it('a selection of figures shows these and no other', async () => {
  const { out } = await cli(['quote', 'AAPL', '--fields', 'bid', '--json']);
  expect(JSON.parse(out)).toHaveProperty('bid', '189.4');
  expect(JSON.parse(out)).not.toHaveProperty('ask');
});

it.each([
  [['quote', 'TWIN'], 2, 'INSTRUMENT_AMBIGUOUS'],
  // The choices are shown with the conId that settles it.
  [['quote', 'TWIN'], 2, 'TWIN STK '],
  [['resolve', 'NOSUCH'], 2, 'INSTRUMENT_UNKNOWN'],
  [['bars', 'AAPL', '--limit', '5001'], 2, 'limit'],
  [['positions', '--account', 'DU9999999'], 2, 'ACCOUNT_UNKNOWN'],
] as const)('%j ends with %d', async (args, code, said) => {
  const run = await cli(args);
  expect(run.code).toBe(code);
  expect(run.err).toContain(said);
});

it('a broker that is away is exit code 69', async () => {
  world.faults.broker = new GatewayError('BROKER_UNAVAILABLE', 'away');
  expect((await cli(['quote', 'AAPL'])).code).toBe(69);
  expect((await cli(['connection'])).code).toBe(1);
});

it('a table pads, puts numbers to the right, and writes out what would command a terminal', () => {
  const rows = [
    { name: 'a\u001b[2J', amount: '5' },
    { name: 'bb', amount: '-120.5' },
  ];
  const columns = [
    ['name', (row: { name: string }) => row.name],
    ['amount', (row: { amount: string }) => row.amount],
  ] as const;
  expect(table(columns as never, rows)).toEqual([
    'name        amount',
    'a\\u001b[2J       5',
    'bb          -120.5',
  ]);
  expect(table(columns as never, [])).toEqual(['(none)']);
});
