import { createHash } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { GatewayError } from '../../domain/errors.ts';
import { requestIdFrom } from '../../operations/context.ts';
import type { ApiEnv, ApiOptions } from '../api.ts';

/** The one style sheet, allowed by its hash: neither inline scripts nor foreign styles can run. */
export const styleSheet =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}' +
  'code{background:#eee;padding:.1rem .3rem}button{font:inherit;padding:.5rem 1rem}';
const styleHash = createHash('sha256').update(styleSheet).digest('base64');

const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; ` +
    `base-uri 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Not no-referrer: browsers would then send Origin: null with the login form.
  'referrer-policy': 'strict-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

/** Gives each request an id and each response the security headers; refuses foreign Host headers. */
export function guard(options: ApiOptions): MiddlewareHandler<ApiEnv> {
  const hosts = allowedHosts(options.publicUrl);
  return async (c, next) => {
    const requestId = requestIdFrom(c.req.header('x-request-id'));
    c.set('requestId', requestId);
    if (!hosts.has(hostNameOf(c.req.header('host')))) {
      throw new GatewayError('FORBIDDEN', 'The Host header does not name this server.', {
        hint: `Use ${options.publicUrl}.`,
      });
    }
    await next();
    decorate(c.res.headers, requestId, options.publicUrl);
  };
}

/** Adds the headers that every response carries, also a refused one. */
export function decorate(headers: Headers, requestId: string, publicUrl: string): void {
  for (const [name, value] of Object.entries(securityHeaders)) headers.set(name, value);
  headers.set('x-request-id', requestId);
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
  if (publicUrl.startsWith('https:')) headers.set('strict-transport-security', 'max-age=31536000');
}

/** Names under which this server may be called: loopback and its public name. */
function allowedHosts(publicUrl: string): ReadonlySet<string> {
  return new Set(['127.0.0.1', 'localhost', '[::1]', new URL(publicUrl).hostname]);
}

function hostNameOf(host: string | undefined): string {
  return (host ?? '').toLowerCase().replace(/:\d+$/, '');
}

/**
 * A state-changing request that carries a session cookie must come from our own pages or from a program that says
 * so: Origin must be ours, Sec-Fetch-Site same-origin, and one of both must be there.
 */
export function checkOrigin(request: Request, publicUrl: string): void {
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  const host = request.headers.get('host') ?? '';
  const ours = [new URL(publicUrl).origin, `${new URL(publicUrl).protocol}//${host}`];
  const originIsOurs = origin === null ? null : ours.includes(origin);
  const siteIsOurs = site === null ? null : site === 'same-origin';
  const known = [originIsOurs, siteIsOurs].filter((one) => one !== null);
  if (known.length > 0 && known.every(Boolean)) return;
  throw new GatewayError('FORBIDDEN', 'The request does not come from a page of this server.', {
    hint: 'Send an Origin header that names this server.',
  });
}
