import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccountId, ConId } from '../../src/domain/ids.ts';
import { startSimGateway, type SimGateway } from '../../src/simgateway/sim-gateway.ts';
import type { BrokerFacts } from '../../src/domain/risk/facts.ts';
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

const short = {
  readDeadlineMs: 150,
  quoteDeadlineMs: 100,
  snapshotDeadlineMs: 100,
  whatIfDeadlineMs: 100,
  pnlDeadlineMs: 100,
  evidenceDeadlineMs: 150,
};

/** Long enough for bars that are worked out on this very thread. */
const forFacts = {
  ...{ readDeadlineMs: 2_000, quoteDeadlineMs: 4_000, whatIfDeadlineMs: 4_000 },
  ...{ factWaitMs: 6_000, pnlDeadlineMs: 100, pingDeadlineMs: 60_000 },
};

describe('reads against the simulated gateway', () => {
  let gateway: SimGateway;
  let control: SimControl;
  let test: TestBroker;
  const start = async (options: Parameters<typeof startTestBroker>[1] = {}): Promise<void> => {
    test = await startTestBroker(gateway.port, options);
  };
  beforeEach(async () => {
    gateway = await startSimGateway({
      clockStart: Date.parse('2026-11-24T15:00:00Z'),
      accounts: [account, 'DU7654321'],
    });
    control = simControl(gateway.controlPort);
  });
  afterEach(async () => {
    test.broker.close();
    await gateway.close();
  });

  const byBars = ['dailyVolume', 'volatility', 'correlations'] as const;
  // Which message of TWS goes missing, and which facts with it.
  it.each<[string, (keyof BrokerFacts)[]]>([
    ['contractDataEnd', ['contract', 'quote', 'fxToBase', 'whatIf', 'instruments', ...byBars]],
    ['marketRule', ['contract', 'quote', 'fxToBase', 'whatIf', 'instruments', ...byBars]],
    ['tickPrice', ['quote']],
    ['accountDownloadEnd', ['portfolio', 'fxToBase', 'exchangeRates', 'correlations']],
    ['openOrderEnd', ['workingOrders', 'correlations']],
    ['openOrder', ['whatIf']],
    ['currentTime', ['marketTime', ...byBars]],
    ['accountValue', ['portfolio', 'fxToBase', 'exchangeRates', 'correlations']],
    ['historicalData', [...byBars]],
  ])('facts without %s: exactly %j are missing', async (message, missing) => {
    await control.armFault({ kind: 'missing-message', message, times: 10_000 });
    await start({ timing: forFacts });
    const facts = await test.broker.facts(limitBuy);
    const absent = Object.entries(facts).filter(([, fact]) => 'missing' in fact);
    expect(absent.map(([name]) => name).sort()).toEqual([...missing].sort());
  });

  it('daily profit and loss that never comes is null, and everything else is there', async () => {
    await control.armFault({ kind: 'missing-message', message: 'pnl', times: 10_000 });
    await start({ timing: short });
    expect((await test.broker.portfolio(account)).dailyPnl).toBeNull();
  });

  it('the portfolio generation rises when something changes and only then', async () => {
    await start({});
    await control.setClock({ running: false });
    await control.setQuote(appleId, { bid: '99.90', ask: '100.00', last: '99.95', frozen: true });
    const before = await test.broker.portfolio(account);
    test.broker.place(approved(1));
    await until(() => test.events.find((event) => event.status === 'Filled'));
    const isLarger = async (): Promise<boolean> => {
      const { positions, generation } = await test.broker.portfolio(account);
      const apple = positions.find(({ conId }) => conId === appleId);
      return apple?.quantity === '45' && generation > before.generation;
    };
    await expect.poll(isLarger).toBe(true);
  });

  it('serves two accounts by turns without mixing them', async () => {
    await start();
    const other = 'DU7654321' as AccountId;
    const [one, two, again] = await Promise.all([
      test.broker.portfolio(account),
      test.broker.portfolio(other),
      test.broker.portfolio(account),
    ]);
    expect([one.account, two.account, again.account]).toEqual([account, other, account]);
    expect([one, two, again].map(({ positions }) => positions.length)).toEqual([3, 0, 3]);
  });

  it('delayed data is said to be delayed, and none is no quote', async () => {
    await control.setMarketDataAccess('delayed');
    await start({ timing: short });
    expect(await test.broker.quote(appleId)).toMatchObject({ kind: 'delayed' });
    await control.setMarketDataAccess('none');
    await expect(test.broker.quote(272093 as ConId)).rejects.toMatchObject({
      code: 'BROKER_UNAVAILABLE',
    });
  });

  it('a quote follows its stream, and a silent stream is asked anew', async () => {
    await start({ timing: { quoteSilentAfterMs: 30 } });
    await control.setQuote(appleId, { bid: '100.00', ask: '100.10', last: '100.05', frozen: true });
    const first = await test.broker.quote(appleId);
    // Instants are whole milliseconds: the next one has to have begun.
    await expect.poll(() => Date.now()).toBeGreaterThan(Date.parse(first.receivedAt));
    await control.setQuote(appleId, { bid: '101.00', ask: '101.10', last: '101.05', frozen: true });
    const bid = async (): Promise<string | null> => (await test.broker.quote(appleId)).bid;
    await expect.poll(bid).toBe('101');
    const later = await test.broker.quote(appleId);
    expect(later.receivedAt >= first.receivedAt).toBe(true);
    await control.setQuote(appleId, { halted: true });
    await expect.poll(async () => (await test.broker.quote(appleId)).halted).toBe(true);
  });

  it('never holds more market data lines than it may', async () => {
    await start({ timing: { marketDataLines: 3 } });
    const ids = [265598, 272093, 3691937, 208813719, 107113386, 76792991] as ConId[];
    const quotes = await Promise.all(ids.map((conId) => test.broker.quote(conId)));
    expect(quotes.map(({ conId }) => conId)).toEqual(ids);
    const lines = [...gateway.sim.sessions].map((session) => session.subscriptions.marketData.size);
    expect(Math.max(...lines)).toBeLessThanOrEqual(3);
  });

  it('a foreign order shows among the working orders of every reader', async () => {
    await start();
    const other = await startTestBroker(gateway.port, { writeClientId: 31, readClientId: 32 });
    await control.setQuote(appleId, { bid: '199.90', ask: '200.00', last: '199.95', frozen: true });
    const order = approved(other.broker.nextValidId()!);
    other.broker.place(order);
    await until(() => other.events.find((event) => event.status === 'Submitted'));
    const [seen, twice] = await Promise.all([
      test.broker.workingOrders(account),
      test.broker.workingOrders(account),
    ]);
    expect(seen).toMatchObject([{ orderRef: order.intentId, clientId: 31 }]);
    expect(twice).toEqual(seen);
    other.broker.close();
  });

  it('an order that lost its acknowledgement is found by its orderRef', async () => {
    await control.armFault({ kind: 'lost-acks' });
    await control.setQuote(appleId, { bid: '199.90', ask: '200.00', last: '199.95', frozen: true });
    await start({ timing: { bookEveryMs: 60_000 } });
    const order = approved(1);
    test.broker.place(order);
    const evidence = await test.broker.findOrder(order.intentId);
    expect(evidence).toMatchObject({ found: true });
    expect(test.events.some((event) => event.orderRef === order.intentId)).toBe(true);
  });

  it('an order that was swallowed is proven absent', async () => {
    await control.armFault({ kind: 'swallow' });
    await start();
    const order = approved(1);
    test.broker.place(order);
    expect(await test.broker.findOrder(order.intentId)).toMatchObject({
      found: false,
      complete: true,
    });
  });

  it('an order accepted just before the connection ended is found after the reconnect', async () => {
    await control.armFault({ kind: 'drop-after-read' });
    await control.setQuote(appleId, { bid: '199.90', ask: '200.00', last: '199.95', frozen: true });
    await start();
    const order = approved(1);
    test.broker.place(order);
    await until(() => test.broker.nextValidId() === null);
    await until(() => test.broker.nextValidId());
    await until(() => test.events.find((event) => event.orderRef === order.intentId));
    const [frame] = await control.frames(order.intentId);
    expect(frame).toMatchObject({ total: 1 });
  });

  it('a rejected order is told by its code, in the table’s words', async () => {
    await control.armFault({ kind: 'reject', code: 201 });
    await start();
    const order = approved(1);
    test.broker.place(order);
    const event = await until(() => test.events.find(({ kind }) => kind === 'order-error'));
    expect(event).toMatchObject({
      orderRef: order.intentId,
      orderId: 1,
      error: { code: 201, treatment: 'rejected' },
    });
  });
});
