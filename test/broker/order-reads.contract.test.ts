import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AccountId } from '../../src/domain/ids.ts';
import { decimalText } from '../../src/domain/money/decimal.ts';
import type { Instant } from '../../src/domain/time/instant.ts';
import { startSimGateway, type SimGateway } from '../../src/simgateway/sim-gateway.ts';
import { simControl, type SimControl } from '../support/sim-control.ts';
import {
  account,
  appleId,
  approved,
  limitBuy,
  startTestBroker,
  until,
  type TestBroker,
} from '../support/test-broker.ts';

const other = 'DU7654321' as AccountId;

let gateway: SimGateway;
let control: SimControl;
let test: TestBroker;
const start = async (options: Parameters<typeof startTestBroker>[1] = {}): Promise<void> => {
  test = await startTestBroker(gateway.port, options);
};
const fill = async () => {
  await control.setQuote(appleId, { bid: '99.90', ask: '100.00', last: '99.95', frozen: true });
  const order = approved(test.broker.nextValidId()!);
  test.broker.place(order);
  await until(() => test.events.find((event) => event.status === 'Filled'));
  return order;
};
const all = { account, since: null, symbol: null };

beforeEach(async () => {
  gateway = await startSimGateway({
    clockStart: Date.parse('2026-11-24T15:00:00Z'),
    accounts: [account, other],
  });
  control = simControl(gateway.controlPort);
});
afterEach(async () => {
  test.broker.close();
  await gateway.close();
});

it('an execution comes with its order, its time and its commission, and can be asked for by symbol and time', async () => {
  await start();
  const order = await fill();
  const [one, ...more] = await test.broker.executions(all);
  expect(more).toEqual([]);
  expect(one).toMatchObject({
    ...{ account, conId: appleId, symbol: 'AAPL', side: 'BUY', quantity: '5' },
    ...{ orderRef: order.intentId, orderId: order.orderId, clientId: 11, isCorrection: false },
  });
  expect(one!.commission?.currency).toBe('USD');
  expect(one!.at?.slice(0, 10)).toBe('2026-11-24');
  expect(await test.broker.executions({ ...all, symbol: 'MSFT' })).toEqual([]);
  expect(await test.broker.executions({ ...all, since: one!.at })).toHaveLength(1);
  const later = '2026-11-25T00:00:00.000Z' as Instant;
  expect(await test.broker.executions({ ...all, since: later })).toEqual([]);
  expect(await test.broker.executions({ ...all, account: other })).toEqual([]);
});

it('a commission that does not come is null, never a 0', async () => {
  await control.armFault({ kind: 'missing-message', message: 'commissionReport', times: 10_000 });
  await start({ timing: { commissionWaitMs: 30 } });
  await fill();
  const [one] = await test.broker.executions(all);
  expect(one).toMatchObject({ quantity: '5', commission: null, realizedPnl: null });
});

it('a list of executions without its end is no list', async () => {
  await start({ timing: { readDeadlineMs: 100 } });
  await fill();
  await control.armFault({ kind: 'missing-message', message: 'executionEnd', times: 10_000 });
  await expect(test.broker.executions(all)).rejects.toMatchObject({ code: 'BROKER_NO_ANSWER' });
});

it('orders that are over are listed for their own account', async () => {
  await start();
  const order = await fill();
  const [done] = await test.broker.completedOrders(account);
  expect(done).toMatchObject({
    ...{ orderRef: order.intentId, conId: appleId, side: 'BUY', orderType: 'LMT' },
    ...{ quantity: '5', filled: '5', limitPrice: '150.25', stopPrice: null, status: 'Filled' },
  });
  expect(done!.completedAt).not.toBeNull();
  expect(await test.broker.completedOrders(other)).toEqual([]);
});

it('a stop that waits shows its trigger and no limit', async () => {
  await start();
  await control.setQuote(appleId, { bid: '99.90', ask: '100.00', last: '99.95', frozen: true });
  const terms = {
    ...limitBuy,
    orderType: 'STP' as const,
    limitPrice: null,
    stopPrice: decimalText('120'),
  };
  test.broker.place(approved(test.broker.nextValidId()!, terms));
  const [open] = await expect
    .poll(() => test.broker.workingOrders(account))
    .toHaveLength(1)
    .then(() => test.broker.workingOrders(account));
  expect(open).toMatchObject({
    ...{ orderType: 'STP', stopPrice: '120', limitPrice: null, filled: '0', remaining: '5' },
    ...{ trailingAmount: null, trailingPercent: null, parentId: null, ocaGroup: '' },
  });
});

it('every account has its profit and loss, whichever was asked for last', async () => {
  await start();
  for (const asked of [account, other, account]) {
    const portfolio = await test.broker.portfolio(asked);
    expect(portfolio.account).toBe(asked);
    expect(portfolio.dailyPnl?.currency).toBe('USD');
    expect(portfolio.unrealizedPnl).not.toBeNull();
    expect(portfolio.exchangeRates).toContainEqual({ currency: 'USD', rate: '1' });
  }
});

it('a corrected execution stands once, with the corrected price', async () => {
  await control.armFault({ kind: 'correct-execution' });
  await start();
  await fill();
  await until(() => test.events.find((event) => event.execution?.execId.endsWith('.02') === true));
  const found = await test.broker.executions(all);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ isCorrection: true, quantity: '5', price: '100.01' });
});
