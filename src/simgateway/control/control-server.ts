// The control port: JSON over HTTP on the loopback address. It is part of a test double; it has no
// authentication and must never be reachable from elsewhere.
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Simulation } from '../simulation.ts';
import { faultRoutes } from './fault-routes.ts';
import { marketRoutes } from './market-routes.ts';
import { orderRoutes } from './order-routes.ts';
import { ControlError, readInput, route } from './route.ts';
import type { Route } from './route.ts';

const MAX_BODY_BYTES = 64 * 1024;

const health = route('GET', '/health', {}, (sim) => ({
  ready: sim.isUp,
  now: new Date(sim.clock.now()).toISOString(),
  connections: sim.sessions.size,
  orders: sim.store.orders.size,
}));

/** Every route, in the order of the product page. */
export const controlRoutes: readonly Route[] = [
  health,
  ...marketRoutes,
  ...orderRoutes,
  ...faultRoutes,
];

function paramsOf(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const value = given[i] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
}

function find(method: string | undefined, path: string) {
  const matching = controlRoutes.flatMap((r) => {
    const params = paramsOf(r.path, path);
    return params === undefined ? [] : [{ route: r, params }];
  });
  const found = matching.find((m) => m.route.method === method);
  if (found !== undefined) return found;
  if (matching.length === 0) throw new ControlError(404, `no route ${path}; see README.md`);
  const allowed = matching.map((m) => m.route.method).join(', ');
  throw new ControlError(405, `${path} takes ${allowed}`);
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new ControlError(413, 'body is too large');
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return {};
  const body = parseJson(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ControlError(400, 'body must be a JSON object');
  }
  return body as Record<string, unknown>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ControlError(400, 'body is not JSON');
  }
}

async function answer(sim: Simulation, request: IncomingMessage): Promise<unknown> {
  if (request.headers.origin !== undefined) {
    throw new ControlError(403, 'the control port does not serve web pages');
  }
  const url = URL.parse(`http://control${request.url ?? '/'}`);
  if (url === null) throw new ControlError(400, 'the path is not a URL path');
  const { route: r, params } = find(request.method, url.pathname);
  const raw = r.method === 'GET' ? Object.fromEntries(url.searchParams) : await bodyOf(request);
  const result = r.run(sim, readInput(r.fields, raw), params);
  sim.flushNow();
  return result;
}

/** A control server for one simulation, not yet listening. */
export function createControlServer(sim: Simulation): Server {
  return createServer((request, response) => {
    const reply = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    answer(sim, request).then(
      (result) => {
        reply(200, result);
      },
      (cause: unknown) => {
        if (!(cause instanceof ControlError)) throw cause;
        reply(cause.status, { error: cause.message });
      },
    );
  });
}
