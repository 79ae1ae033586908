import type { Tool } from '@modelcontextprotocol/server';
import { operations } from '../operations/index.ts';
import { inputSchema, outputSchema } from '../operations/json-schema.ts';
import type { Operation } from '../operations/operation.ts';
import { toolErrorSchema } from './error-map.ts';

/** A tool as `tools/list` shows it. */
export type ToolDescription = Omit<Tool, 'annotations'> & {
  readonly description: string;
  readonly annotations: NonNullable<Operation['mcp']> & { readonly title: string };
};

/** Operations that agents reach as tools, sorted by name. */
export const toolOperations: readonly Operation[] = operations
  .filter((one) => one.mcp !== null)
  .toSorted((a, b) => (a.name < b.name ? -1 : 1));

const byName: ReadonlyMap<string, Operation> = new Map(toolOperations.map((o) => [o.name, o]));

/** The operation of a tool name. */
export function toolOperation(name: string): Operation | null {
  return byName.get(name) ?? null;
}

/** Every tool, the same for everybody and in the same order. */
export const toolList: readonly ToolDescription[] = toolOperations.map(describeTool);

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
