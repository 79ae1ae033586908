import type { OpenAPIHono } from '@hono/zod-openapi';
import { createApi } from '../../src/api/app.ts';
import type { ApiEnv } from '../../src/api/api.ts';
import { logger } from '../../src/log/logger.ts';
import type { Operation } from '../../src/operations/operation.ts';
import type { World } from './doors-world.ts';

export type Who = 'agent' | 'otherAgent' | 'operator' | 'auditor' | 'nobody';
export const origin = 'http://127.0.0.1:8000';

export type Answer = { status: number; headers: Headers; body: Record<string, unknown> };

/** The API of a world, called in process. */
export function apiOf(world: World, lines: string[] = []): OpenAPIHono<ApiEnv> {
  const log = logger('test', 'warn', { write: (line) => lines.push(line) });
  return createApi({ ports: world.ports, log, version: '0.0.0', publicUrl: origin });
}

export function headersOf(world: World, who: Who): Record<string, string> {
  if (who === 'nobody') return {};
  const one = world[who];
  return 'key' in one
    ? { authorization: `Bearer ${one.key}` }
    : { cookie: `countersign_session=${one.session}`, origin };
}

/** Sends one request and reads the JSON answer. */
export async function send(
  app: OpenAPIHono<ApiEnv>,
  method: string,
  path: string,
  options: {
    headers?: Record<string, string>;
    body?: unknown;
    text?: string | Uint8Array<ArrayBuffer>;
  } = {},
): Promise<Answer> {
  const body = options.text ?? (options.body === undefined ? null : JSON.stringify(options.body));
  const response = await app.request(`${origin}${path}`, {
    method,
    headers: {
      host: '127.0.0.1:8000',
      ...(body === null ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    body,
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  const parsed: unknown = isJson ? JSON.parse(text) : { text };
  return {
    status: response.status,
    headers: response.headers,
    body: parsed as Record<string, unknown>,
  };
}

/** Calls an operation over its route with an input, placing each field where the route wants it. */
export function call(
  app: OpenAPIHono<ApiEnv>,
  world: World,
  who: Who,
  operation: Operation,
  input: Record<string, unknown>,
): Promise<Answer> {
  const { http } = operation;
  if (http === null) throw new Error(`${operation.name} has no route`);
  const rest = { ...input };
  const take = (name: string): string => {
    const { [name]: value } = rest;
    Reflect.deleteProperty(rest, name);
    return String(value);
  };
  let path = `/api/v1${http.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => take(name))}`;
  const headers = headersOf(world, who);
  if (http.idempotent === true) headers['idempotency-key'] = take('idempotencyKey');
  if (http.method === 'post') return send(app, 'POST', path, { headers, body: rest });
  const query = new URLSearchParams(
    Object.entries(rest).map(([k, v]): [string, string] => [k, String(v)]),
  );
  if (query.size > 0) path += `?${query.toString()}`;
  return send(app, 'GET', path, { headers });
}
