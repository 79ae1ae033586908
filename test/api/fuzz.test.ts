import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operations } from '../../src/operations/index.ts';
import { createWorld } from '../support/doors-world.ts';
import { apiOf, headersOf, send } from '../support/http-client.ts';
import { order, propose, sampleOf } from '../support/operation-samples.ts';

const nasty = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    '',
    '\u0000',
    '__proto__',
    'NaN',
    '-0',
    '1e999',
    'ab \ud800 cd efg',
    -0,
    1e308,
    null,
    [],
    {},
  ),
);

/** Whatever is sent, the answer is a success or one of our problems, never a bug. */
describe('nothing that a caller sends is a bug of ours', () => {
  const posts = operations.filter((one) => one.http?.method === 'post');
  it.each(posts.map((one) => [one.name, one] as const))('%s', async (name, operation) => {
    const world = createWorld();
    const app = apiOf(world);
    const proposed = await propose(world);
    const sample = sampleOf(name, proposed);
    const path = `/api/v1${(operation.http?.path ?? '').replaceAll(/\{(\w+)\}/g, (_all, part: string) => String(sample[part]))}`;
    const who = operation.roles.includes('agent:propose') ? 'agent' : 'operator';
    const keys = [...Object.keys(sample), 'constructor', 'toString'];
    const changes = fc.dictionary(fc.constantFrom(...keys), nasty, { maxKeys: 3 });
    await fc.assert(
      fc.asyncProperty(changes, async (change) => {
        const headers = { ...headersOf(world, who), 'idempotency-key': 'fuzz-key-1' };
        const body = { ...order, ...sample, ...change };
        const answer = await send(app, 'POST', path, { headers, body });
        expect(answer.status).toBeLessThan(500);
        if (answer.status >= 400) expect(answer.body['code']).toEqual(expect.any(String));
      }),
      { numRuns: 60 },
    );
  });

  it('any text as a body', async () => {
    const world = createWorld();
    const app = apiOf(world);
    const headers = { ...headersOf(world, 'agent'), 'idempotency-key': 'fuzz-key-2' };
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
        const answer = await send(app, 'POST', '/api/v1/simulate', { headers, text });
        expect(answer.status).toBeLessThan(500);
        expect(answer.status).toBeGreaterThanOrEqual(400);
      }),
      { numRuns: 100 },
    );
  });

  it('any query', async () => {
    const world = createWorld();
    const app = apiOf(world);
    const headers = headersOf(world, 'agent');
    await fc.assert(
      fc.asyncProperty(fc.webQueryParameters(), async (query) => {
        const answer = await send(app, 'GET', `/api/v1/requests?${query}`, { headers });
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 100 },
    );
  });
});
