// The door that an agent host starts as a program, against the running product; and what the trail knows of it.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callTool, connectMcpStdio } from '../support/mcp-client.ts';
import { until } from '../support/orders.ts';
import { startProduct, type Product } from '../support/product.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.stop());

type Written = { readonly event: { readonly actor: { readonly id: string } } };

/** Which processes have left an event of that type. */
async function writers(type: string): Promise<string[]> {
  const { body } = await product.operator.get(`/audit?type=${type}`);
  return (body['events'] as Written[]).map(({ event }) => event.actor.id).sort();
}

it('serves an agent over stdio and ends with its host, and both are in the trail', async () => {
  const session = await connectMcpStdio(product);
  const { isError, output } = await callTool(session, 'connection_status');
  expect(isError).toBe(false);
  expect(output).toHaveProperty('broker');
  const started = ['api', 'gateway', 'mcp', 'mcp-stdio', 'worker'];
  expect(await writers('SystemStarted')).toEqual(started);
  // Whichever was first has also put the policy in force, which is an event of its own.
  expect([...new Set(await writers('PolicyLoaded'))]).toEqual(started);
  await session.close();
  await until('the stop of mcp-stdio is in the trail', async () =>
    (await writers('SystemStopped')).includes('mcp-stdio') ? true : null,
  );
});
