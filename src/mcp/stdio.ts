import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { agentOfKey } from '../operations/access/sign-in.ts';
import type { McpOptions } from './mcp.ts';
import { createMcpServer } from './server.ts';

/** The MCP door over stdin and stdout, for a host on this machine. Logs must go to stderr. */
export function serveMcpStdio(
  options: McpOptions,
  agentKey: string,
): { close: () => Promise<void> } {
  const { identity } = options.ports.store;
  return serveStdio(() => createMcpServer(options, () => agentOfKey(identity, agentKey)), {
    onerror: (error) => {
      options.log.warn({ err: error }, 'an MCP message was refused');
    },
  });
}
