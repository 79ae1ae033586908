import { localhostHostValidation, localhostOriginValidation } from '@modelcontextprotocol/hono';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { Hono } from 'hono';
import { agentOfKey } from '../operations/access/sign-in.ts';
import { readConnections } from '../operations/connection-status.ts';
import type { McpOptions } from './mcp.ts';
import { createMcpServer } from './server.ts';

/** The largest message that is read, in bytes. */
const maxMessageBytes = 65_536;

/**
 * The MCP door over Streamable HTTP at `/mcp`: agent keys only, on a listener of its own without any operator route.
 * Stateless; both protocol eras.
 */
export function createMcpApp(options: McpOptions): { app: Hono; close: () => Promise<void> } {
  const app = new Hono();
  const { identity } = options.ports.store;
  const handler = createMcpHandler(
    ({ authInfo }) => createMcpServer(options, () => agentOfKey(identity, authInfo?.token ?? '')),
    {
      maxRequestBodySize: maxMessageBytes,
      onerror: (error) => {
        options.log.warn({ err: error }, 'an MCP message was refused');
      },
    },
  );
  app.onError((error, c) => {
    options.log.error({ err: error }, 'an MCP request failed');
    return c.json({ error: 'temporarily_unavailable' }, 503);
  });
  app.use('*', localhostHostValidation());
  app.use('*', localhostOriginValidation());
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const { status } = await readConnections(options.ports);
    return c.json({ status }, status === 'down' ? 503 : 200);
  });
  app.all('/mcp', async (c) => {
    const key = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const agent = key === undefined ? null : await agentOfKey(identity, key);
    if (key === undefined || agent === null) return unauthenticated();
    return handler.fetch(c.req.raw, {
      authInfo: { token: key, clientId: agent.principalId, scopes: [...agent.roles] },
    });
  });
  return { app, close: () => handler.close() };
}

function unauthenticated(): Response {
  return Response.json(
    {
      error: 'invalid_token',
      error_description: 'Send Authorization: Bearer <the content of the agent.key file>.',
    },
    { status: 401, headers: { 'www-authenticate': 'Bearer realm="countersign"' } },
  );
}
