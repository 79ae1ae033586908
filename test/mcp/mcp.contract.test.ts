import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, describe, expect, it } from 'vitest';
import { logger } from '../../src/log/logger.ts';
import { createMcpApp } from '../../src/mcp/app.ts';
import { toolsFor } from '../../src/mcp/tools.ts';
import { createWorld, type World } from '../support/doors-world.ts';
import { order, propose, sampleOf } from '../support/operation-samples.ts';

const { list: toolList, operations: toolOperations } = toolsFor();

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serveWorld(world: World): Promise<URL> {
  const log = logger('test', 'error', { write: () => undefined });
  const { app, close } = createMcpApp({ ports: world.ports, log, version: '0.0.0' });
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }) as Server;
  await once(server, 'listening');
  closers.push(async () => {
    await close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
}

async function connect(world: World, key = world.agent.key): Promise<Client> {
  const url = await serveWorld(world);
  const headers = { authorization: `Bearer ${key}` };
  const client = new Client({ name: 'test', version: '0' });
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers } });
  closers.push(() => client.close());
  await client.connect(transport);
  return client;
}

type Result = {
  isError?: boolean;
  structuredContent?: Record<string, unknown>;
  content: { type: string; text: string }[];
};

async function use(client: Client, name: string, args: object = {}): Promise<Result> {
  const result = await client.callTool({ name, arguments: args as Record<string, unknown> });
  return result as unknown as Result;
}

describe('the tools', () => {
  it('are small enough, annotated, and contain nothing that approves or releases', () => {
    for (const tool of toolList) {
      expect(tool.name).toMatch(/^[a-z][a-z0-9_]{1,39}$/);
      expect(tool.name).not.toMatch(/grant|approve(?!$)|deny|release|submit|configure/);
      expect(Object.keys(tool.annotations).sort()).toEqual([
        'destructiveHint',
        'idempotentHint',
        'openWorldHint',
        'readOnlyHint',
        'title',
      ]);
      expect(tool.inputSchema['type']).toBe('object');
      expect(tool.inputSchema['additionalProperties']).toBe(false);
      for (const union of ['anyOf', 'oneOf', 'allOf', '$ref']) {
        expect(tool.inputSchema).not.toHaveProperty(union);
      }
    }
    expect(toolList.length).toBeLessThanOrEqual(40);
    expect(JSON.stringify(toolList).length).toBeLessThan(120_000);
    expect(toolList.map((tool) => tool.name)).toMatchSnapshot();
  });
});

describe('a v1 client over HTTP', () => {
  it('lists the tools and can use every one as advertised', async () => {
    const world = createWorld();
    const client = await connect(world);
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(toolOperations.map((one) => one.name));
    for (const tool of tools) {
      const proposed = await propose(world);
      if (tool.name === 'wait_for_decision') {
        world.ledger.setState(proposed.intentId as never, 'Expired');
      }
      const result = await use(client, tool.name, sampleOf(tool.name, proposed));
      expect(result.content[0]?.text).toBe(JSON.stringify(result.structuredContent));
      expect(result.isError).toBeUndefined();
      if (tool.name === 'activate_kill_switch') {
        await world.ports.store.killSwitch.release('drill is over', world.context(null).actor);
      }
    }
  });

  it('gets errors that say what failed, where, and what to do next', async () => {
    const client = await connect(createWorld());
    await client.listTools();
    const cases: [string, object, string, RegExp][] = [
      [
        'request_approval',
        { ...order, idempotencyKey: 'k-1', side: 'HOLD' },
        'VALIDATION',
        /\/side/,
      ],
      [
        'request_approval',
        { ...order, idempotencyKey: 'key-00001', foo: 1 },
        'VALIDATION',
        /\/foo: unknown/,
      ],
      [
        'request_approval',
        { ...order, idempotencyKey: 'key-00002', limitPrice: 1.001 },
        'PRICE_OFF_TICK',
        /Next: Set limitPrice to 1 or 1.01/,
      ],
      [
        'simulate_order',
        { ...order, instrument: { symbol: 'TWIN' } },
        'INSTRUMENT_AMBIGUOUS',
        /"conId":1/,
      ],
      ['get_request', { intentId: 'int_00000000000000000000' }, 'NOT_FOUND', /list_requests/],
      ['grant_approval', {}, 'NOT_FOUND', /humans/],
      ['release_kill_switch', { reason: 'please' }, 'NOT_FOUND', /humans/],
    ];
    for (const [name, args, code, text] of cases) {
      const result = await use(client, name, args);
      expect(result.isError).toBe(true);
      expect(result.structuredContent).toMatchObject({ code });
      expect(result.content[0]?.text).toMatch(text);
    }
  });

  it('is told by a denied order which rule refused and what to change', async () => {
    const client = await connect(createWorld());
    const args = { ...order, quantity: 5000, idempotencyKey: 'key-denied' };
    const result = await use(client, 'request_approval', args);
    expect(result.isError).toBeUndefined();
    expect(result.structuredContent).toMatchObject({ state: 'Denied' });
    expect(result.content[0]?.text).toMatch(/R13 Quantity per order: 5000, limit 1000/);
  });

  it('wakes up as soon as a human has decided', async () => {
    const world = createWorld();
    const client = await connect(world);
    const { intentId } = await propose(world);
    const waiting = use(client, 'wait_for_decision', { intentId, timeoutSeconds: 40 });
    setTimeout(() => {
      world.ledger.setState(intentId as never, 'Declined');
    }, 100);
    const result = await waiting;
    expect(result.structuredContent).toMatchObject({ state: 'Declined', reached: true });
  });

  it('leaves a ToolCalled event per call, without input', async () => {
    const world = createWorld();
    const client = await connect(world);
    await use(client, 'get_cash');
    await use(client, 'get_cash', { account: 'secret words' });
    await use(client, 'nothing_like_it');
    const calls = world.events.filter((event) => event.body.includes('"ToolCalled"'));
    expect(calls).toHaveLength(3);
    expect(calls.map((one) => one.body).join()).not.toContain('secret words');
    expect(calls[1]?.body).toContain('"outcome":"VALIDATION"');
  });

  it('gets nothing from an operator session, a wrong key, another Host or another Origin', async () => {
    const world = createWorld();
    const url = await serveWorld(world);
    const post = (headers: Record<string, string>) =>
      fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...headers,
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
      });
    const key = { authorization: `Bearer ${world.agent.key}` };
    expect((await post(key)).status).toBe(200);
    expect((await post({})).status).toBe(401);
    expect((await post({ cookie: `countersign_session=${world.operator.session}` })).status).toBe(
      401,
    );
    expect((await post({ authorization: `Bearer ${world.operator.session}` })).status).toBe(401);
    expect((await post({ ...key, origin: 'https://evil.example' })).status).toBe(403);
    await expect(connect(world, 'csk_00000000_wrong')).rejects.toThrow();
  });

  it('refuses a message above 64 KB', async () => {
    const world = createWorld();
    const url = await serveWorld(world);
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: `Bearer ${world.agent.key}`,
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'x',
        params: { a: 'x'.repeat(70_000) },
      }),
    });
    expect(answer.status).toBe(413);
  });
});

describe('a client of the 2026 era', () => {
  it('discovers, lists and calls without a handshake', async () => {
    const world = createWorld();
    const url = await serveWorld(world);
    const send = async (method: string, params: Record<string, unknown> = {}) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          authorization: `Bearer ${world.agent.key}`,
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': method,
          ...(typeof params['name'] === 'string' ? { 'mcp-name': params['name'] } : {}),
        },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method,
          params: {
            ...params,
            _meta: {
              'io.modelcontextprotocol/protocolVersion': '2026-07-28',
              'io.modelcontextprotocol/clientInfo': { name: 'test', version: '0' },
              'io.modelcontextprotocol/clientCapabilities': {},
            },
          },
        }),
      });
      const { result, error } = (await response.json()) as {
        result?: Record<string, unknown>;
        error?: unknown;
      };
      expect(error).toBeUndefined();
      return result;
    };
    expect(await send('server/discover')).toBeDefined();
    const { tools } = (await send('tools/list')) as { tools: unknown[] };
    expect(tools).toHaveLength(toolList.length);
    const cash = await send('tools/call', { name: 'get_cash', arguments: {} });
    expect(cash).toMatchObject({ structuredContent: { account: 'DU1234567' } });
  });
});

describe('a v1 client over stdio', () => {
  it('lists and calls; the log does not touch the protocol', async () => {
    const program = fileURLToPath(new URL('../support/mcp-stdio-world.ts', import.meta.url));
    const client = new Client({ name: 'test', version: '0' });
    closers.push(() => client.close());
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [program],
      stderr: 'pipe',
    });
    await client.connect(transport);
    const { tools } = await client.listTools();
    expect(tools).toHaveLength(toolList.length);
    const good = await use(client, 'get_portfolio');
    expect(good.structuredContent).toMatchObject({ account: 'DU1234567' });
    const bad = await use(client, 'get_portfolio', { account: 5 });
    expect(bad.structuredContent).toMatchObject({ code: 'VALIDATION' });
  });
});
