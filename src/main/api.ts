import { createApi } from '../api/app.ts';
import { readSettings, type Settings } from '../config/env.ts';
import type { Actor } from '../domain/audit/event.ts';
import { logger } from '../log/logger.ts';
import { createLoginToken } from '../operations/access/sign-in.ts';
import { ensureAgentKeyFile } from './agent-key-file.ts';
import { listen, openDoors, publicUrl } from './doors.ts';
import { ownVersion } from './own-version.ts';
import { runProcess, type Started } from './process.ts';

const actor: Actor = { kind: 'system', id: 'api', channel: 'system' };

/**
 * The HTTP process. Each start makes a one-time login link for the operator, and the agent's key file unless it has a
 * working one; both are announced to the supervisor and written nowhere else.
 */
export async function startApi(settings: Settings): Promise<Started> {
  const doors = await openDoors(settings, 'api');
  const { identity } = doors.ports.store;
  const url = publicUrl(settings);
  const app = createApi({
    ports: doors.ports,
    log: logger('api', settings.LOG_LEVEL),
    version: ownVersion(),
    readOnly: settings.READ_ONLY,
    publicUrl: url,
  });
  const home = settings.COUNTERSIGN_HOME;
  const agentKeyFile = home === undefined ? null : await ensureAgentKeyFile(identity, home, actor);
  const token = await createLoginToken(identity, 'operator', actor);
  const server = await listen(app, settings.API_HOST, settings.API_PORT);
  return {
    ready: { url, operatorLink: `${url}/login?token=${token}`, agentKeyFile },
    async stop() {
      await server.close();
      await doors.close();
    },
  };
}

if (import.meta.main) await runProcess('api', () => startApi(readSettings()));
