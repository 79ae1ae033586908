import type { Tool } from '@modelcontextprotocol/server';
import { operationsFor } from '../operations/index.ts';
import { inputSchema, outputSchema } from '../operations/json-schema.ts';
import type { Operation } from '../operations/operation.ts';
import { toolErrorSchema } from './error-map.ts';

/** A tool as `tools/list` shows it. */
export type ToolDescription = Omit<Tool, 'annotations'> & {
  readonly description: string;
  readonly annotations: NonNullable<Operation['mcp']> & { readonly title: string };
};

/** The tools of a door. */
export type Tools = {
  /** Operations that agents reach as tools, sorted by name. */
  readonly operations: readonly Operation[];
  /** Every tool, the same for everybody and in the same order. */
  readonly list: readonly ToolDescription[];
  /** The operation of a tool name; null = there is no such tool. */
  readonly find: (name: string) => Operation | null;
};

const [all, readOnly] = [makeTools(false), makeTools(true)];

/** The tools that exist here: all of them, or those of a read-only installation. */
export function toolsFor(isReadOnly = false): Tools {
  return isReadOnly ? readOnly : all;
}

function makeTools(isReadOnly: boolean): Tools {
  const operations = operationsFor(isReadOnly)
    .filter((one) => one.mcp !== null)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const byName: ReadonlyMap<string, Operation> = new Map(operations.map((o) => [o.name, o]));
  return {
    operations,
    list: operations.map(describeTool),
    find: (name) => byName.get(name) ?? null,
  };
}

/**
 * A failed call carries its code as structured content too, and clients of the 2025 era check that against the
 * output schema as well: so a result is either what the operation gives or an error.
 */
function describeTool(operation: Operation): ToolDescription {
  if (operation.mcp === null) throw new Error(`${operation.name} is no tool`);
  return {
    name: operation.name,
    title: operation.title,
    description: operation.description,
    // Plain JSON by construction, which the SDK's recursive JSON type cannot see.
    inputSchema: inputSchema(operation) as Tool['inputSchema'],
    outputSchema: { type: 'object', anyOf: [outputSchema(operation), toolErrorSchema] },
    annotations: { title: operation.title, ...operation.mcp },
  };
}
