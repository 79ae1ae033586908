import type { OpenAPIHono } from '@hono/zod-openapi';
import { inputSchema, outputSchema, type JsonSchema } from '../../operations/json-schema.ts';
import type { Operation } from '../../operations/operation.ts';
import { pathNames } from './read-input.ts';

type RouteConfig = Parameters<OpenAPIHono['openAPIRegistry']['registerPath']>[0];
type Http = NonNullable<Operation['http']>;
type Parameter = Record<string, unknown>;

/**
 * An operation as an OpenAPI 3.1 route. The schemas are the operation's own (OpenAPI 3.1 schemas are JSON Schema
 * 2020-12), so REST and MCP advertise the same thing.
 */
export function describeOperation(operation: Operation, http: Http, base: string): RouteConfig {
  const schema = inputSchema(operation);
  const body = http.method === 'post' ? bodySchema(schema, http) : null;
  return {
    method: http.method,
    path: base + http.path,
    operationId: operation.name,
    summary: operation.title,
    description: `${operation.description}\n\nRoles: ${operation.roles.join(', ') || 'anybody'}.`,
    tags: [http.path.split('/')[1] ?? 'other'],
    security: operation.roles.length === 0 ? [] : [{ agentKey: [] }, { operatorSession: [] }],
    parameters: parameters(schema, http) as never,
    ...(body === null
      ? {}
      : {
          request: {
            body: {
              required: (body.required ?? []).length > 0,
              content: { 'application/json': { schema: body as never } },
            },
          },
        }),
    responses: {
      [String(http.status ?? 200)]: {
        description: 'What came of it',
        content: { 'application/json': { schema: outputSchema(operation) as never } },
      },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function elsewhere(http: Http): Set<string> {
  return new Set([
    ...pathNames(http.path),
    ...(http.idempotent === true ? ['idempotencyKey'] : []),
  ]);
}

function bodySchema(schema: JsonSchema, http: Http): JsonSchema | null {
  const notHere = elsewhere(http);
  const properties = Object.fromEntries(
    Object.entries(schema.properties ?? {}).filter(([name]) => !notHere.has(name)),
  );
  if (Object.keys(properties).length === 0) return null;
  // A field that may come as If-Match is not required in the body.
  const required = (schema.required ?? []).filter(
    (name) => !notHere.has(name) && name !== http.etagField,
  );
  return { ...schema, properties, ...(required.length > 0 ? { required } : { required: [] }) };
}

function parameters(schema: JsonSchema, http: Http): Parameter[] {
  const properties = schema.properties ?? {};
  const inPath = pathNames(http.path);
  const query = http.method === 'get' ? Object.keys(properties) : [];
  const one = (name: string, place: string, required: boolean, source = name): Parameter => {
    const { description, ...rest } = properties[source] ?? {};
    return {
      name,
      in: place,
      required,
      schema: rest,
      ...(rest['type'] === 'array' ? { style: 'form', explode: false } : {}),
      ...(typeof description === 'string' ? { description } : {}),
    };
  };
  const required = new Set(schema.required ?? []);
  return [
    ...inPath.map((name) => one(name, 'path', true)),
    ...query
      .filter((name) => !inPath.includes(name))
      .map((name) => one(name, 'query', required.has(name))),
    ...(http.idempotent === true ? [one('Idempotency-Key', 'header', true, 'idempotencyKey')] : []),
    ...(http.etagField !== undefined && properties[http.etagField] !== undefined
      ? [one('If-Match', 'header', false, http.etagField)]
      : []),
  ];
}
