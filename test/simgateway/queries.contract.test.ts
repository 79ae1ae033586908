import { EventName, MarketDataType, SecType } from '@stoqey/ib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimGateway } from '../../src/simgateway/sim-gateway.ts';
import type { SimGateway } from '../../src/simgateway/sim-gateway.ts';
import { simControl } from '../support/sim-control.ts';
import type { SimControl } from '../support/sim-control.ts';
import { AAPL, IbClient, OPEN_INSTANT } from './ib-client.ts';

let gateway: SimGateway;
let control: SimControl;
let client: IbClient;

beforeEach(async () => {
  gateway = await startSimGateway({ clockStart: OPEN_INSTANT });
  control = simControl(gateway.controlPort);
  client = new IbClient(gateway.port, 1);
  await client.connect();
});
afterEach(async () => {
  expect(client.decodeErrors()).toEqual([]);
  client.disconnect();
  await gateway.close();
});

const details = () =>
  client.seen
    .filter((s) => s.event === 'contractDetails')
    .map((s) => s.args[1] as { contract: { conId: number; currency: string } });

describe('the session', () => {
  it('negotiates 193 and sends accounts, id and farm notices', async () => {
    expect(client.api.serverVersion).toBe(193);
    expect((await client.wait('managedAccounts')).args[0]).toBe('DU1234567');
    const codes = () => client.seen.filter((s) => s.event === 'info').map((s) => s.args[1]);
    await client.wait('info', (a) => a[1] === 2158);
    expect(codes()).toEqual([2104, 2106, 2158]);
  });

  it('tells the simulated time', async () => {
    await control.setClock({ instant: '2026-07-06T14:00:00Z', running: false });
    client.api.reqCurrentTime();
    const time = await client.wait('currentTime');
    expect(time.args[0]).toBe(Date.parse('2026-07-06T14:00:00Z') / 1000);
  });

  it('refuses a client id in use with 326 and serves another', async () => {
    const twin = new IbClient(gateway.port, 1);
    twin.api.connect();
    await twin.wait('info', (a) => a[1] === 326);
    await twin.wait('disconnected');
    expect(twin.count('nextValidId')).toBe(0);
    const other = new IbClient(gateway.port, 2);
    expect(await other.connect()).toBe(1);
    expect(await control.connections()).toHaveLength(2);
    other.disconnect();
  });

  it('answers reqIds and reqManagedAccts', async () => {
    const from = client.seen.length;
    client.api.reqIds(1).reqManagedAccts();
    await client.wait('nextValidId', () => true, from);
    await client.wait('managedAccounts', () => true, from);
  });
});

describe('accounts', () => {
  it('sends values, portfolio and the end', async () => {
    client.api.reqAccountUpdates(true, 'DU1234567');
    await client.wait('accountDownloadEnd');
    const value = await client.wait('updateAccountValue', (a) => a[0] === 'TotalCashBalance');
    expect(value.args).toEqual(['TotalCashBalance', '1000000.00', 'USD', 'DU1234567']);
    expect(client.count('updatePortfolio')).toBe(3);
    const held = await client.wait(
      'updatePortfolio',
      (a) => (a[0] as { symbol: string }).symbol === 'AAPL',
    );
    expect(held.args[1]).toBe(40);
    expect(held.args[4]).toBe(189.5);
  });

  it('summarises at most twice at a time', async () => {
    for (const id of [9001, 9002]) {
      client.api.reqAccountSummary(id, 'All', 'NetLiquidation,BuyingPower');
      await client.wait('accountSummaryEnd', (a) => a[0] === id);
    }
    expect(client.count('accountSummary')).toBe(4);
    client.api.reqAccountSummary(9003, 'All', 'NetLiquidation');
    await client.waitError(9003, 322);
    client.api.cancelAccountSummary(9001);
    client.api.reqAccountSummary(9003, 'All', 'NetLiquidation');
    await client.wait('accountSummaryEnd', (a) => a[0] === 9003);
  });

  it('lists positions', async () => {
    client.api.reqPositions();
    await client.wait('positionEnd');
    const rows = client.seen.filter((s) => s.event === 'position').map((s) => s.args.slice(2, 4));
    expect(rows).toEqual([
      [40, 189.5],
      [30, 402.25],
      [100, 548.1],
    ]);
  });

  it('reports profit', async () => {
    client.api.reqPnL(9100, 'DU1234567', '');
    client.api.reqPnLSingle(9101, 'DU1234567', '', 265598);
    await client.wait('pnl');
    expect((await client.wait('pnlSingle')).args[1]).toBe(40);
  });
});

describe('contracts', () => {
  it('describes one by contract id, with trading hours', async () => {
    client.api.reqContractDetails(9200, { conId: 756733 });
    await client.wait('contractDetailsEnd');
    expect(details()).toHaveLength(1);
    expect(details()[0]).toMatchObject({
      longName: 'SPDR S&P 500 ETF TRUST',
      minTick: 0.01,
      timeZoneId: 'US/Eastern',
      stockType: 'ETF',
      liquidHours: expect.stringMatching(/^20260414:0930-20260414:1600;/) as string,
      contract: { conId: 756733, primaryExch: 'ARCA' },
    });
  });

  it('gives every listing of an ambiguous symbol, and one with its currency', async () => {
    client.api.reqContractDetails(9201, { symbol: 'SHOP', secType: SecType.STK });
    await client.wait('contractDetailsEnd', (a) => a[0] === 9201);
    expect(details().map((d) => d.contract.currency)).toEqual(['USD', 'CAD']);
    client.api.reqContractDetails(9202, { symbol: 'SHOP', secType: SecType.STK, currency: 'CAD' });
    await client.wait('contractDetailsEnd', (a) => a[0] === 9202);
    expect(details()).toHaveLength(3);
  });

  it('answers 200 for what does not exist', async () => {
    client.api.reqContractDetails(9203, { symbol: 'NOSUCH', secType: SecType.STK });
    await client.waitError(9203, 200);
  });

  it('searches symbols and names, and states market rules', async () => {
    client.api.reqMatchingSymbols(9204, 'micro');
    const samples = (await client.wait('symbolSamples')).args[1] as { contract: object }[];
    expect(samples[0]?.contract).toMatchObject({ symbol: 'MSFT', conId: 272093 });
    client.api.reqMarketRule(26);
    expect((await client.wait('marketRule')).args[1]).toEqual([{ lowEdge: 0, increment: 0.01 }]);
  });
});

describe('market data', () => {
  it('gives a snapshot and its end', async () => {
    await control.setQuote('AAPL', { bid: '191.20', ask: '191.25', last: '191.22' });
    client.api.reqMktData(9300, AAPL, '', true, false);
    await client.wait('tickSnapshotEnd');
    const price = (type: number) =>
      client.seen.find((s) => s.event === 'tickPrice' && s.args[1] === type)?.args[2];
    expect([price(1), price(2), price(4)]).toEqual([191.2, 191.25, 191.22]);
    for (const type of [6, 7, 9, 14]) expect(price(type)).toBeGreaterThan(0);
    // The library reads the minimum tick as an integer, so its value cannot be checked through it.
    expect((await client.wait('tickReqParams')).args[2]).toBe('a60001');
    expect((await client.wait('marketDataType')).args[1]).toBe(1);
  });

  it('streams changes until cancelled', async () => {
    await control.setQuote('AAPL', { bid: '191.20', ask: '191.25', last: '191.22' });
    client.api.reqMktData(9301, AAPL, '', false, false);
    await client.wait('tickPrice', (a) => a[1] === 1 && a[2] === 191.2);
    await control.setQuote('AAPL', { bid: '190.00' });
    await client.wait('tickPrice', (a) => a[1] === 1 && a[2] === 190);
    client.api.cancelMktData(9301);
    client.api.reqCurrentTime();
    await client.wait('currentTime');
    const from = client.seen.length;
    await control.setQuote('AAPL', { bid: '189.00' });
    client.api.reqIds(1);
    await client.wait('nextValidId', () => true, from);
    expect(client.seen.slice(from).map((s) => s.event)).not.toContain('tickPrice');
    client.api.cancelMktData(9301);
    await client.waitError(9301, 300);
  });

  it('a competing live session takes the data away, and gives it back', async () => {
    client.api.reqMktData(9305, AAPL, '', false, false);
    await client.wait('tickPrice', (a) => a[0] === 9305);
    await control.setMarketDataAccess('competing');
    await client.waitError(9305, 10197);
    client.api.reqMktData(9306, AAPL, '', true, false);
    await client.waitError(9306, 10197);
    const from = client.seen.length;
    await control.setQuote('AAPL', { bid: '188.00', ask: '188.10' });
    client.api.reqCurrentTime();
    await client.wait('currentTime', () => true, from);
    expect(client.seen.slice(from).map((s) => s.event)).not.toContain('tickPrice');
    await control.setMarketDataAccess('live');
    await control.setQuote('AAPL', { bid: '188.01', ask: '188.10' });
    await client.wait('tickPrice', (a) => a[0] === 9305 && a[2] === 188.01, from);
  });

  it('shows delayed data only when asked for', async () => {
    await control.setMarketDataAccess('delayed');
    client.api.reqMktData(9302, AAPL, '', true, false);
    await client.waitError(9302, 354);
    client.api.reqMarketDataType(MarketDataType.DELAYED);
    client.api.reqMktData(9303, AAPL, '', true, false);
    await client.waitError(9303, 10167);
    await client.wait('tickPrice', (a) => a[0] === 9303 && a[1] === 66);
  });

  it('cuts bars', async () => {
    const bars = () =>
      client.seen.filter((s) => s.event === EventName.historicalData.toString()).map((s) => s.args);
    client.api.reqHistoricalData(9400, AAPL, '', '5 D', '1 day' as never, 'TRADES', 1, 1, false);
    await client.wait('historicalData', (a) => String(a[1]).startsWith('finished'));
    expect(bars().map((b) => b[1])).toEqual([
      '20260408',
      '20260409',
      '20260410',
      '20260413',
      '20260414',
      expect.stringMatching(/^finished/),
    ]);
    client.api.reqHistoricalData(9401, AAPL, '', '5 X', '1 day' as never, 'TRADES', 1, 1, false);
    await client.waitError(9401, 321);
    client.api.reqHistoricalData(9402, AAPL, '', '9 Y', '1 secs' as never, 'TRADES', 1, 1, false);
    await client.waitError(9402, 162);
  });
});
