import { existsSync, readFileSync } from 'node:fs';
import { ConfigurationError, readSettings, type Settings } from '../config/env.ts';
import { logger } from '../log/logger.ts';
import { serveMcpStdio } from '../mcp/stdio.ts';
import { agentOfKey } from '../operations/access/sign-in.ts';
import { agentKeyPath } from './agent-key-file.ts';
import { openDoors } from './doors.ts';
import { ownVersion } from './own-version.ts';
import { settingsHere } from './run-info.ts';
import { runProcess, type Started } from './process.ts';

/**
 * The MCP door for a host that starts it as a program. stdout belongs to the protocol, logs go to stderr; it ends
 * when the host closes stdin.
 */
async function startMcpStdio(settings: Settings): Promise<Started> {
  const key = agentKey(settings);
  const doors = await openDoors(settings, 'mcp-stdio');
  if ((await agentOfKey(doors.ports.store.identity, key)) === null) {
    await doors.close();
    throw new ConfigurationError('The agent key is not valid', [
      'COUNTERSIGN_AGENT_KEY or agent.key: no such key is stored (npm start writes a new one)',
    ]);
  }
  const mcp = serveMcpStdio(
    {
      ports: doors.ports,
      log: logger('mcp-stdio', settings.LOG_LEVEL, 'stderr'),
      version: ownVersion(),
      readOnly: settings.READ_ONLY,
    },
    key,
  );
  process.stdin.once('close', () => process.kill(process.pid, 'SIGTERM'));
  return {
    async stop() {
      await mcp.close();
      await doors.close();
    },
  };
}

function agentKey(settings: Settings): string {
  if (settings.COUNTERSIGN_AGENT_KEY !== undefined) return settings.COUNTERSIGN_AGENT_KEY;
  const home = settings.COUNTERSIGN_HOME;
  const path = home === undefined ? null : agentKeyPath(home);
  if (path !== null && existsSync(path)) return readFileSync(path, 'utf8').trim();
  throw new ConfigurationError('There is no agent key', [
    'COUNTERSIGN_AGENT_KEY: set it, or COUNTERSIGN_HOME to the directory that holds agent.key',
  ]);
}

/** Runs it as this process. */
export function runMcpStdio(): Promise<void> {
  return runProcess('mcp-stdio', () => startMcpStdio(settingsHere(readSettings())));
}

if (import.meta.main) await runMcpStdio();
