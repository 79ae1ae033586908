import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import { operations } from '../../src/operations/index.ts';
import { createWorld } from '../support/doors-world.ts';
import { apiOf, headersOf, send } from '../support/http-client.ts';

type Json = Record<string, unknown>;
type Route = {
  operationId: string;
  parameters: { name: string; in: string; required: boolean; schema: Json }[];
  requestBody?: { content: { 'application/json': { schema: Json } } };
  responses: Json;
};
type Document = { openapi: string; paths: Record<string, Record<string, Route>>; components: Json };

async function document(): Promise<Document> {
  const answer = await send(apiOf(createWorld()), 'GET', '/api/v1/openapi.json');
  return answer.body as unknown as Document;
}

describe('the OpenAPI document', () => {
  it('is 3.1 and has every operation once, with what it takes and a problem for what fails', async () => {
    const doc = await document();
    expect(doc.openapi).toBe('3.1.0');
    const routes = Object.values(doc.paths).flatMap((path) => Object.values(path));
    const session = ['create_session', 'end_session', 'get_session'];
    expect(routes.map((route) => route.operationId).sort()).toEqual(
      [...operations.map((one) => one.name), ...session].sort(),
    );
    for (const route of routes) {
      expect(route.responses['default']).toEqual({ $ref: '#/components/responses/Problem' });
      for (const parameter of route.parameters) expect(parameter.schema).toBeDefined();
    }
  });

  it('resolves every reference and names every path parameter', async () => {
    const doc = await document();
    const text = JSON.stringify(doc);
    for (const [, reference = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const target = reference.split('/').reduce<unknown>((at, key) => (at as Json)[key], doc);
      expect(target).toBeDefined();
    }
    for (const [path, methods] of Object.entries(doc.paths)) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      for (const route of Object.values(methods)) {
        const declared = route.parameters.filter((one) => one.in === 'path');
        expect(declared.map((one) => one.name)).toEqual(names);
        expect(declared.every((one) => one.required)).toBe(true);
      }
    }
  });

  it('asks for the idempotency key in the header and not in the body', async () => {
    const doc = await document();
    const route = doc.paths['/api/v1/approval/request']?.['post'];
    expect(route?.parameters).toMatchObject([{ name: 'Idempotency-Key', in: 'header' }]);
    const schema = route?.requestBody?.content['application/json'].schema;
    expect(Object.keys(schema?.['properties'] as Json)).not.toContain('idempotencyKey');
    expect(schema?.['additionalProperties']).toBe(false);
  });

  it('lets the envelope hash come as If-Match', async () => {
    const doc = await document();
    const route = doc.paths['/api/v1/approval/{approvalId}/grant']?.['post'];
    expect(route?.parameters.map((one) => one.name)).toEqual(['approvalId', 'If-Match']);
  });
});

describe('health', () => {
  it('lives, says its version, and is ready', async () => {
    const app = apiOf(createWorld());
    expect((await send(app, 'GET', '/healthz')).body).toEqual({ status: 'ok' });
    expect((await send(app, 'GET', '/version')).body).toMatchObject({ environment: 'dev' });
    expect((await send(app, 'GET', '/readyz')).body).toEqual({
      status: 'ok',
      broker: 'ready',
      database: 'ok',
      engine: 'ok',
    });
  });

  it('is degraded without broker or engine, and down only without the database', async () => {
    const world = createWorld();
    const app = apiOf(world);
    world.faults.broker = new GatewayError('BROKER_UNAVAILABLE', 'away');
    world.faults.engine = false;
    const degraded = await send(app, 'GET', '/readyz');
    expect([degraded.status, degraded.body['status']]).toEqual([200, 'degraded']);
    world.faults.store = new GatewayError('STORE_UNAVAILABLE', 'away');
    const down = await send(app, 'GET', '/readyz');
    expect([down.status, down.body['status']]).toEqual([503, 'down']);
  });

  it('does not wait for a part that hangs', async () => {
    const world = createWorld();
    const hanging = { ...world.ports.broker, link: () => new Promise<never>(() => undefined) };
    const app = apiOf({ ...world, ports: { ...world.ports, broker: hanging } });
    const answer = await send(app, 'GET', '/readyz');
    expect(answer.body).toMatchObject({ status: 'degraded', broker: 'down' });
  });

  it('greets on / and works for a visitor with and without a session', async () => {
    const world = createWorld();
    const nobody = await send(apiOf(world), 'GET', '/');
    expect(String(nobody.body['text'])).toContain('Nobody is logged in');
    expect(nobody.headers.get('content-security-policy')).toContain("default-src 'none'");
    const headers = headersOf(world, 'operator');
    const operator = await send(apiOf(world), 'GET', '/', { headers });
    expect(String(operator.body['text'])).toContain('Logged in as');
  });
});
