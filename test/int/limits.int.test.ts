// Many orders at once cannot do together what one of them may not do alone.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  calmMarket,
  ended,
  grant,
  order,
  refusing,
  request,
  shownApproval,
  until,
} from '../support/orders.ts';
import { startProduct, type Product } from '../support/product.ts';

const home = mkdtempSync(join(tmpdir(), 'countersign-limits-'));
let product: Product;
beforeAll(async () => {
  // The limit is about 100 AAPL at 190, of which the account holds 40: there is room for 60 more.
  const policy = readFileSync(
    new URL('../../config/environments/dev/risk_policy.yml', import.meta.url),
    'utf8',
  )
    .replace("limit: '0.10'", "limit: '0.0177'")
    .replace('duplicate: # R15\n    enabled: true', 'duplicate:\n    enabled: false');
  const file = join(home, 'policy.yml');
  writeFileSync(file, policy);
  product = await startProduct({ RISK_POLICY_FILE: file });
});
afterAll(async () => {
  await product.stop();
  rmSync(home, { recursive: true, force: true });
});
beforeEach(() => calmMarket(product));

describe('ten proposals at once, each of 60 % of the room that R2 leaves', () => {
  it('exactly one passes; the others are denied by R2', async () => {
    const small = { quantity: '36', orderType: 'LMT', limitPrice: '190.00' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => request(product.agent, order(small))),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(202));
    const states = answers.map(({ body }) => body['state']);
    expect(states.filter((state) => state === 'AwaitingApproval')).toHaveLength(1);
    const denied = answers.filter(({ body }) => body['state'] === 'Denied');
    expect(denied).toHaveLength(9);
    for (const { body } of denied) expect(refusing(body)).toEqual(['R2']);

    // What was reserved becomes the position; what is left is still too little for another one.
    const passed = answers.find(({ body }) => body['state'] === 'AwaitingApproval');
    const proposed = shownApproval(passed?.body ?? {});
    await grant(product, proposed);
    expect(await ended(product, proposed.intentId)).toMatchObject({ state: 'Filled' });
    const next = await request(product.agent, order(small));
    expect(next.body).toMatchObject({ state: 'Denied' });
    expect(refusing(next.body)).toEqual(['R2']);
  });

  it('a withdrawn request gives its reservation back', async () => {
    const small = { quantity: '16', orderType: 'LMT', limitPrice: '190.00' };
    // Until the broker's snapshot is newer than the fill, the gate counts the order twice: on the safe side.
    const first = await until('the fill is in the broker’s snapshot', async () => {
      const answer = await request(product.agent, order(small));
      return answer.body['state'] === 'AwaitingApproval' ? answer : null;
    });
    const second = await request(product.agent, order(small));
    expect(refusing(second.body)).toEqual(['R2']);
    await product.agent.post(`/requests/${String(first.body['intentId'])}/withdraw`);
    const third = await request(product.agent, order(small));
    expect(third.body).toMatchObject({ state: 'AwaitingApproval' });
  });
});
