import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnv } from '../api.ts';
import { apiBase } from './operations.ts';

const person = {
  type: 'object',
  required: ['principalId', 'kind', 'name', 'roles'],
  properties: {
    principalId: { type: 'string' },
    kind: { type: 'string', enum: ['agent', 'operator', 'service'] },
    name: { type: 'string' },
    roles: { type: 'array', items: { type: 'string' } },
    expiresInSeconds: { type: 'integer' },
  },
} as const;
const problem = { default: { $ref: '#/components/responses/Problem' } } as const;
const ended = { type: 'object', properties: { ended: { type: 'boolean' } } } as const;

/** The session routes in the OpenAPI document. */
export function describeSession(app: OpenAPIHono<ApiEnv>): void {
  const registry = app.openAPIRegistry;
  const shared = { path: `${apiBase}/session`, tags: ['session'], parameters: [] };
  const answer = (description: string, schema: typeof person | typeof ended) => ({
    200: { description, content: { 'application/json': { schema: schema as never } } },
    ...problem,
  });
  registry.registerPath({
    ...shared,
    method: 'post',
    operationId: 'create_session',
    summary: 'Redeem a one-time login link',
    description: 'Trades the token of a login link for the session cookie. Works once.',
    security: [],
    request: {
      body: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['token'],
              properties: { token: { type: 'string' } },
              additionalProperties: false,
            },
          },
        },
      },
    },
    responses: answer('The operator; the cookie is in Set-Cookie', person),
  });
  const security = [{ agentKey: [] }, { operatorSession: [] }];
  registry.registerPath({
    ...shared,
    method: 'get',
    operationId: 'get_session',
    summary: 'Who am I',
    security,
    responses: answer('The identity of the key or session', person),
  });
  registry.registerPath({
    ...shared,
    method: 'delete',
    operationId: 'end_session',
    summary: 'Log out',
    security: [{ operatorSession: [] }],
    responses: answer('The session has ended', ended),
  });
}
