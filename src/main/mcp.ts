import { readSettings, type Settings } from '../config/env.ts';
import { logger } from '../log/logger.ts';
import { createMcpApp } from '../mcp/app.ts';
import { listen, openDoors } from './doors.ts';
import { ownVersion } from './own-version.ts';
import { runProcess, type Started } from './process.ts';

/** The MCP process: a listener of its own, so that an agent's network needs to reach nothing else. */
export async function startMcp(settings: Settings): Promise<Started> {
  const doors = await openDoors(settings, 'mcp');
  const mcp = createMcpApp({
    ports: doors.ports,
    log: logger('mcp', settings.LOG_LEVEL),
    version: ownVersion(),
    readOnly: settings.READ_ONLY,
  });
  const server = await listen(mcp.app, settings.MCP_HOST, settings.MCP_PORT);
  return {
    ready: { url: `http://${settings.MCP_HOST}:${settings.MCP_PORT}/mcp` },
    async stop() {
      await mcp.close();
      await server.close();
      await doors.close();
    },
  };
}

if (import.meta.main) await runProcess('mcp', () => startMcp(readSettings()));
