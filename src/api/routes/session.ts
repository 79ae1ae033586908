import type { OpenAPIHono } from '@hono/zod-openapi';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import { GatewayError } from '../../domain/errors.ts';
import { explainIssues } from '../../operations/parts/issues.ts';
import { digestOf } from '../../operations/access/secrets.ts';
import { redeemLogin, sessionTtlMs } from '../../operations/access/sign-in.ts';
import type { ApiContext, ApiEnv, ApiOptions } from '../api.ts';
import { authenticate, cookieName } from '../middleware/authenticate.ts';
import { readJsonObject, readText } from '../middleware/body.ts';
import { checkOrigin } from '../middleware/guard.ts';
import { describeSession } from './describe-session.ts';
import { apiBase } from './operations.ts';
import { page } from './pages.ts';

const Redeem = z.strictObject({ token: z.string().max(200) });

/**
 * An operator's session. The one-time link opens a page whose button redeems it: a preview that merely loads the
 * link consumes nothing. Programs redeem with JSON at `POST /api/v1/session`.
 */
export function registerSession(app: OpenAPIHono<ApiEnv>, options: ApiOptions): void {
  describeSession(app);
  app.get('/login', (c) => {
    const token = c.req.query('token') ?? '';
    return c.html(page('Log in', loginForm(token)));
  });
  app.post('/login', async (c) => {
    if (c.req.header('origin') !== undefined) checkOrigin(c.req.raw, options.publicUrl);
    const form = new URLSearchParams(
      await readText(c.req.raw, 'application/x-www-form-urlencoded'),
    );
    try {
      await signIn(c, options, form.get('token') ?? '');
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== 'UNAUTHENTICATED') throw error;
      return c.html(page('Log in', loginForm('')), 401);
    }
    return c.redirect('/', 303);
  });
  app.post(`${apiBase}/session`, async (c) => {
    if (c.req.header('origin') !== undefined) checkOrigin(c.req.raw, options.publicUrl);
    const parsed = Redeem.safeParse(await readJsonObject(c.req.raw));
    if (!parsed.success) {
      throw new GatewayError('VALIDATION', 'Send { "token": "csl_…" }.', {
        hint: 'The token is the part after token= in the login link.',
        problems: explainIssues(parsed.error.issues),
      });
    }
    const { principal } = await signIn(c, options, parsed.data.token);
    return c.json({ ...principal, expiresInSeconds: sessionTtlMs / 1000 });
  });
  app.get(`${apiBase}/session`, async (c) => {
    const principal = await authenticate(c, options);
    if (principal === null) throw new GatewayError('UNAUTHENTICATED', 'Nobody is logged in.');
    return c.json(principal);
  });
  app.delete(`${apiBase}/session`, async (c) => {
    await authenticate(c, options);
    const name = cookieName(options.publicUrl);
    const token = getCookie(c, name);
    if (token !== undefined) await options.ports.store.identity.endSession(digestOf(token));
    deleteCookie(c, name, cookieAttributes(options));
    return c.json({ ended: true });
  });
}

function cookieAttributes(options: ApiOptions) {
  return {
    path: '/',
    httpOnly: true,
    sameSite: 'Strict',
    secure: options.publicUrl.startsWith('https:'),
  } as const;
}

async function signIn(c: ApiContext, options: ApiOptions, token: string) {
  const channel = c.req.header('x-countersign-client') === 'cli' ? 'cli' : 'http';
  const redeemed = await redeemLogin(options.ports.store.identity, token, channel);
  if (redeemed === null) {
    throw new GatewayError('UNAUTHENTICATED', 'The login link is unknown, used or expired.', {
      hint: 'Links work once, for 15 minutes: make a new one with countersign login-link.',
      problems: [{ pointer: '/token', message: 'unknown, used or expired' }],
    });
  }
  setCookie(c, cookieName(options.publicUrl), redeemed.sessionToken, {
    ...cookieAttributes(options),
    maxAge: sessionTtlMs / 1000,
  });
  return redeemed;
}

function loginForm(token: string): string {
  const safe = /^[A-Za-z0-9_-]{0,200}$/.test(token) ? token : '';
  return safe === ''
    ? '<p>This login link is none, or was used, or has expired. Make a new one with <code>countersign login-link</code>.</p>'
    : `<p>This link logs this browser in as an operator, once.</p>
<form method="post" action="/login"><input type="hidden" name="token" value="${safe}">
<button type="submit">Log in</button></form>`;
}
