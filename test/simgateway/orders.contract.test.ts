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

  it('keeps working after a partial fill and is modified by its own id', async () => {
    await control.setFillPolicy({
      mode: 'partial',
      slices: [
        { shares: 3, delayMs: 5 },
        { shares: 4, delayMs: 5 },
      ],
    });
    client.api.placeOrder(nextId, AAPL, order({ orderType: 'LMT', lmtPrice: 191.3 }));
    await client.wait('orderStatus', (a) => a[2] === 7 && a[1] === 'Submitted');
    client.api.placeOrder(
      nextId,
      AAPL,
      order({ orderType: 'LMT', lmtPrice: 191.5, totalQuantity: 8 }),
    );
    await client.wait('openOrder', (a) => (a[2] as { totalQuantity: number }).totalQuantity === 8);
    const [known] = await control.orders();
    await control.fill(known?.permId ?? 0, { shares: 1, price: '191.40' });
    const filled = await client.waitStatus(nextId, 'Filled');
    expect(filled.args[2]).toBe(8);
    const executions = await control.executions();
    expect(executions.map((e) => [e.shares, e.cumQty, e.commission])).toEqual([
      [3, 3, '1'],
      [4, 7, '0'],
      [1, 8, '0'],
    ]);
    expect((await control.orders())[0]).toMatchObject({ status: 'Filled', limitPrice: '191.50' });
  });

  it('changes cash, position and realised profit exactly', async () => {
    client.api.placeOrder(nextId, AAPL, order({ action: 'SELL', totalQuantity: 15 }));
    await client.waitStatus(nextId, 'Filled');
    const [account] = await control.accounts();
    expect(account).toMatchObject({ cash: '1002867.00', realized: '24.50' });
    expect(account?.positions[0]).toMatchObject({ quantity: 25, averageCost: '189.5' });
    const report = await client.wait('commissionReport');
    expect(report.args[0]).toMatchObject({ realizedPNL: 24.5 });
  });

  it('only tells what it would cost when asked what if', async () => {
    client.api.placeOrder(nextId, AAPL, order({ whatIf: true, totalQuantity: 100 }));
    const opened = await client.wait('openOrder');
    expect(opened.args[3]).toMatchObject({
      status: 'PreSubmitted',
      commission: 1,
      commissionCurrency: 'USD',
      initMarginChange: 9562.5,
      equityWithLoanChange: -1,
    });
    expect(await control.orders()).toEqual([]);
    expect(await control.frames()).toEqual([{ orderRef: '', total: 1, whatIf: 1 }]);
  });
});

describe('refusals', () => {
  const place = (id: number, fields: Record<string, unknown>) =>
    client.api.placeOrder(id, AAPL, order(fields));

  it('refuses a used id with 103 and leaves the first order alone', async () => {
    place(nextId, { orderRef: 'first' });
    await client.waitStatus(nextId, 'Filled');
    place(nextId, { orderRef: 'second' });
    await client.waitError(nextId, 103);
    expect(await control.orders()).toHaveLength(1);
    expect(await control.frames()).toHaveLength(2);
  });

  it.each([
    [110, { orderType: 'LMT', lmtPrice: 100.005 }],
    [201, { totalQuantity: 20_000 }],
    [321, { orderType: 'NONSENSE' }],
    [387, { orderType: 'REL' }],
    [321, { tif: 'NEVER' }],
    [321, { account: 'DU0000000' }],
    [321, { action: 'HOLD' }],
    [434, { totalQuantity: 0 }],
    [10243, { totalQuantity: 1.5 }],
  ])('answers %i', async (code, fields) => {
    place(nextId, fields);
    await client.waitError(nextId, code);
    const live = (await control.orders()).filter((o) => o.status !== 'Inactive');
    expect(live).toEqual([]);
  });

  it('refuses an unknown and an ambiguous contract with 200', async () => {
    client.api.placeOrder(
      nextId,
      { symbol: 'NOSUCH', secType: AAPL.secType, exchange: 'SMART' },
      order({}),
    );
    await client.waitError(nextId, 200);
    client.api.placeOrder(
      nextId + 1,
      { symbol: 'SHOP', secType: AAPL.secType, exchange: 'SMART' },
      order({}),
    );
    await client.waitError(nextId + 1, 200);
  });

  it('keeps the original of a bad modify: 105, 110 and 201', async () => {
    place(nextId, { orderType: 'LMT', lmtPrice: 150 });
    await client.waitStatus(nextId, 'Submitted');
    place(nextId, { orderType: 'LMT', lmtPrice: 150, action: 'SELL' });
    await client.waitError(nextId, 105);
    place(nextId, { orderType: 'LMT', lmtPrice: 150.001 });
    await client.waitError(nextId, 110);
    place(nextId, { orderType: 'LMT', lmtPrice: 150, totalQuantity: 20_000 });
    await client.waitError(nextId, 201);
    const [kept] = await control.orders();
    expect(kept).toMatchObject({ status: 'Submitted', action: 'BUY', limitPrice: '150.00' });
  });

  it('refuses to cancel what is unknown (10147) or over (10148)', async () => {
    client.api.cancelOrder(4711);
    await client.waitError(4711, 10147);
    place(nextId, {});
    await client.waitStatus(nextId, 'Filled');
    client.api.cancelOrder(nextId);
    await client.waitError(nextId, 10148);
  });
});

describe('time in force and hours', () => {
  it('cancels an unfilled IOC and inactivates an unfilled FOK', async () => {
    const far = { orderType: 'LMT', lmtPrice: 100 };
    client.api.placeOrder(nextId, AAPL, order({ ...far, tif: 'IOC' }));
    await client.waitStatus(nextId, 'PendingCancel');
    await client.waitStatus(nextId, 'Cancelled');
    client.api.placeOrder(nextId + 1, AAPL, order({ ...far, tif: 'FOK' }));
    await client.waitStatus(nextId + 1, 'Inactive');
  });

  it('holds an order until the market opens, with warning 399', async () => {
    await control.setClock({ instant: '2026-04-14T03:00:00Z' });
    client.api.placeOrder(nextId, AAPL, order({}));
    await client.waitStatus(nextId, 'PreSubmitted');
    const warning = await client.waitError(nextId, 399);
    expect(String(warning.args[0])).toContain('20260414 09:30:00 US/Eastern');
    await control.setClock({ instant: '2026-04-14T13:30:00Z' });
    await client.waitStatus(nextId, 'Filled');
  });

  it('expires a DAY order after the trading day and keeps a GTC one', async () => {
    const far = { orderType: 'LMT', lmtPrice: 100 };
    client.api.placeOrder(nextId, AAPL, order({ ...far }));
    client.api.placeOrder(nextId + 1, AAPL, order({ ...far, tif: 'GTC' }));
    await client.waitStatus(nextId + 1, 'Submitted');
    await control.setClock({ instant: '2026-04-15T01:00:00Z' });
    await client.waitStatus(nextId, 'Cancelled');
    expect(await control.orders({ live: true })).toHaveLength(1);
  });

  it('does not fill while trading is halted', async () => {
    await control.setQuote('AAPL', { halted: true });
    client.api.placeOrder(nextId, AAPL, order({}));
    await client.waitStatus(nextId, 'Submitted');
    await control.setQuote('AAPL', { halted: false });
    await client.waitStatus(nextId, 'Filled');
  });

  it('fills a resting limit when the market reaches it, and a stop when it is touched', async () => {
    client.api.placeOrder(nextId, AAPL, order({ orderType: 'LMT', lmtPrice: 190 }));
    client.api.placeOrder(nextId + 1, AAPL, order({ orderType: 'STP', auxPrice: 195 }));
    await client.waitStatus(nextId, 'Submitted');
    await client.waitStatus(nextId + 1, 'PreSubmitted');
    await control.setQuote('AAPL', { bid: '189.90', ask: '189.95', last: '189.95' });
    await client.waitStatus(nextId, 'Filled');
    await control.setQuote('AAPL', { bid: '195.00', ask: '195.05', last: '195.01' });
    const stopped = await client.waitStatus(nextId + 1, 'Filled');
    expect(stopped.args[4]).toBe(195.05);
  });
});

describe('asking about orders', () => {
  it('lists own and all open orders, and cancels them globally', async () => {
    const other = new IbClient(gateway.port, 2);
    const otherId = await other.connect();
    const far = order({ orderType: 'LMT', lmtPrice: 100, tif: 'GTC', orderRef: 'far' });
    client.api.placeOrder(nextId, AAPL, far);
    other.api.placeOrder(otherId, AAPL, far);
    await client.waitStatus(nextId, 'Submitted');
    await other.waitStatus(otherId, 'Submitted');
    let from = client.seen.length;
    client.api.reqOpenOrders();
    await client.wait('openOrderEnd', () => true, from);
    expect(client.seen.slice(from).filter((s) => s.event === 'openOrder')).toHaveLength(1);
    from = client.seen.length;
    client.api.reqAllOpenOrders();
    await client.wait('openOrderEnd', () => true, from);
    const permIds = client.seen
      .slice(from)
      .filter((s) => s.event === 'openOrder')
      .map((s) => (s.args[2] as { permId: number }).permId);
    expect(new Set(permIds).size).toBe(2);
    client.api.reqGlobalCancel({});
    await client.waitStatus(nextId, 'Cancelled');
    await other.waitStatus(otherId, 'Cancelled');
    other.disconnect();
  });

  it('shows orders of others to client 0, live', async () => {
    const master = new IbClient(gateway.port, 0);
    await master.connect();
    client.api.placeOrder(nextId, AAPL, order({ orderRef: 'watched' }));
    const seen = await master.wait('execDetails');
    expect(seen.args[2]).toMatchObject({ clientId: 1, orderRef: 'watched' });
    master.api.reqAutoOpenOrders(true);
    await master.wait('openOrderEnd');
    master.disconnect();
    client.api.reqAutoOpenOrders(true);
    await client.wait('info', (a) => a[1] === 321);
  });

  it('lists completed orders and executions by filter', async () => {
    client.api.placeOrder(nextId, AAPL, order({ orderRef: 'done' }));
    await client.waitStatus(nextId, 'Filled');
    client.api.reqCompletedOrders(false);
    await client.wait('completedOrdersEnd');
    const completed = await client.wait('completedOrder');
    expect(completed.args[1]).toMatchObject({ orderRef: 'done', filledQuantity: 10 });
    expect(completed.args[2]).toMatchObject({ status: 'Filled' });
    const count = async (reqId: number, filter: object) => {
      client.api.reqExecutions(reqId, filter);
      await client.wait('execDetailsEnd', (a) => a[0] === reqId);
      return client.seen.filter((s) => s.event === 'execDetails' && s.args[0] === reqId).length;
    };
    expect(await count(9501, {})).toBe(1);
    expect(await count(9502, { symbol: 'MSFT' })).toBe(0);
    expect(await count(9503, { clientId: '1', acctCode: 'DU1234567', side: 'BUY' })).toBe(1);
    expect(await count(9504, { time: '20260414-23:00:00' })).toBe(0);
    expect(await count(9505, { time: '20260414-10:00:00' })).toBe(1);
  });

  it('keeps an order with transmit=false silent until it is sent again', async () => {
    const far = { orderType: 'LMT', lmtPrice: 100 };
    client.api.placeOrder(nextId, AAPL, order({ ...far, transmit: false }));
    client.api.reqOpenOrders();
    await client.wait('openOrderEnd');
    expect(client.count('openOrder')).toBe(0);
    client.api.placeOrder(nextId, AAPL, order(far));
    await client.waitStatus(nextId, 'Submitted');
  });
});
