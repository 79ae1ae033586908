import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimGateway, type SimGateway } from '../../src/simgateway/sim-gateway.ts';
import { simControl, type SimControl } from '../support/sim-control.ts';
import {
  account,
  appleId,
  approved,
  approvedCancel,
  limitBuy,
  startTestBroker,
  until,
  type TestBroker,
} from '../support/test-broker.ts';

describe('orders that another client has placed', () => {
  let gateway: SimGateway;
  let control: SimControl;
  let ours: TestBroker;
  let theirs: TestBroker;
  beforeEach(async () => {
    gateway = await startSimGateway({ clockStart: Date.parse('2026-11-24T15:00:00Z') });
    control = simControl(gateway.controlPort);
    await control.setQuote(appleId, { bid: '199.9', ask: '200', last: '199.95', frozen: true });
    ours = await startTestBroker(gateway.port, { timing: { bookEveryMs: 200, endedEveryMs: 300 } });
    theirs = await startTestBroker(gateway.port, { writeClientId: 21, readClientId: 22 });
  });
  afterEach(async () => {
    ours.broker.close();
    theirs.broker.close();
    await gateway.close();
  });

  it('are heard of, described, counted as working, and followed to their end', async () => {
    const order = approved(theirs.broker.nextValidId()!);
    theirs.broker.place(order);
    const seen = await until(() => ours.events.find(({ kind }) => kind === 'open-order'));
    expect(seen).toMatchObject({ orderRef: order.intentId, clientId: 21, status: 'Submitted' });
    expect(seen.order).toEqual({
      ...{ account, conId: appleId, symbol: 'AAPL', side: 'BUY', orderType: 'LMT', tif: 'DAY' },
      ...{ quantity: '5', limitPrice: '150.25' },
    });
    const facts = await ours.broker.facts(limitBuy);
    expect(facts.workingOrders).toMatchObject({ value: [{ clientId: 21, remaining: '5' }] });
    const [live] = await control.orders();
    await control.fill(live!.permId, { shares: 5, price: '150' });
    await until(() => ours.events.find(({ execution }) => execution?.quantity === '5'));
    await until(() => ours.events.find(({ kind }) => kind === 'completed-order'));
    await expect.poll(() => ours.broker.workingOrders(account), { timeout: 8_000 }).toEqual([]);
  });

  it('cannot be cancelled from here, and that is said before any byte', async () => {
    const order = approved(theirs.broker.nextValidId()!);
    theirs.broker.place(order);
    await until(() => theirs.events.find(({ status }) => status === 'Submitted'));
    const [live] = await control.orders();
    const target = { orderId: order.orderId, clientId: 21, permId: String(live!.permId) };
    expect(() => {
      ours.broker.cancel(approvedCancel(target));
    }).toThrow(/client 21 of TWS/);
    expect(await control.orders({ live: true })).toHaveLength(1);
    theirs.broker.cancel(approvedCancel(target));
    await until(() => theirs.events.find(({ status }) => status === 'Cancelled'));
  });
});
