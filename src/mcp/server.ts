import { McpServer } from '@modelcontextprotocol/server';
import { callTool } from './call-tool.ts';
import type { McpOptions, WhoSpeaks } from './mcp.ts';
import { toolsFor } from './tools.ts';

const instructions =
  'Countersign places orders at Interactive Brokers only after a human has approved them. Look first (get_portfolio, ' +
  'market_snapshot, get_policy), check with simulate_order or evaluate_risk, then request_approval once with your own ' +
  'idempotencyKey and wait_for_decision. You cannot approve; if something looks wrong, use activate_kill_switch.';

/**
 * An MCP server over the operations. The handlers are set directly, so that input is judged by the operation's own
 * schema and errors are our texts in both protocol eras.
 */
export function createMcpServer(options: McpOptions, who: WhoSpeaks): McpServer {
  const mcp = new McpServer(
    { name: 'countersign', title: 'Countersign order gateway', version: options.version },
    { capabilities: { tools: {} }, instructions },
  );
  mcp.server.setRequestHandler('tools/list', () => ({
    tools: toolsFor(options.readOnly).list.map((tool) => ({ ...tool })),
  }));
  mcp.server.setRequestHandler('tools/call', (request, context) =>
    callTool(options, who, {
      name: request.params.name,
      input: request.params.arguments,
      signal: context.mcpReq.signal,
    }),
  );
  return mcp;
}
