// What an agent may use is used once, however many orders ask for it at the same moment; and a loss stops new risk
// without waiting for an order, until an operator lets it go on.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  account,
  calmMarket,
  deny,
  ended,
  grant,
  order,
  propose,
  refusing,
  request,
  shownApproval,
  trail,
  until,
  type Body,
} from '../support/orders.ts';
import { policyFile } from '../support/policy-file.ts';
import { startProduct, type Product } from '../support/product.ts';

const policy = policyFile([
  [['rules', 'duplicate', 'enabled'], false],
  [['rules', 'daily_loss', 'limit'], '1000'],
  [['budgets', 'default', 'notional_per_day'], '10000'],
]);
let product: Product;
beforeAll(async () => {
  product = await startProduct({ RISK_POLICY_FILE: policy.file });
});
afterAll(async () => {
  await product.stop();
  policy.remove();
});
beforeEach(() => calmMarket(product));

/** 5,890 of a budget of 10,000. */
const sixtyPercent = { quantity: '31', orderType: 'LMT', limitPrice: '190.00' };
type InUse = { name: string; used: string | null; limit: string | null; share: string | null };
const limits = async (who: 'agent' | 'operator'): Promise<Body> =>
  (await product[who].get('/limits')).body;
async function budget(who: 'agent' | 'operator', name: string): Promise<InUse | undefined> {
  const budgets = (await limits(who))['budgets'] as { limits: InUse[] }[];
  expect(budgets).toHaveLength(1);
  return budgets[0]?.limits.find((each) => each.name === name);
}

describe('ten proposals at once, each of 60 % of the agent’s budget of a day', () => {
  it('exactly one passes, and what it uses comes back only if it is never sent', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => request(product.agent, order(sixtyPercent))),
    );
    const passed = answers.filter(({ body }) => body['state'] === 'AwaitingApproval');
    expect(passed).toHaveLength(1);
    const denied = answers.filter(({ body }) => body['state'] === 'Denied');
    expect(denied).toHaveLength(9);
    for (const { body } of denied) expect(refusing(body)).toEqual(['R20']);
    const used = { used: '5890', limit: '10000', share: '0.589' };
    expect(await budget('agent', 'notional today')).toMatchObject(used);
    expect(await budget('operator', 'notional today')).toMatchObject(used);
    expect(await budget('agent', 'pending approvals')).toMatchObject({ used: '1' });
    expect(await limits('agent')).toMatchObject({
      ...{ account, tradingDay: '2026-11-24', reserved: { orders: 1, notional: '5890' } },
    });

    await deny(product, shownApproval(passed[0]?.body ?? {}), 'not today, thank you');
    expect(await budget('agent', 'notional today')).toMatchObject({ used: '0' });
    const second = await propose(product, sixtyPercent);
    await grant(product, second);
    expect(await ended(product, second.intentId)).toMatchObject({ state: 'Filled' });
    expect(await budget('agent', 'notional today')).toMatchObject(used);
    expect(refusing((await request(product.agent, order(sixtyPercent))).body)).toEqual(['R20']);
    expect(await budget('agent', 'asks in the last hour')).toMatchObject({ used: '12' });
    const sent = ((await limits('agent'))['limits'] as InUse[]).find(
      ({ name }) => name === 'orders in the last minute',
    );
    expect(sent).toMatchObject({ used: '1' });
  });
});

describe('a loss above its limit', () => {
  const latches = async (): Promise<Body[]> =>
    (await product.agent.get('/latches')).body['latches'] as Body[];

  it('stops new risk by itself, and only an operator’s release ends that', async () => {
    expect(await latches()).toEqual([]);
    await product.sim.setQuote('SPY', { bid: '200.00', ask: '200.02', last: '200.01' });
    // The exchange's clock stands still; the broker tells the day's profit once a second of it.
    await product.sim.advanceClock(2000);
    const latch = await until(
      'the daily loss is latched',
      async () => (await latches())[0] ?? null,
    );
    expect(latch).toMatchObject({ account, rule: 'R8', scope: 'account', setBy: 'monitor' });

    // The loss is made good, the latch stays: buying is refused, selling what is held is not.
    await product.sim.resetQuotes();
    await calmMarket(product);
    await product.sim.advanceClock(2000);
    const small = { quantity: '2', orderType: 'LMT', limitPrice: '190.00' };
    const refused = await request(product.agent, order(small));
    expect(refusing(refused.body)).toEqual(['R8']);
    const exit = { ...small, side: 'SELL', limitPrice: '189.98' };
    const selling = await propose(product, exit);
    await grant(product, selling);
    expect(await ended(product, selling.intentId)).toMatchObject({ state: 'Filled' });

    const path = `/latches/${String(latch['latchId'])}/release`;
    const reason = 'the price was a bad print';
    expect((await product.agent.post(path, { reason })).status).toBe(403);
    expect((await product.nobody.post(path, { reason })).status).toBe(401);
    expect((await product.operator.post(path, {})).status).toBe(422);
    expect(await latches()).toHaveLength(1);
    const released = await product.operator.post(path, { reason });
    expect(released.body).toMatchObject({ rule: 'R8', released: { reason } });
    expect((await product.operator.post(path, { reason: 'again' })).body).toEqual(released.body);
    expect(await latches()).toEqual([]);
    const unknown = '/latches/lch_00000000000000000000/release';
    expect((await product.operator.post(unknown, { reason })).status).toBe(404);
    await propose(product, small);

    const told = await trail(product, `correlationId=${String(latch['latchId'])}`);
    expect(told.map(({ type, actor }) => [type, actor.kind, actor.channel])).toEqual([
      ['RiskLatched', 'system', 'gateway'],
      ['LatchReleased', 'human', 'http'],
    ]);
  });
});
