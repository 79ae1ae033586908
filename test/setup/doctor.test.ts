import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { exitCodeOf, renderFindings, type Finding } from '../../src/supervisor/finding.ts';
import { readSetupEnv } from '../../src/config/setup-env.ts';
import { findFreePort } from '../../src/embedded/ports.ts';
import { checkBroker } from '../../src/supervisor/checks/broker.ts';
import { judgeClock } from '../../src/supervisor/checks/clock.ts';
import { checkNode } from '../../src/supervisor/checks/machine.ts';
import { checkPorts, checkPostgres, checkTemporal } from '../../src/supervisor/checks/servers.ts';

const ok: Finding = { name: 'a', state: 'ok', text: 'fine' };
const missing = (exitCode: number): Finding => ({
  name: 'b',
  state: 'missing',
  text: 'gone',
  exitCode,
});

test('the exit code is 0 while nothing is missing', () => {
  expect(exitCodeOf([ok, { ...ok, state: 'warning' }, { ...ok, state: 'unknown' }])).toBe(0);
});

test('a wrong configuration outweighs a missing service, and that a taken port', () => {
  expect(exitCodeOf([missing(75), missing(69)])).toBe(69);
  expect(exitCodeOf([missing(75), missing(69), missing(78)])).toBe(78);
  expect(exitCodeOf([ok, missing(75)])).toBe(75);
});

test('what to do stands below what is missing', () => {
  const lines = renderFindings([ok, { ...missing(69), fix: 'bring it' }]);
  expect(lines).toEqual([
    '✓ a             fine',
    '✗ b             gone',
    '                → bring it',
    '',
    '1 of 2 to put right.',
  ]);
});

test.each([
  [undefined, 'unknown'],
  [120, 'ok'],
  [-4_000, 'warning'],
  [45_000, 'missing'],
])('a clock that is %s ms off: %s', (offset, state) => {
  expect(judgeClock(offset).state).toBe(state);
});

test('an old Node is a configuration error', () => {
  expect(checkNode('20.19.0')).toMatchObject({ state: 'missing', exitCode: 78 });
  expect(checkNode().state).toBe('ok');
});

test('servers elsewhere that do not answer are missing', async () => {
  const port = await findFreePort();
  const env = readSetupEnv({
    TEMPORAL_ADDRESS: `127.0.0.1:${port}`,
    DATABASE_URL: `postgres://127.0.0.1:${port}/x`,
  });
  expect(await checkTemporal(env, '/nowhere')).toMatchObject({ state: 'missing', exitCode: 69 });
  expect(await checkPostgres(env, '/nowhere', '/nowhere')).toMatchObject({ state: 'missing' });
});

test('a broker: unnamed, a closed port, and TWS', async () => {
  const at = (port: number): NodeJS.ProcessEnv => ({
    IBKR_HOST: '127.0.0.1',
    IBKR_PORT: String(port),
    IBKR_ALLOWED_PORTS: String(port),
  });
  const unnamed = await checkBroker(readSetupEnv({ ENV: 'paper' }));
  expect(unnamed).toMatchObject({ state: 'missing', exitCode: 78 });
  const closed = await findFreePort();
  expect(await checkBroker(readSetupEnv(at(closed)))).toMatchObject({
    state: 'missing',
    text: `nothing listens on 127.0.0.1:${closed}`,
  });
  const server = createServer((socket) => {
    socket.once('data', (hello) => {
      if (!hello.toString('latin1').startsWith('API\0')) return socket.destroy();
      const body = Buffer.from('187\x0020260102 10:00:00 UTC\0');
      const length = Buffer.alloc(4);
      length.writeUInt32BE(body.length);
      return socket.write(Buffer.concat([length, body]));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const found = await checkBroker(readSetupEnv(at(port)));
  server.close();
  expect(found.state).toBe('ok');
  expect(found.text).toContain('server version 187');
});

test('a taken port is named with its owner', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const findings = await checkPorts(readSetupEnv({ API_PORT: String(port) }), undefined);
  server.close();
  const text = expect.stringContaining(`${port} (api) is taken by pid ${process.pid}`) as string;
  expect(findings).toContainEqual(
    expect.objectContaining({ state: 'missing', exitCode: 75, text }),
  );
});
