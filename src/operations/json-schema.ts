import { z } from 'zod';
import type { Operation } from './operation.ts';

export type JsonSchema = {
  readonly [key: string]: unknown;
  readonly type: 'object';
  readonly properties?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly required?: readonly string[];
};

/**
 * The advertised schemas of an operation: JSON Schema 2020-12, made from the very schemas that parse. MCP and OpenAPI
 * 3.1 show the same ones.
 */
export function inputSchema(operation: Operation): JsonSchema {
  return asObject(operation.name, z.toJSONSchema(operation.input, { io: 'input' }));
}

/** What comes out; fields that are not named never leave. */
export function outputSchema(operation: Operation): JsonSchema {
  return asObject(operation.name, z.toJSONSchema(operation.output, { io: 'output' }));
}

function asObject(name: string, schema: object): JsonSchema {
  const rest = Object.entries(schema).filter(([key]) => key !== '$schema');
  const plain = Object.fromEntries(rest) as Record<string, unknown>;
  if (plain['type'] !== 'object') throw new Error(`${name}: a schema must be an object at the top`);
  return plain as JsonSchema;
}
