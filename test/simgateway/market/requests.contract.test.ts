// Market requests through the real client library: what it decodes is what was meant.
import { EventName, OptionType, SecType } from '@stoqey/ib';
import type { Contract } from '@stoqey/ib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instrumentByConId } from '../../../src/simgateway/market/contract-book.ts';
import { startSimGateway } from '../../../src/simgateway/sim-gateway.ts';
import type { SimGateway } from '../../../src/simgateway/sim-gateway.ts';
import { simControl } from '../../support/sim-control.ts';
import type { SimControl } from '../../support/sim-control.ts';
import { AAPL, IbClient, OPEN_INSTANT } from '../ib-client.ts';

let gateway: SimGateway;
let control: SimControl;
let client: IbClient;

beforeEach(async () => {
  gateway = await startSimGateway({ clock: 'virtual', clockStart: OPEN_INSTANT });
  control = simControl(gateway.controlPort);
  client = new IbClient(gateway.port, 1);
  await client.connect();
});
afterEach(async () => {
  expect(client.decodeErrors()).toEqual([]);
  client.disconnect();
  await gateway.close();
});

const ES: Contract = {
  symbol: 'ES',
  secType: SecType.FUT,
  exchange: 'CME',
  lastTradeDateOrContractMonth: '202606',
};
const SPY_CALL: Contract = {
  symbol: 'SPY',
  secType: SecType.OPT,
  exchange: 'SMART',
  currency: 'USD',
  lastTradeDateOrContractMonth: '20260619',
  strike: 570,
  right: OptionType.Call,
};
const EURUSD: Contract = {
  symbol: 'EUR',
  secType: SecType.CASH,
  currency: 'USD',
  exchange: 'IDEALPRO',
};
const args = (event: string, reqId: number) =>
  client.seen.filter((s) => s.event === event && s.args[0] === reqId).map((s) => s.args);

describe('contract details', () => {
  it('describe every kind in its own terms', async () => {
    const kinds: [Contract, object][] = [
      [
        ES,
        { minTick: 0.25, contractMonth: '202606', underSecType: 'IND', timeZoneId: 'US/Central' },
      ],
      [
        { ...SPY_CALL, lastTradeDateOrContractMonth: '20260618' },
        { underSymbol: 'SPY', minTick: 0.01 },
      ],
      [EURUSD, { minTick: 0.00005, validExchanges: 'IDEALPRO' }],
      [{ symbol: 'VOD', secType: SecType.STK, exchange: 'LSE' }, { priceMagnifier: 100 }],
      [
        { symbol: '7203', secType: SecType.STK, currency: 'JPY' },
        { minSize: 100, timeZoneId: 'Japan' },
      ],
      [{ symbol: 'SPX', secType: SecType.IND }, { industry: 'Indices' }],
    ];
    for (const [n, [contract, expected]] of kinds.entries()) {
      client.api.reqContractDetails(9500 + n, contract);
      await client.wait('contractDetailsEnd', (a) => a[0] === 9500 + n);
      const found = args('contractDetails', 9500 + n);
      expect([contract.symbol, found.length]).toEqual([contract.symbol, 1]);
      expect(found[0]?.[1]).toMatchObject(expected);
    }
  });

  it('of bonds come as bond details', async () => {
    client.api.reqContractDetails(9510, { symbol: 'US-T', secType: SecType.BOND });
    await client.wait('contractDetailsEnd', (a) => a[0] === 9510);
    const bonds = args('bondContractDetails', 9510);
    expect(bonds.length).toBeGreaterThan(3);
    expect(bonds[0]?.[1]).toMatchObject({ coupon: 3.625, bondType: 'GOVT', couponType: 'FIXED' });
  });

  it('of half an option give the chain, and 321 for a kind that does not exist', async () => {
    client.api.reqContractDetails(9511, {
      ...SPY_CALL,
      lastTradeDateOrContractMonth: '20260515',
      strike: 0,
    });
    await client.wait('contractDetailsEnd', (a) => a[0] === 9511);
    expect(args('contractDetails', 9511).length).toBeGreaterThan(40);
    client.api.reqContractDetails(9512, { symbol: 'AAPL', secType: 'XYZ' as never });
    await client.waitError(9512, 321);
  });

  it('list expiries and strikes of an underlying', async () => {
    client.api.reqSecDefOptParams(9513, 'AAPL', '', SecType.STK, 265598);
    await client.wait('securityDefinitionOptionParameterEnd', (a) => a[0] === 9513);
    const [, exchange, under, tradingClass, multiplier, expirations, strikes] = args(
      'securityDefinitionOptionParameter',
      9513,
    )[0]!;
    expect([exchange, under, tradingClass, Number(multiplier)]).toEqual([
      'SMART',
      265598,
      'AAPL',
      100,
    ]);
    expect(expirations).toContain('20261218');
    expect(strikes).toContain(230);
    client.api.reqSecDefOptParams(9514, 'AAPL', '', SecType.STK, 1);
    await client.waitError(9514, 321);
  });

  it('name derivatives in a search', async () => {
    client.api.reqMatchingSymbols(9515, 'AAPL');
    const samples = (await client.wait('symbolSamples')).args[1] as {
      derivativeSecTypes: string[];
    }[];
    expect(samples[0]?.derivativeSecTypes).toEqual(['OPT']);
  });
});

describe('streams', () => {
  it('send generic ticks and refuse those that a kind does not have', async () => {
    client.api.reqMktData(9520, AAPL, '100,101,104,106,165,233,236', false, false);
    await client.wait('tickGeneric', (a) => a[0] === 9520 && a[1] === 46);
    await client.wait('tickSize', (a) => a[0] === 9520 && a[1] === 89 && Number(a[2]) > 0);
    await client.wait('tickString', (a) => a[1] === 48 && /^[\d.]+;/.test(String(a[2])));
    for (const type of [23, 24]) await client.wait('tickGeneric', (a) => a[1] === type);
    for (const type of [15, 20]) await client.wait('tickPrice', (a) => a[1] === type);
    client.api.reqMktData(9521, EURUSD, '236', false, false);
    await client.waitError(9521, 321);
    client.api.reqMktData(9522, AAPL, '233', true, false);
    await client.waitError(9522, 321);
  });

  it('send greeks with an option, and the calculators invert each other', async () => {
    const option = { ...SPY_CALL, lastTradeDateOrContractMonth: '20260618' };
    client.api.reqMktData(9523, option, '', true, false);
    await client.wait('tickSnapshotEnd', (a) => a[0] === 9523);
    const model = args('tickOptionComputation', 9523).find((a) => a[1] === 13)!;
    const [, , , vol, delta, price, , , , , spot] = model as number[];
    expect(delta).toBeGreaterThan(0);
    expect(delta).toBeLessThan(1);
    client.api.calculateImpliedVolatility(9524, option, price!, spot!);
    const implied = await client.wait('tickOptionComputation', (a) => a[0] === 9524);
    expect(implied.args[3]).toBeCloseTo(vol!, 4);
    client.api.calculateOptionPrice(9525, option, vol!, spot!);
    const priced = await client.wait('tickOptionComputation', (a) => a[0] === 9525);
    expect(priced.args[5]).toBeCloseTo(price!, 4);
  });

  it('end at a hundred lines', async () => {
    for (let id = 1; id <= 101; id += 1) client.api.reqMktData(10_000 + id, AAPL, '', false, false);
    await client.waitError(10_101, 101);
    client.api.cancelMktData(10_001);
    client.api.reqMktData(10_102, AAPL, '', false, false);
    await client.wait('tickPrice', (a) => a[0] === 10_102);
  }, 20_000);

  it('send five-second bars, single ticks and depth as the clock moves', async () => {
    client.api.reqRealTimeBars(9530, AAPL, 5, 'TRADES', true);
    client.api.reqTickByTickData(9531, AAPL, 'Last' as never, 3, false);
    client.api.reqTickByTickData(9532, AAPL, 'BidAsk' as never, 0, false);
    client.api.reqMktDepth(9533, AAPL, 5, false);
    await client.wait(EventName.updateMktDepth, (a) => a[0] === 9533 && a[1] === 4);
    expect(args(EventName.historicalTicksLast, 9531)[0]?.[1]).toHaveLength(3);
    await control.advanceClock(10_000);
    await client.wait(EventName.realtimeBar, (a) => a[0] === 9530);
    await client.wait(EventName.tickByTickAllLast, (a) => a[0] === 9531);
    await client.wait(EventName.tickByTickBidAsk, (a) => a[0] === 9532);
    const bar = args(EventName.realtimeBar, 9530)[0] as number[];
    const prints = gateway.sim.market.trades(
      instrumentByConId(265598)!,
      bar[1]! * 1000 - 1,
      bar[1]! * 1000 + 4999,
    );
    expect(bar[2]).toBe(prints[0]!.price / 1e6);
    expect(bar[5]).toBe(prints.at(-1)!.price / 1e6);
    client.api.cancelRealTimeBars(9530);
    client.api.cancelTickByTickData(9531);
    client.api.cancelMktDepth(9533, false);
    client.api.cancelMktDepth(9533, false);
    await client.waitError(9533, 310);
  });
});

describe('history', () => {
  const finished = (id: number) =>
    client.wait('historicalData', (a) => a[0] === id && String(a[1]).startsWith('finished'));
  const ask = (id: number, c: Contract, span: string, size: string, what: string, keep = false) => {
    client.api.reqHistoricalData(id, c, '', span, size as never, what as never, 1, 1, keep);
  };

  it.each([
    ['1 D', '1 min', 'TRADES', AAPL],
    ['1 D', '1 hour', 'BID_ASK', AAPL],
    ['600 S', '1 secs', 'TRADES', AAPL],
    ['1 W', '30 mins', 'MIDPOINT', EURUSD],
    ['1 M', '1 day', 'HISTORICAL_VOLATILITY', AAPL],
    ['1 M', '1 day', 'OPTION_IMPLIED_VOLATILITY', AAPL],
    ['1 Y', '1 month', 'ADJUSTED_LAST', AAPL],
    ['6 M', '1 week', 'TRADES', ES],
  ])('%s of %s %s', async (span, size, what, contract) => {
    ask(9540, contract, span, size, what);
    await finished(9540);
    const bars = args('historicalData', 9540).filter((a) => Number(a[2]) > 0);
    expect(bars.length).toBeGreaterThan(2);
    for (const [, , open, high, low, close] of bars as number[][]) {
      expect(Math.min(open!, close!)).toBeGreaterThanOrEqual(what === 'BID_ASK' ? 0 : low!);
      expect(high).toBeGreaterThanOrEqual(low!);
    }
  });

  it('keeps the newest bar up to date until cancelled', async () => {
    ask(9541, AAPL, '1 D', '1 min', 'TRADES', true);
    await finished(9541);
    await control.advanceClock(30_000);
    await client.wait(EventName.historicalDataUpdate, (a) => a[0] === 9541);
    client.api.cancelHistoricalData(9541);
    client.api.cancelHistoricalData(9541);
    await client.waitError(9541, 366);
  });

  it('refuses what makes no sense, with 162 and 321', async () => {
    ask(9542, EURUSD, '1 D', '1 min', 'TRADES');
    await client.waitError(9542, 162);
    ask(9543, AAPL, '366 D', '1 day', 'TRADES');
    await client.waitError(9543, 321);
    ask(9544, AAPL, '1 Y', '1 secs', 'TRADES');
    await client.waitError(9544, 162);
    ask(9545, AAPL, '1 D', '7 mins', 'TRADES');
    await client.waitError(9545, 321);
  });

  it('tells where data begins, schedules and histograms', async () => {
    client.api.reqHeadTimestamp(9550, AAPL, 'TRADES', true, 1);
    expect((await client.wait('headTimestamp')).args[1]).toBe('20200102-09:00:00');
    ask(9551, AAPL, '3 D', '1 day', 'SCHEDULE');
    const schedule = await client.wait('historicalSchedule');
    expect(schedule.args[3]).toBe('US/Eastern');
    client.api.reqHistogramData(9552, AAPL, true, 2, 'day' as never);
    const items = (await client.wait('histogramData')).args[1] as unknown[];
    expect(items.length).toBeGreaterThan(20);
  });

  it('gives past ticks forward and backward', async () => {
    client.api.reqHistoricalTicks(9553, AAPL, '20260414 10:00:00', '', 20, 'TRADES', 1, true);
    const forward = (await client.wait(EventName.historicalTicksLast, (a) => a[0] === 9553))
      .args[1];
    expect(forward).toHaveLength(20);
    expect((forward as { time: number }[])[0]?.time).toBe(
      Date.parse('2026-04-14T14:00:00Z') / 1000,
    );
    client.api.reqHistoricalTicks(9554, AAPL, '', '20260413 16:00:00', 10, 'BID_ASK', 1, true);
    const back = (await client.wait(EventName.historicalTicksBidAsk, (a) => a[0] === 9554)).args[1];
    expect((back as { time: number }[]).at(-1)?.time).toBe(
      Date.parse('2026-04-13T19:59:59Z') / 1000,
    );
    client.api.reqHistoricalTicks(9555, AAPL, '', '', 10, 'TRADES', 1, true);
    await client.waitError(9555, 321);
  });
});
