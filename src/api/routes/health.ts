import type { OpenAPIHono } from '@hono/zod-openapi';
import { readConnections } from '../../operations/connection-status.ts';
import type { ApiEnv, ApiOptions } from '../api.ts';

/**
 * For whoever runs the process. `/healthz`: it lives. `/readyz`: 503 only without the database; a broker or an
 * engine that is away is `degraded`, since restarting this process would not help. No detail needs a key here.
 */
export function registerHealth(app: OpenAPIHono<ApiEnv>, options: ApiOptions): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/version', (c) =>
    c.json({
      name: 'countersign',
      version: options.version,
      environment: options.ports.environment,
    }),
  );
  app.get('/readyz', async (c) => {
    const { status, broker, database, engine } = await readConnections(options.ports);
    return c.json(
      { status, broker: broker.state, database, engine },
      status === 'down' ? 503 : 200,
    );
  });
}
