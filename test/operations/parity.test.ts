import { AjvJsonSchemaValidator } from '@modelcontextprotocol/server/validators/ajv';
import { describe, expect, it } from 'vitest';
import { operations } from '../../src/operations/index.ts';
import { invoke } from '../../src/operations/invoke.ts';
import { inputSchema, outputSchema } from '../../src/operations/json-schema.ts';
import type { Operation } from '../../src/operations/operation.ts';
import type { Principal } from '../../src/domain/identity/principal.ts';
import { createWorld, type World } from '../support/doors-world.ts';
import { propose, sampleOf, samples } from '../support/operation-samples.ts';

const ajv = new AjvJsonSchemaValidator();

/** Whether a value fits an advertised JSON schema, judged by a validator that is not ours. */
function problem(schema: object, value: unknown): string | undefined {
  const result = ajv.getValidator(schema)(value);
  return result.valid ? undefined : result.errorMessage;
}

function somebody(world: World, operation: Operation): Principal {
  const found = [world.agent, world.operator, world.auditor]
    .map((one) => one.principal)
    .find((who) => operation.roles.some((role) => who.roles.includes(role)));
  if (found === undefined) throw new Error(`nobody may ${operation.name}`);
  return found;
}

describe('the list of operations', () => {
  it('is sorted, without doubles, and has a sample for each', () => {
    const names = operations.map((one) => one.name);
    expect(names).toEqual([...new Set(names)].sort());
    expect(Object.keys(samples).sort()).toEqual(names);
  });

  it('has names, titles and descriptions that every MCP client takes', () => {
    for (const { name, title, description, roles } of operations) {
      expect(name).toMatch(/^[a-z][a-z0-9_]{2,39}$/);
      expect(title.length).toBeGreaterThan(2);
      expect(description.length).toBeGreaterThan(40);
      expect(description.length).toBeLessThan(600);
      expect(roles.length).toBeGreaterThan(0);
    }
  });

  it('has no route twice', () => {
    const routes = operations.map((one) => `${one.http?.method ?? ''} ${one.http?.path ?? ''}`);
    expect(new Set(routes).size).toBe(routes.length);
  });

  it('lets no agent decide, release or read the audit trail', () => {
    for (const one of operations.filter((o) => ['decide', 'release'].includes(o.effect))) {
      expect(one.mcp).toBeNull();
      expect(one.roles.filter((role) => role.startsWith('agent:'))).toEqual([]);
    }
  });
});

describe.each(operations.map((one) => [one.name, one] as const))('%s', (_name, operation) => {
  it('accepts what it advertises and gives what it advertises', async () => {
    const world = createWorld();
    const sample = sampleOf(operation.name, await propose(world));
    expect(problem(inputSchema(operation), sample)).toBeUndefined();
    const who = world.context(somebody(world, operation));
    const output = await invoke(operation, who, () => sample);
    expect(problem(outputSchema(operation), JSON.parse(JSON.stringify(output)))).toBeUndefined();
  });

  it('refuses a field that it does not advertise, by name', async () => {
    const world = createWorld();
    const input = { ...sampleOf(operation.name, await propose(world)), verdict: 'pass' };
    expect(problem(inputSchema(operation), input)).toBeDefined();
    const who = world.context(somebody(world, operation));
    await expect(invoke(operation, who, () => input)).rejects.toMatchObject({
      code: 'VALIDATION',
      problems: [{ pointer: '/verdict' }],
    });
  });
});
