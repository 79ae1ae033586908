import type { OpenAPIHono } from '@hono/zod-openapi';
import { errorCodes } from '../../domain/errors.ts';
import type { ApiEnv, ApiOptions } from '../api.ts';
import { cookieName } from '../middleware/authenticate.ts';
import { apiBase } from './operations.ts';

const text = { type: 'string' } as const;

/** The parts of the OpenAPI document that no operation owns, and the document itself. */
export function registerDocument(app: OpenAPIHono<ApiEnv>, options: ApiOptions): void {
  const registry = app.openAPIRegistry;
  registry.registerComponent('securitySchemes', 'agentKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'Key of an agent: csk_…',
  });
  registry.registerComponent('securitySchemes', 'operatorSession', {
    type: 'apiKey',
    in: 'cookie',
    name: cookieName(options.publicUrl),
    description: 'Session of an operator, from a one-time login link',
  });
  registry.registerComponent('schemas', 'Problem', {
    type: 'object',
    required: ['type', 'title', 'status', 'detail', 'code', 'errors', 'retry', 'requestId'],
    properties: {
      type: text,
      title: text,
      status: { type: 'integer' },
      detail: text,
      code: { type: 'string', enum: Object.keys(errorCodes) },
      errors: {
        type: 'array',
        items: {
          type: 'object',
          required: ['pointer', 'message'],
          properties: { pointer: text, message: text },
        },
      },
      hint: { type: 'string', description: 'What to do next' },
      retry: { type: 'string', enum: ['safe', 'after-reconcile', 'never'] },
      details: { type: 'object' },
      requestId: text,
    },
  });
  registry.registerComponent('responses', 'Problem', {
    description: 'RFC 9457 problem: what failed, the field, and what to do next',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });
  app.get(`${apiBase}/openapi.json`, (c) => {
    const document = app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'Countersign',
        version: options.version,
        description: 'An order gateway between AI agents and Interactive Brokers.',
        license: { name: 'Apache-2.0' },
      },
      servers: [{ url: options.publicUrl }],
    });
    return c.json(document);
  });
}
