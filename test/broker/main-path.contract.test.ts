import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimGateway, type SimGateway } from '../../src/simgateway/sim-gateway.ts';
import {
  account,
  appleId,
  approved,
  limitBuy,
  startTestBroker,
  until,
  type TestBroker,
} from '../support/test-broker.ts';
import { simControl, type SimControl } from '../support/sim-control.ts';

describe.each([178, 193])(
  'the broker against the simulated gateway at server version %i',
  (serverVersion) => {
    let gateway: SimGateway;
    let control: SimControl;
    let test: TestBroker;
    beforeEach(async () => {
      gateway = await startSimGateway({
        clockStart: Date.parse('2026-11-24T15:00:00Z'),
        serverVersion,
      });
      control = simControl(gateway.controlPort);
      test = await startTestBroker(gateway.port);
    });
    afterEach(async () => {
      test.broker.close();
      await gateway.close();
    });

    it('comes up ready with its account and an id to start from', async () => {
      expect(await test.broker.link()).toMatchObject({ state: 'ready' });
      expect(await test.broker.accounts()).toEqual([account]);
      expect(test.broker.nextValidId()).toBe(1);
      expect(test.broker.clientId).toBe(11);
      expect(test.faults).toEqual([]);
    });

    it('reads the portfolio with market values and daily profit and loss', async () => {
      const portfolio = await test.broker.portfolio(account);
      expect(portfolio.baseCurrency).toBe('USD');
      expect(portfolio.positions.map((position) => position.symbol)).toEqual([
        'AAPL',
        'MSFT',
        'SPY',
      ]);
      const [first] = portfolio.positions;
      expect(Number(first!.marketValue)).toBeCloseTo(Number(first!.marketPrice) * 40, 1);
      expect(portfolio.dailyPnl?.currency).toBe('USD');
      expect(portfolio.cash).toEqual([{ amount: '1000000', currency: 'USD' }]);
      const again = await test.broker.portfolio(account);
      expect(again.generation).toBeGreaterThanOrEqual(portfolio.generation);
    });

    it('resolves, searches and quotes', async () => {
      const [details] = await test.broker.resolve({ conId: appleId });
      expect(details?.contract).toMatchObject({
        symbol: 'AAPL',
        currency: 'USD',
        exchange: 'SMART',
      });
      expect(details?.priceIncrements.length).toBeGreaterThan(0);
      const both = await test.broker.resolve({ symbol: 'SHOP', secType: 'STK' });
      expect(both.map(({ contract }) => contract.currency)).toEqual(['USD', 'CAD']);
      const one = await test.broker.resolve({ symbol: 'SHOP', secType: 'STK', currency: 'CAD' });
      expect(one.map(({ contract }) => contract.primaryExchange)).toEqual(['TSE']);
      expect(await test.broker.resolve({ symbol: 'NOSUCH', secType: 'STK' })).toEqual([]);
      expect((await test.broker.search('APPL')).map(({ symbol }) => symbol)).toContain('AAPL');
      await control.setQuote(appleId, {
        bid: '100.10',
        ask: '100.20',
        last: '100.15',
        frozen: true,
      });
      const quote = await test.broker.quote(appleId);
      expect(quote).toMatchObject({ bid: '100.1', ask: '100.2', last: '100.15', kind: 'live' });
    });

    it('gathers every fact of a gate evaluation', async () => {
      const facts = await test.broker.facts(limitBuy);
      for (const [name, fact] of Object.entries(facts)) {
        expect([name, 'missing' in fact ? fact.missing : 'known']).toEqual([name, 'known']);
      }
      expect(facts.whatIf).toMatchObject({ value: { commissionCurrency: 'USD' } });
      expect(facts.fxToBase).toMatchObject({ value: '1' });
      expect((facts.marketTime as { value: string }).value.slice(0, 16)).toBe('2026-11-24T15:00');
    });

    it('places, hears of fills and commissions, and finds the order again', async () => {
      await control.setQuote(appleId, {
        bid: '149.90',
        ask: '150.00',
        last: '149.95',
        frozen: true,
      });
      const order = approved(test.broker.nextValidId()!);
      test.broker.place(order);
      await until(() => test.events.find((event) => event.kind === 'commission'));
      const mine = test.events.filter((event) => event.orderRef === order.intentId);
      expect(new Set(mine.map((event) => event.kind))).toEqual(
        new Set(['open-order', 'order-status', 'execution', 'commission']),
      );
      expect(mine.find((event) => event.execution !== null)?.execution).toMatchObject({
        quantity: '5',
        cumulative: '5',
        side: 'BUY',
      });
      const [frame] = await control.frames(order.intentId);
      expect(frame).toMatchObject({ total: 1, whatIf: 0 });
      const evidence = await test.broker.findOrder(order.intentId);
      expect(evidence.found).toBe(true);
      const absent = await test.broker.findOrder('int_00000000000000000000');
      expect(absent).toEqual({ found: false, complete: true, nextValidId: 2 });
    });

    it('shows a resting order among the working ones', async () => {
      await control.setQuote(appleId, {
        bid: '199.90',
        ask: '200.00',
        last: '199.95',
        frozen: true,
      });
      const order = approved(test.broker.nextValidId()!);
      test.broker.place(order);
      await until(() => test.events.find((event) => event.status === 'Submitted'));
      const working = await test.broker.workingOrders(account);
      expect(working).toMatchObject([
        { orderRef: order.intentId, side: 'BUY', quantity: '5', limitPrice: '150.25', filled: '0' },
      ]);
      const facts = await test.broker.facts(limitBuy);
      expect(facts.workingOrders).toMatchObject({ value: working });
      await control.cancel(Number(working[0]!.permId));
      await until(() => test.events.find((event) => event.status === 'Cancelled'));
      expect(await test.broker.workingOrders(account)).toEqual([]);
    });
  },
);
