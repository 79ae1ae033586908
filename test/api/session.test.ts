import { describe, expect, it } from 'vitest';
import { createApi } from '../../src/api/app.ts';
import { logger } from '../../src/log/logger.ts';
import { createWorld } from '../support/doors-world.ts';
import { apiOf, headersOf, origin, send } from '../support/http-client.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded', origin };

describe('the one-time login link', () => {
  it('is not consumed by looking at it, works once by its button, and opens a session', async () => {
    const world = createWorld();
    const app = apiOf(world);
    const token = world.loginToken();
    for (let i = 0; i < 3; i += 1) {
      const seen = await send(app, 'GET', `/login?token=${token}`);
      expect(seen.status).toBe(200);
      expect(seen.headers.get('referrer-policy')).toBe('strict-origin');
      expect(seen.headers.get('set-cookie')).toBeNull();
    }
    const done = await send(app, 'POST', '/login', { headers: form, text: `token=${token}` });
    expect(done.status).toBe(303);
    const cookie = done.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^countersign_session=css_/);
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Strict');
    expect(cookie).toContain('Path=/');
    const again = await send(app, 'POST', '/login', { headers: form, text: `token=${token}` });
    expect(again.status).toBe(401);
    expect(String(again.body['text'])).toContain('was used');
    const headers = { cookie: cookie.split(';')[0] ?? '' };
    const who = await send(app, 'GET', '/api/v1/session', { headers });
    expect(who.body).toMatchObject({ name: 'operator', kind: 'operator' });
    const end = { headers: { ...headers, origin } };
    expect((await send(app, 'DELETE', '/api/v1/session', end)).status).toBe(200);
    expect((await send(app, 'GET', '/api/v1/session', { headers })).status).toBe(401);
  });

  it('is redeemed by programs with JSON', async () => {
    const world = createWorld();
    const app = apiOf(world);
    const body = { token: world.loginToken() };
    const first = await send(app, 'POST', '/api/v1/session', { body });
    expect(first.body).toMatchObject({ name: 'operator' });
    expect(first.headers.get('set-cookie')).toContain('css_');
    expect((await send(app, 'POST', '/api/v1/session', { body })).status).toBe(401);
    const wrong = await send(app, 'POST', '/api/v1/session', { body: { token: 5 } });
    expect(wrong.body).toMatchObject({ code: 'VALIDATION', errors: [{ pointer: '/token' }] });
  });

  it('puts nothing of the query into the page', async () => {
    const answer = await send(
      apiOf(createWorld()),
      'GET',
      '/login?token="><script>alert(1)</script>',
    );
    expect(String(answer.body['text'])).not.toContain('<script');
  });

  it('uses the __Host- cookie where the connection is encrypted', async () => {
    const world = createWorld();
    const app = createApi({
      ports: world.ports,
      log: logger('test', 'error', { write: () => undefined }),
      version: '0',
      publicUrl: 'https://countersign.example',
    });
    const headers = { host: 'countersign.example' };
    const body = { token: world.loginToken() };
    const answer = await send(app, 'POST', '/api/v1/session', { headers, body });
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-countersign=.*Secure/);
    expect(answer.headers.get('strict-transport-security')).not.toBeNull();
  });
});

describe('who asks', () => {
  it.each([
    ['a wrong secret', (key: string) => `${key.slice(0, -2)}AA`],
    ['an unknown prefix', (key: string) => key.replace(/csk_[0-9a-f]{8}/, 'csk_00000000')],
    ['no key at all', () => 'hello'],
    ['an empty key', () => ''],
  ])('%s is refused', async (_what, change) => {
    const world = createWorld();
    const headers = { authorization: `Bearer ${change(world.agent.key)}` };
    const answer = await send(apiOf(world), 'GET', '/api/v1/portfolio', { headers });
    expect(answer.status).toBe(401);
    expect(JSON.stringify(answer.body)).not.toContain(world.agent.key);
  });

  it('a key and a session together are refused', async () => {
    const world = createWorld();
    const headers = { ...headersOf(world, 'operator'), ...headersOf(world, 'agent') };
    const answer = await send(apiOf(world), 'GET', '/api/v1/portfolio', { headers });
    expect(answer.body).toMatchObject({ code: 'FORBIDDEN', status: 403 });
  });

  it('a session in the Authorization header or a key in the cookie opens nothing', async () => {
    const world = createWorld();
    const app = apiOf(world);
    const asKey = { authorization: `Bearer ${world.operator.session}` };
    expect((await send(app, 'GET', '/api/v1/portfolio', { headers: asKey })).status).toBe(401);
    const asCookie = { cookie: `countersign_session=${world.agent.key}` };
    expect((await send(app, 'GET', '/api/v1/portfolio', { headers: asCookie })).status).toBe(401);
  });
});

describe('a request from another site', () => {
  const path = '/api/v1/kill-switch/activate';
  const body = { reason: 'drill of the halt' };
  it.each([
    ['a foreign origin', { origin: 'https://evil.example' }, 403],
    ['a null origin', { origin: 'null' }, 403],
    ['cross-site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['same-site, which is not same-origin', { 'sec-fetch-site': 'same-site' }, 403],
    ['a good origin but cross-site', { origin, 'sec-fetch-site': 'cross-site' }, 403],
    ['no sign of where it comes from', {}, 403],
    ['our origin', { origin }, 200],
    ['same-origin', { 'sec-fetch-site': 'same-origin' }, 200],
  ])('%s', async (_what, extra, status) => {
    const world = createWorld();
    const headers = { cookie: `countersign_session=${world.operator.session}`, ...extra };
    const answer = await send(apiOf(world), 'POST', path, { headers, body });
    expect(answer.status).toBe(status);
    const { state } = await world.ports.store.killSwitch.status();
    expect(state).toBe(status === 200 ? 'active' : 'released');
  });

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', ''])(
    'a Host header of %s is refused',
    async (host) => {
      const world = createWorld();
      const headers = { ...headersOf(world, 'agent'), host };
      const answer = await send(apiOf(world), 'GET', '/api/v1/portfolio', { headers });
      expect(answer.status).toBe(403);
      expect(answer.headers.get('x-frame-options')).toBe('DENY');
    },
  );
});
