import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConId } from '../../src/domain/ids.ts';
import type { Contract } from '../../src/domain/instrument/contract.ts';
import { InstrumentQuery } from '../../src/domain/instrument/instrument-query.ts';
import { dec, decimalText } from '../../src/domain/money/decimal.ts';
import { orderTypes } from '../../src/domain/order/order-type.ts';
import { isKnown, type BrokerFacts, type Fact, type Known } from '../../src/domain/risk/facts.ts';
import { defaultBrokerTiming } from '../../src/broker/ibkr/broker-timing.ts';
import { facts as factsShape } from '../../src/broker/read-port/shapes.ts';
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

/** Long enough for bars that are worked out on this very thread. */
const patient = {
  ...{ readDeadlineMs: 8_000, quoteDeadlineMs: 8_000, whatIfDeadlineMs: 8_000 },
  ...{ snapshotDeadlineMs: 8_000, pnlDeadlineMs: 2_000, pingDeadlineMs: 60_000 },
  ...{ factWaitMs: 10_000 },
};
const microsoft = 272093 as ConId;
const spy = 756733 as ConId;

function had<T>(fact: Fact<T>): Known<T> {
  if (!isKnown(fact)) throw new Error(`missing: ${fact.missing}`);
  return fact;
}
const missing = (facts: BrokerFacts): string[] =>
  Object.entries(facts)
    .filter(([, fact]) => 'missing' in fact)
    .map(([name]) => name)
    .sort();

describe('the facts of an order', () => {
  let gateway: SimGateway;
  let control: SimControl;
  let test: TestBroker;
  let orderId = 100;
  const connect = async (options: Parameters<typeof startTestBroker>[1] = {}): Promise<void> => {
    test = await startTestBroker(gateway.port, {
      ...options,
      timing: { ...patient, ...options.timing },
    });
  };
  const resolve = async (query: object): Promise<Contract> =>
    (await test.broker.resolve(InstrumentQuery.parse(query)))[0]!.contract;
  const buy = async (contract: Contract, quantity: string): Promise<void> => {
    orderId += 1;
    const terms = { ...limitBuy, conId: contract.conId, quantity: decimalText(quantity) };
    const market = { ...terms, orderType: orderTypes.find((type) => type === 'MKT')! };
    const order = approved(orderId, { ...market, limitPrice: null }, { contract });
    test.broker.place(order);
    await until(() =>
      test.events.find(
        ({ orderRef, status }) => orderRef === order.intentId && status === 'Filled',
      ),
    );
    await expect
      .poll(async () => (await test.broker.portfolio(account)).positions.map(({ conId }) => conId))
      .toContain(contract.conId);
  };
  const historyAsked = async (): Promise<number> => (await test.broker.statistics()).history.asked;
  const rowOf = (facts: BrokerFacts, conId: ConId) =>
    had(facts.instruments).value.find((row) => row.conId === conId);

  beforeEach(async () => {
    gateway = await startSimGateway({
      clockStart: Date.parse('2026-11-24T15:00:00Z'),
      accounts: [account],
      fillPolicy: { mode: 'immediate' },
    });
    control = simControl(gateway.controlPort);
    await control.setClock({ running: false });
  });
  afterEach(async () => {
    test.broker.close();
    await gateway.close();
    expect(test.faults).toEqual([]);
  });

  it('all are there for a stock, beside positions in three currencies and an option', async () => {
    await connect();
    const sap = await resolve({ symbol: 'SAP', currency: 'EUR' });
    const vodafone = await resolve({ symbol: 'VOD', currency: 'GBP' });
    const chains = await test.broker.optionChains(appleId);
    const { expiries } = chains.find(({ tradingClass }) => tradingClass === 'AAPL')!;
    const calls = await test.broker.resolve(
      InstrumentQuery.parse({ symbol: 'AAPL', secType: 'OPT', expiry: expiries[1], right: 'C' }),
    );
    const call = calls[Math.floor(calls.length / 2)]!.contract;
    await buy(sap, '10');
    await buy(vodafone, '100');
    await buy(call, '1');
    const facts = await test.broker.facts(limitBuy);
    expect(missing(facts)).toEqual([]);
    expect(factsShape.parse(facts)).toEqual(facts);

    const ids = [appleId, microsoft, spy, sap.conId, vodafone.conId, call.conId];
    const ascending = [...ids].sort((a, b) => a - b);
    expect(had(facts.instruments).value.map(({ conId }) => conId)).toEqual(ascending);
    expect(rowOf(facts, appleId)).toMatchObject({
      ...{ secType: 'STK', currency: 'USD', multiplier: '1', sector: 'Technology' },
      ...{ delta: null, underlyingPrice: null },
    });
    const { bid, ask } = had(facts.quote).value;
    const middle = dec(bid!).plus(dec(ask!)).dividedBy(2);
    expect(rowOf(facts, appleId)?.price).toBe(decimalText(middle));

    const option = rowOf(facts, call.conId)!;
    expect(option).toMatchObject({ secType: 'OPT', multiplier: '100' });
    expect(Number(option.delta)).toBeGreaterThan(0);
    expect(Number(option.delta)).toBeLessThanOrEqual(1);
    const apart = dec(option.underlyingPrice!).dividedBy(middle).minus(1).abs();
    expect(apart.lt('0.01')).toBe(true);

    // Every row is worth what the account says its position is worth.
    for (const position of had(facts.portfolio).value.positions) {
      if (position.conId === appleId) continue;
      const { price, multiplier } = rowOf(facts, position.conId)!;
      const worth = dec(price!).times(dec(multiplier)).times(dec(position.quantity));
      expect(worth.minus(dec(position.marketValue)).abs().lte('0.02')).toBe(true);
    }
    expect(rowOf(facts, vodafone.conId)).toMatchObject({ currency: 'GBP', multiplier: '0.01' });

    const rates = had(facts.exchangeRates).value;
    expect(rates.map(({ currency }) => currency)).toEqual(['EUR', 'GBP', 'USD']);
    expect(rates.find(({ currency }) => currency === 'USD')?.rate).toBe('1');
    expect(rates.every(({ rate }) => Number(rate) > 0.5)).toBe(true);

    const volatility = had(facts.volatility).value;
    expect(volatility.days).toBe(60);
    expect(Number(volatility.closeToClose)).toBeGreaterThan(0);
    expect(Number(volatility.parkinson)).toBeGreaterThan(0);
    expect(Number(volatility.implied)).toBeGreaterThan(0);
    expect(had(facts.dailyVolume).value.days).toBe(20);
    // Shares, not lots of a hundred.
    expect(Number(had(facts.dailyVolume).value.average)).toBeGreaterThan(10_000_000);

    const correlations = had(facts.correlations).value;
    const others = ascending.filter((conId) => conId !== appleId);
    expect(correlations.map(({ conId }) => conId)).toEqual(others);
    const one = (conId: ConId) => correlations.find((row) => row.conId === conId);
    expect(one(call.conId)).toMatchObject({ coefficient: '1', days: 59 });
    expect(one(microsoft)).toMatchObject({ days: 59 });
    expect(Math.abs(Number(one(microsoft)?.coefficient))).toBeLessThan(59 / 69 + 0.001);
    // Another market has other holidays: Thanksgiving is not one in Frankfurt.
    expect(one(sap.conId)!.days).toBeGreaterThanOrEqual(20);
  });

  it('an option is judged by the moves of its underlying, and by its own volume and volatility', async () => {
    await connect();
    const chains = await test.broker.optionChains(appleId);
    const { expiries } = chains.find(({ tradingClass }) => tradingClass === 'AAPL')!;
    const puts = await test.broker.resolve(
      InstrumentQuery.parse({ symbol: 'AAPL', secType: 'OPT', expiry: expiries[1], right: 'P' }),
    );
    const put = puts[Math.floor(puts.length / 2)]!.contract;
    const facts = await test.broker.facts({ ...limitBuy, conId: put.conId });
    const ofStock = await test.broker.facts(limitBuy);
    expect(had(facts.volatility).value.closeToClose).toBe(
      had(ofStock.volatility).value.closeToClose,
    );
    expect(Number(had(facts.volatility).value.implied)).toBeGreaterThan(0);
    const row = rowOf(facts, put.conId)!;
    expect(Number(row.delta)).toBeLessThan(0);
    expect(row.multiplier).toBe('100');
    // Held are 40 shares of the underlying.
    const apple = had(facts.correlations).value.find(({ conId }) => conId === appleId);
    expect(apple).toMatchObject({ coefficient: '1' });
  });

  it('bars are asked once a day of the exchange, and anew when the next one has begun', async () => {
    await connect();
    const first = await test.broker.facts(limitBuy);
    expect(missing(first)).toEqual([]);
    const asked = await historyAsked();
    const again = await test.broker.facts(limitBuy);
    expect(await historyAsked()).toBe(asked);
    // What is kept says since when.
    expect(again.volatility).toEqual(first.volatility);
    expect(again.dailyVolume).toEqual(first.dailyVolume);
    await control.setClock({ instant: '2026-11-25T15:00:00Z' });
    const tomorrow = async (): Promise<boolean> => {
      const { dailyVolume } = await test.broker.facts(limitBuy);
      return had(dailyVolume).value.average !== had(first.dailyVolume).value.average;
    };
    await expect.poll(tomorrow, { timeout: 10_000 }).toBe(true);
  });

  it('a cold instrument does not hold up an order, and is there for the next one', async () => {
    await connect({ timing: { factWaitMs: 1, dailyBars: { retryMs: 60_000, reserve: 58 } } });
    const facts = await test.broker.facts(limitBuy);
    expect(facts.volatility).toEqual({ missing: 'no daily bars in time' });
    expect(facts.dailyVolume).toEqual({ missing: 'no daily bars in time' });
    const warm = async (): Promise<string[]> => missing(await test.broker.facts(limitBuy));
    await expect.poll(warm, { timeout: 15_000 }).toEqual([]);
    expect(await historyAsked()).toBe(1);
  });

  it('without room in the pacing what is held has no row, and what is bought has its facts', async () => {
    await connect({ timing: { dailyBars: { retryMs: 60_000, reserve: 58 } } });
    const facts = await test.broker.facts(limitBuy);
    expect(missing(facts)).toEqual([]);
    expect(had(facts.correlations).value).toEqual([]);
    expect(await historyAsked()).toBe(1);
  });

  it('history that IBKR refuses is not asked for with every order', async () => {
    await connect({ timing: { dailyBars: { retryMs: 60_000, reserve: 58 } } });
    await control.armFault({ kind: 'missing-message', message: 'historicalData', times: 1_000 });
    test.broker.close();
    await connect({
      timing: {
        ...{ factWaitMs: 300, dailyBars: { retryMs: 60_000, reserve: 58 } },
        history: { ...defaultBrokerTiming.history, pageDeadlineMs: 50 },
      },
    });
    for (let i = 0; i < 3; i += 1) {
      expect((await test.broker.facts(limitBuy)).volatility).toHaveProperty('missing');
    }
    expect(await historyAsked()).toBe(1);
  });

  it('what is held is fetched before anybody proposes', async () => {
    await connect({ timing: { warmEveryMs: 20 } });
    await test.broker.portfolio(account);
    await expect.poll(historyAsked, { timeout: 15_000 }).toBe(3);
    const facts = await test.broker.facts(limitBuy);
    expect(missing(facts)).toEqual([]);
    expect(had(facts.correlations).value).toHaveLength(2);
    expect(await historyAsked()).toBe(3);
  });

  it('a currency that the account has none of is converted by its quote', async () => {
    await connect();
    const sap = await resolve({ symbol: 'SAP', currency: 'EUR' });
    const facts = await test.broker.facts({ ...limitBuy, conId: sap.conId });
    const euro = had(facts.exchangeRates).value.find(({ currency }) => currency === 'EUR');
    expect(euro?.rate).toBe(had(facts.fxToBase).value);
  });
});
