import { expect, it, vi } from 'vitest';
import type { Machine } from '../../src/cli/context.ts';
import { runCli } from '../../src/cli/program.ts';
import { readSettings } from '../../src/config/env.ts';
import { withoutWrites } from '../../src/gateway/without-writes.ts';
import type { BrokerWrites } from '../../src/broker/port.ts';
import { operations, operationsFor } from '../../src/operations/index.ts';
import { createApi } from '../../src/api/app.ts';
import { callTool } from '../../src/mcp/call-tool.ts';
import { toolsFor } from '../../src/mcp/tools.ts';
import { createWorld } from '../support/doors-world.ts';
import { headersOf, origin, send } from '../support/http-client.ts';

const gone = operations.filter((one) => !operationsFor(true).includes(one));
const log = { warn: vi.fn(), error: vi.fn(), info: vi.fn(), debug: vi.fn() } as never;

it('what could lead to an order is gone, what looks or halts stays', () => {
  const kept = operationsFor(true).map(({ name }) => name);
  expect(gone.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      ...['deny_approval', 'grant_approval', 'release_kill_switch', 'release_latch'],
      ...['request_approval', 'withdraw_request'],
    ]),
  );
  expect(kept).toEqual(
    expect.arrayContaining(['activate_kill_switch', 'get_portfolio', 'market_bars', 'reconnect']),
  );
  expect(operationsFor(true).every(({ effect }) => ['read', 'halt'].includes(effect))).toBe(true);
  expect(operationsFor(false)).toBe(operations);
});

it.each(gone.map((one) => [one.name, one] as const))(
  '%s has no route and no tool',
  async (name, one) => {
    const world = createWorld();
    const options = { ports: world.ports, log, version: '1', publicUrl: origin };
    const closed = createApi({ ...options, readOnly: true });
    const path = `/api/v1${one.http!.path.replaceAll(/\{\w+\}/g, 'apr_00000000000000000000')}`;
    const method = one.http!.method.toUpperCase();
    const headers = headersOf(world, 'operator');
    expect((await send(closed, method, path, { headers })).body).toMatchObject({
      code: expect.stringMatching(/^(NOT_FOUND|METHOD_NOT_ALLOWED)$/) as string,
    });
    const open = await send(createApi(options), method, path, { headers });
    expect(open.body['title']).not.toBe('There is no such thing');
    const document = JSON.stringify((await send(closed, 'GET', '/api/v1/openapi.json')).body);
    expect(document).not.toContain(`"${name}"`);
    expect(toolsFor(true).list.map((tool) => tool.name)).not.toContain(name);
    const who = () => Promise.resolve(world.agent.principal);
    const call = { name, input: {}, signal: new AbortController().signal };
    const refused = await callTool(
      { ports: world.ports, log, version: '1', readOnly: true },
      who,
      call,
    );
    expect(JSON.stringify(refused)).toContain('NOT_FOUND');
  },
);

it('the command line has no such commands', async () => {
  const run = async (args: readonly string[], readOnly: boolean) => {
    let out = '';
    const code = await runCli(args, {
      ...{ home: '/nowhere', apiUrl: null, ask: null, machine: {} as Machine, readOnly },
      out: (text) => (out += text),
      err: (text) => (out += text),
    });
    return { code, out };
  };
  expect((await run(['approvals', '--help'], false)).out).toContain('grant');
  const help = await run(['approvals', '--help'], true);
  expect(help.out).toContain('list');
  expect(help.out).not.toMatch(/grant|deny/);
  expect((await run(['--help'], true)).out).not.toContain('release');
  expect((await run(['release', '--reason', 'x'], true)).code).toBe(2);
});

it('the gateway process sends nothing', () => {
  const place = vi.fn();
  const broker = { clientId: 1, nextValidId: () => 1, place, cancel: place, modify: place };
  const closed = withoutWrites(broker as unknown as BrokerWrites);
  for (const write of [closed.place, closed.cancel, closed.modify]) {
    expect(() => {
      write({} as never);
    }).toThrow(/read-only/);
  }
  expect(place).not.toHaveBeenCalled();
});

it('is a setting that is off unless it says true', () => {
  expect(readSettings({}).READ_ONLY).toBe(false);
  expect(readSettings({ READ_ONLY: 'true' }).READ_ONLY).toBe(true);
  expect(() => readSettings({ READ_ONLY: 'yes' })).toThrow(/READ_ONLY/);
});
