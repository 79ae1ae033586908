// The control port: JSON over HTTP on the loopback address. It is part of a test double; it has no
// authentication and must never be reachable from elsewhere.
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { controlRoutes, runRoute } from './control.ts';
import { ControlError } from './field.ts';
import type { AnyRoute, ControlHost } from './route.ts';

const MAX_BODY_BYTES = 64 * 1024;

/** Names under which this machine knows itself; a web page's own name would be a rebound one. */
const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
const routes: readonly AnyRoute[] = Object.values(controlRoutes);

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
  const matching = routes.flatMap((r) => {
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

/** Refuses what a web page could send, by its origin or by a name that points here. */
function refuseWebPages(request: IncomingMessage): void {
  const { origin, host } = request.headers;
  if (origin !== undefined || (host !== undefined && !LOCAL_HOST.test(host))) {
    throw new ControlError(403, 'the control port serves this machine only, and no web pages');
  }
}

async function answer(host: ControlHost, request: IncomingMessage): Promise<unknown> {
  refuseWebPages(request);
  const url = URL.parse(`http://control${request.url ?? '/'}`);
  if (url === null) throw new ControlError(400, 'the path is not a URL path');
  const { route: r, params } = find(request.method, url.pathname);
  const raw = r.method === 'GET' ? Object.fromEntries(url.searchParams) : await bodyOf(request);
  return runRoute(host, r, raw, params);
}

/** A control server for one gateway, not yet listening. */
export function createControlServer(host: ControlHost): Server {
  return createServer((request, response) => {
    const reply = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    answer(host, request).then(
      (result) => {
        reply(200, result);
      },
      (cause: unknown) => {
        // A fault of our own must not end a gateway that a whole test suite is connected to.
        const status = cause instanceof ControlError ? cause.status : 500;
        reply(status, { error: cause instanceof Error ? cause.message : String(cause) });
      },
    );
  });
}
