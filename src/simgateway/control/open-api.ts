// The OpenAPI 3.1 document of a route table. Answers are described in words only: their shapes are the
// return types of the routes.
import type { AnyRoute } from './route.ts';
import type { Field, FieldKind } from './field.ts';

type Json = string | number | boolean | Json[] | { [name: string]: Json };
/** An OpenAPI 3.1 document. */
export type OpenApiDocument = { openapi: '3.1.0'; info: Json; paths: Json; components: Json };

const SCHEMAS: Record<FieldKind, Record<string, Json>> = {
  int: { type: 'integer' },
  bool: { type: 'boolean' },
  text: { type: 'string' },
  decimal: { type: ['string', 'number'], pattern: '^-?\\d+(\\.\\d+)?$' },
  json: {},
};
const ERROR: Json = {
  description: 'What was wrong, by name.',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
};

const schemaOf = (f: Field): Json => ({
  ...SCHEMAS[f.kind],
  description: f.about,
  ...(f.values === undefined ? {} : { enum: [...f.values] }),
  ...(f.min === undefined ? {} : { minimum: f.min }),
});

function parametersOf(r: AnyRoute): Json[] {
  const inPath = [...r.path.matchAll(/:(\w+)/g)].map((m): Json => ({
    name: m[1] ?? '',
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  if (r.method !== 'GET') return inPath;
  const inQuery = Object.entries(r.fields).map(([name, f]): Json => ({
    name,
    in: 'query',
    required: f.isRequired,
    description: f.about,
    schema: schemaOf(f),
  }));
  return [...inPath, ...inQuery];
}

function bodyOf(r: AnyRoute): { requestBody?: Json } {
  const fields = Object.entries(r.fields);
  if (r.method === 'GET' || fields.length === 0) return {};
  const required = fields.filter(([, f]) => f.isRequired).map(([name]) => name);
  const schema: Json = {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(fields.map(([name, f]) => [name, schemaOf(f)])),
    ...(required.length === 0 ? {} : { required }),
  };
  return {
    requestBody: { required: required.length > 0, content: { 'application/json': { schema } } },
  };
}

/** Describes every route; its name is its operation id. */
export function openApiDocument(routes: Readonly<Record<string, AnyRoute>>): OpenApiDocument {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [operationId, r] of Object.entries(routes)) {
    const path = r.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = {
      ...paths[path],
      [r.method.toLowerCase()]: {
        operationId,
        summary: r.does,
        parameters: parametersOf(r),
        ...bodyOf(r),
        responses: {
          200: {
            description: r.does,
            content: { 'application/json': { schema: { type: ['object', 'array'] } } },
          },
          default: ERROR,
        },
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Control port of the simulated gateway',
      description: 'Part of a test double: loopback only, without authentication.',
      version: '1',
    },
    paths,
    components: {
      schemas: {
        Error: {
          type: 'object',
          properties: { error: { type: 'string' } },
          required: ['error'],
        },
      },
    },
  };
}
