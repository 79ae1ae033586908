// Every order type and time in force through the doors' operations: what is proposed is what is signed and shown.
import { describe, expect, it } from 'vitest';
import { operations } from '../../src/operations/index.ts';
import { inputSchema } from '../../src/operations/json-schema.ts';
import { invoke } from '../../src/operations/invoke.ts';
import { orderTypes, priceFields, timesInForce } from '../../src/domain/order/order-type.ts';
import { createWorld, type World } from '../support/doors-world.ts';
import { propose } from '../support/operation-samples.ts';
import { combinations, fixedTerms, orderKinds } from '../support/order-terms.ts';

const named = (name: string) => {
  const found = operations.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};

const call = (world: World, name: string, who: 'agent' | 'operator', input: object) =>
  invoke(named(name), world.context(world[who].principal), () => input) as Promise<
    Record<string, unknown>
  >;

describe.each(['request_approval', 'simulate_order', 'evaluate_risk'])('%s advertises', (name) => {
  const { properties = {}, required = [] } = inputSchema(named(name));

  it('the order types and times in force that it takes', () => {
    expect(properties['orderType']).toMatchObject({ enum: orderTypes });
    expect(properties['tif']).toMatchObject({ enum: timesInForce });
    expect(required).not.toContain('tif');
  });

  it.each(priceFields)('the types that take a %s, and only those', (field) => {
    const text = String(properties[field]?.['description']);
    const told = (text.split(': ').at(-1) ?? '').replace(/; not for others$/, '');
    const types = told
      .split(', ')
      .map((part) => part.replace(/^(needed by|optional for|one of the two for) /, ''));
    const taking = orderKinds.filter(({ prices }) => prices.some((set) => set.includes(field)));
    expect([...new Set(types)].sort()).toEqual(taking.map(({ orderType }) => orderType).sort());
  });

  it('the types that take a time in force, and only those', () => {
    const text = String(properties['tif']?.['description']);
    for (const tif of timesInForce) {
      const told = new RegExp(`${tif} \\(([^)]*)\\)`).exec(text)?.[1]?.split(', ');
      const taking = orderKinds.filter(({ tifs }) => tifs.includes(tif));
      expect(told).toEqual(taking.map(({ orderType }) => orderType));
    }
  });
});

describe('a proposal', () => {
  it.each(combinations)(
    '$orderType $tif with $fields is signed and shown as it is',
    async (kind) => {
      const world = createWorld();
      const { intentId, approvalId } = await propose(world, {
        limitPrice: undefined,
        ...Object.fromEntries(
          Object.entries(fixedTerms(kind)).filter(([, value]) => value !== null),
        ),
      });
      const expected = fixedTerms(kind);
      const shown = await call(world, 'get_request', 'agent', { intentId });
      expect(shown['terms']).toMatchObject(expected);
      const signed = await call(world, 'get_decision', 'operator', { approvalId });
      expect(signed).toMatchObject({ summary: shown['summary'], envelope: { terms: expected } });
      const { requests } = await call(world, 'list_requests', 'agent', {});
      expect(requests).toMatchObject([{ intentId, terms: expected, summary: shown['summary'] }]);
    },
  );

  it.each([
    ['MOO', 'OPG'],
    ['MOC', 'DAY'],
  ])('of type %s without a time in force means %s', async (orderType, tif) => {
    const world = createWorld();
    const idempotencyKey = `a-key-of-${orderType}`;
    const { intentId } = await propose(world, { orderType, limitPrice: undefined, idempotencyKey });
    const shown = await call(world, 'get_request', 'agent', { intentId });
    expect(shown['terms']).toMatchObject({ orderType, tif });
    const again = { orderType, limitPrice: undefined, idempotencyKey, tif };
    expect((await propose(world, again)).intentId).toBe(intentId);
  });
});
