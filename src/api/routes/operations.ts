import type { OpenAPIHono } from '@hono/zod-openapi';
import { contextFor } from '../../operations/context.ts';
import { invoke } from '../../operations/invoke.ts';
import type { Operation } from '../../operations/operation.ts';
import type { ApiContext, ApiEnv, ApiOptions } from '../api.ts';
import { authenticate } from '../middleware/authenticate.ts';
import { describeOperation } from './describe.ts';
import { inputReader } from './read-input.ts';

/** Everything below this is an operation. */
export const apiBase = '/api/v1';

/** Registers an operation as a route and in the OpenAPI document. */
export function registerOperation(
  app: OpenAPIHono<ApiEnv>,
  options: ApiOptions,
  operation: Operation,
): void {
  const { http } = operation;
  if (http === null) return;
  app.openAPIRegistry.registerPath(describeOperation(operation, http, apiBase));
  const readInput = inputReader(operation, http);
  const path = apiBase + http.path.replaceAll(/\{(\w+)\}/g, ':$1');
  app.on(http.method.toUpperCase(), path, async (c) => {
    const principal = await authenticate(c, options);
    const context = contextFor(options.ports, {
      principal,
      channel: channelOf(c),
      requestId: c.get('requestId'),
      signal: c.req.raw.signal,
    });
    const output = await invoke(operation, context, () => readInput(c));
    return c.json(output as object, http.status ?? 200, responseHeaders(http, output));
  });
}

/** Which of the two HTTP clients speaks, as it says itself; both have the same rights. */
function channelOf(c: ApiContext): 'cli' | 'http' {
  return c.req.header('x-countersign-client') === 'cli' ? 'cli' : 'http';
}

function responseHeaders(
  http: NonNullable<Operation['http']>,
  output: unknown,
): Record<string, string> {
  const fields = output as { readonly [name: string]: unknown; links?: { request?: string } };
  const tag = http.etagField === undefined ? undefined : fields[http.etagField];
  const location = http.status === 202 ? fields.links?.request : undefined;
  return {
    ...(typeof tag === 'string' ? { etag: `"${tag}"` } : {}),
    ...(location === undefined ? {} : { location, 'retry-after': '1' }),
  };
}
