import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { readSetupEnv } from '../../src/config/setup-env.ts';
import {
  describePortOwner,
  findPortOwner,
  listeningInodes,
} from '../../src/embedded/port-owner.ts';
import { findFreePort, isPortFree } from '../../src/embedded/ports.ts';
import { neededPorts, planPorts } from '../../src/supervisor/plan-ports.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function takePort(): Promise<number> {
  const port = await findFreePort();
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return port;
}

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1
   1: 0100007F:1F40 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1
   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1
`;

test.each([
  [8000, ['4711']],
  [80, ['4713']],
  [40_000, []],
])('only listening sockets of port %i count', (port, expected) => {
  expect(listeningInodes(table, port)).toEqual(expected);
});

test('the owner of a port is named with its command', async () => {
  const port = await takePort();
  expect(findPortOwner(port)?.pid).toBe(process.pid);
  expect(describePortOwner(port)).toContain(`pid ${process.pid} (`);
  expect(await isPortFree(port)).toBe(false);
});

test('a taken port that clients know is refused, with its owner and what to do', async () => {
  const port = await takePort();
  const { ports } = readSetupEnv({ API_PORT: String(port) });
  await expect(planPorts(ports, ['api'], '/nowhere/', () => undefined)).rejects.toThrow(
    new RegExp(`port ${port} \\(api\\) is taken by pid ${process.pid} .* set API_PORT`),
  );
});

test('a taken inner port gives way, and both are said', async () => {
  const taken = await takePort();
  const wish = { port: taken, variable: 'POSTGRES_PORT', isExplicit: false };
  const wishes = { ...readSetupEnv({}).ports, postgres: wish };
  const notices: string[] = [];
  const plan = await planPorts(wishes, ['postgres'], '/nowhere/', (text) => notices.push(text));
  expect(plan.postgres).not.toBe(taken);
  expect(notices).toEqual([expect.stringContaining(`using ${plan.postgres} instead`)]);
});

test('an inner port that the user named is refused like any other', async () => {
  const port = String(await takePort());
  const { ports } = readSetupEnv({ TEMPORAL_PORT: port });
  const planning = planPorts(ports, ['temporal'], '/nowhere/', () => undefined);
  await expect(planning).rejects.toMatchObject({ exitCode: 75 });
});

test('servers elsewhere need no ports here', () => {
  const env = readSetupEnv({
    DATABASE_URL: 'postgres://db.example/x',
    TEMPORAL_ADDRESS: 'temporal.example:7233',
    IBKR_HOST: 'gateway.example',
    IBKR_PORT: '4002',
  });
  expect(neededPorts(env)).toEqual(['api', 'mcp', 'gateway']);
  expect(neededPorts(readSetupEnv({}))).toHaveLength(8);
});
