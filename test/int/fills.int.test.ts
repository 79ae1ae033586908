// From the proposal to the fill, seen from outside: what the agent reads, what the broker got, what the trail says.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/audit/verify.ts';
import { createPgStore } from '../../src/store/pg/store.ts';
import {
  account,
  calmMarket,
  ended,
  framesOf,
  grant,
  inState,
  propose,
  trail,
  until,
} from '../support/orders.ts';
import { startProduct, type Product } from '../support/product.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.stop());
beforeEach(() => calmMarket(product));

async function position(): Promise<number> {
  const { body } = await product.agent.get('/positions');
  const positions = body['positions'] as { symbol: string; quantity: string }[];
  return Number(positions.find(({ symbol }) => symbol === 'AAPL')?.quantity ?? '0');
}

/** Waits for the commission of the executions that the broker has on its side. */
async function paid(intentId: string): Promise<string> {
  const executions = await product.sim.executions(intentId);
  const sum = executions.reduce((total, { commission }) => total + Number(commission), 0);
  await until(`the commission ${sum} of ${intentId}`, async () => {
    const { body } = await product.agent.get(`/requests/${intentId}`);
    return Number(body['commission']) === sum ? body : null;
  });
  return String(sum);
}

/** The types of an order's events; those named in `anywhere` may stand at any place. */
async function story(intentId: string, anywhere: readonly string[] = []): Promise<string[]> {
  const events = await trail(product, intentId);
  return events.map(({ type }) => type).filter((type) => !anywhere.includes(type));
}

describe('an approved order', () => {
  it('LMT: is sent once, filled, paid for, held, and told in the right order', async () => {
    const before = await position();
    const proposed = await propose(product, { orderType: 'LMT', limitPrice: '190.05' });
    const quantity = Number(
      (await product.agent.get(`/requests/${proposed.intentId}`)).body['remaining'],
    );
    const granted = await grant(product, proposed);
    expect(granted.status).toBe(200);
    expect(granted.body).toMatchObject({ decision: 'grant', status: 'granted', delivered: true });

    const done = await ended(product, proposed.intentId);
    expect(done).toMatchObject({
      state: 'Filled',
      averagePrice: '190',
      remaining: '0',
      filled: String(quantity),
      round: 1,
    });
    expect(await paid(proposed.intentId)).toBe('1');
    expect(await framesOf(product, proposed.intentId)).toBe(1);
    const [atBroker] = await product.sim.orders({ orderRef: proposed.intentId });
    expect(atBroker).toMatchObject({ account, action: 'BUY', quantity, orderType: 'LMT' });
    expect(Number(atBroker?.limitPrice)).toBe(190.05);
    await until('the position has moved', async () =>
      (await position()) === before + quantity ? true : null,
    );

    // The commission report and the mark of the write can each come a moment earlier or later than their neighbours.
    expect(await story(proposed.intentId, ['OrderSent', 'CommissionReported'])).toEqual([
      'OrderProposed',
      'GateEvaluated',
      'ApprovalRequested',
      'ApprovalGranted',
      'GateEvaluated',
      'OrderClaimed',
      'OrderAcknowledged',
      'OrderFilled',
    ]);
    const told = await story(proposed.intentId);
    expect(told.indexOf('OrderSent')).toBeGreaterThan(told.indexOf('OrderClaimed'));
    expect(told.filter((type) => type === 'CommissionReported')).toHaveLength(1);
    expect(told).toHaveLength(10);
  });

  it('MKT: fills at the ask', async () => {
    const proposed = await propose(product, { orderType: 'MKT' });
    await grant(product, proposed);
    const done = await ended(product, proposed.intentId);
    expect(done).toMatchObject({ state: 'Filled', averagePrice: '190' });
    expect(await framesOf(product, proposed.intentId)).toBe(1);
  });

  it('SELL: reduces the position', async () => {
    const before = await position();
    const proposed = await propose(product, { side: 'SELL', quantity: '7' });
    await grant(product, proposed);
    expect(await ended(product, proposed.intentId)).toMatchObject({
      state: 'Filled',
      averagePrice: '189.98',
    });
    await until('the position has moved', async () =>
      (await position()) === before - 7 ? true : null,
    );
  });

  it('partial fills by hand: each is shown, the average is weighted, commissions add up', async () => {
    await product.sim.setFillPolicy({ mode: 'manual' });
    const proposed = await propose(product, {
      quantity: '50',
      orderType: 'LMT',
      limitPrice: '190.10',
    });
    await grant(product, proposed);
    await inState(product, proposed.intentId, 'Working');
    const [atBroker] = await product.sim.orders({ orderRef: proposed.intentId });
    const permId = atBroker?.permId ?? 0;
    await product.sim.fill(permId, { shares: 20, price: '190.00' });
    const partly = await inState(product, proposed.intentId, 'PartiallyFilled');
    expect(partly).toMatchObject({ filled: '20', remaining: '30', averagePrice: '190' });
    await product.sim.fill(permId, { shares: 30, price: '190.10' });
    const done = await ended(product, proposed.intentId);
    expect(done).toMatchObject({ state: 'Filled', filled: '50', averagePrice: '190.06' });
    await paid(proposed.intentId);
    const told = await story(proposed.intentId);
    expect(told).toContain('OrderPartiallyFilled');
    expect(told.filter((type) => type === 'CommissionReported')).toHaveLength(2);
  });

  it('partial fills by the market: three slices end in Filled', async () => {
    await product.sim.setFillPolicy({
      mode: 'partial',
      slices: [
        { shares: 3, delayMs: 30 },
        { shares: 4, delayMs: 30 },
        { shares: 'rest', delayMs: 30 },
      ],
    });
    const proposed = await propose(product, { quantity: '60' });
    await grant(product, proposed);
    expect(await ended(product, proposed.intentId)).toMatchObject({
      state: 'Filled',
      filled: '60',
      remaining: '0',
      averagePrice: '190',
    });
    expect(await product.sim.executions(proposed.intentId)).toHaveLength(3);
    await paid(proposed.intentId);
  });
});

describe('the trail of all of this', () => {
  it('is one unbroken chain', async () => {
    const store = await createPgStore({ databaseUrl: product.info.databaseUrl, poolSize: 2 });
    try {
      const report = await verifyChain(store.audit.stream(), []);
      expect(report.problems).toEqual([]);
      expect(report.ok).toBe(true);
      expect(report.events).toBeGreaterThan(50);
    } finally {
      await store.close();
    }
  });
});
