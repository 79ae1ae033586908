// The MCP door as a host uses it: the first SDK line's client over Streamable HTTP, or a program over stdio.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Product } from './product.ts';

export type McpSession = { readonly client: Client; readonly close: () => Promise<void> };

const self = { name: 'countersign-tests', version: '1.0.0' };

/** Connects over Streamable HTTP with an agent key, by default the product's own. */
export async function connectMcp(
  { info, agentKey }: Pick<Product, 'info' | 'agentKey'>,
  key = agentKey,
): Promise<McpSession> {
  const client = new Client(self);
  const transport = new StreamableHTTPClientTransport(new URL(info.mcpUrl), {
    requestInit: { headers: { authorization: `Bearer ${key}` } },
  });
  await client.connect(transport);
  return { client, close: () => client.close() };
}

/** Starts the stdio door of the running product, as an MCP host does. */
export async function connectMcpStdio({ info }: Pick<Product, 'info'>): Promise<McpSession> {
  const client = new Client(self);
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [new URL('../../src/main/mcp-stdio.ts', import.meta.url).pathname],
    env: { COUNTERSIGN_HOME: info.stateDir, PATH: process.env['PATH'] ?? '' },
    stderr: 'ignore',
  });
  await client.connect(transport);
  return { client, close: () => client.close() };
}

export type ToolAnswer = {
  readonly isError: boolean;
  readonly output: Record<string, unknown>;
  readonly text: string;
};

/** Calls a tool; a refusal is an answer with `isError`. */
export async function callTool(
  { client }: McpSession,
  name: string,
  input: Record<string, unknown> = {},
): Promise<ToolAnswer> {
  const result = await client.callTool({ name, arguments: input });
  const content = result.content as { readonly text?: string }[];
  return {
    isError: result.isError === true,
    output: (result.structuredContent ?? {}) as Record<string, unknown>,
    text: content.map(({ text }) => text ?? '').join('\n'),
  };
}
