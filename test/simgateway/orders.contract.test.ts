import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimGateway } from '../../src/simgateway/sim-gateway.ts';
import type { SimGateway } from '../../src/simgateway/sim-gateway.ts';
import { simControl } from '../support/sim-control.ts';
import { AAPL, IbClient, OPEN_INSTANT, order } from './ib-client.ts';

let gateway: SimGateway;
let control: ReturnType<typeof simControl>;
let client: IbClient;
let nextId: number;

beforeEach(async () => {
  gateway = await startSimGateway({ clockStart: OPEN_INSTANT });
  control = simControl(gateway.controlPort);
  await control.setQuote('AAPL', { bid: '191.20', ask: '191.25', last: '191.25' });
  client = new IbClient(gateway.port, 1);
  nextId = await client.connect();
});
afterEach(async () => {
  expect(client.decodeErrors()).toEqual([]);
  client.disconnect();
  await gateway.close();
});

const tracked = ['openOrder', 'orderStatus', 'execDetails', 'commissionReport', 'error'];
const sequence = () => client.seen.filter((s) => tracked.includes(s.event)).map((s) => s.event);

describe('an order', () => {
  it('fills at the market in the live sequence, with commission', async () => {
    client.api.placeOrder(nextId, AAPL, order({ orderRef: 'intent-1' }));
    const filled = await client.waitStatus(nextId, 'Filled');
    expect(filled.args.slice(2, 5)).toEqual([10, 0, 191.25]);
    const report = await client.wait('commissionReport');
    expect(report.args[0]).toMatchObject({ commission: 1, currency: 'USD' });
    expect(sequence()).toEqual([
      'openOrder',
      'orderStatus',
      'execDetails',
      'openOrder',
      'orderStatus',
      'commissionReport',
    ]);
    const execution = (await client.wait('execDetails')).args;
    expect(execution[0]).toBe(-1);
    expect(execution[2]).toMatchObject({ orderRef: 'intent-1', shares: 10, side: 'BOT' });
  });

  it('rests at its limit and cancels: PendingCancel, Cancelled, 202', async () => {
    client.api.placeOrder(nextId, AAPL, order({ orderType: 'LMT', lmtPrice: 150.05 }));
    await client.waitStatus(nextId, 'Submitted');
    const open = (await client.wait('openOrder')).args;
    expect(open[2]).toMatchObject({ lmtPrice: 150.05, totalQuantity: 10, clientId: 1 });
    client.api.cancelOrder(nextId);
    await client.waitError(nextId, 202);
    const statuses = client.seen.filter((s) => s.event === 'orderStatus').map((s) => s.args[1]);
    expect(statuses).toEqual(['PreSubmitted', 'Submitted', 'PendingCancel', 'Cancelled']);
    expect(client.seen.findLastIndex((s) => s.event === 'error')).toBeGreaterThan(
      client.seen.findLastIndex((s) => s.event === 'orderStatus'),
    );
  });
});
