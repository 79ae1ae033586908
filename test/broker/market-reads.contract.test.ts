import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GatewayError } from '../../src/domain/errors.ts';
import type { ConId } from '../../src/domain/ids.ts';
import type { BarRequest } from '../../src/domain/instrument/bar.ts';
import { InstrumentQuery } from '../../src/domain/instrument/instrument-query.ts';
import { dec } from '../../src/domain/money/decimal.ts';
import type { Instant } from '../../src/domain/time/instant.ts';
import { startSimGateway, type SimGateway } from '../../src/simgateway/sim-gateway.ts';
import { simControl, type SimControl } from '../support/sim-control.ts';
import { account, appleId, startTestBroker, type TestBroker } from '../support/test-broker.ts';

/** A Tuesday, 10:00 in New York. */
const start = Date.parse('2026-11-24T15:00:00Z');

describe('instruments and market data of every kind', () => {
  let gateway: SimGateway;
  let control: SimControl;
  let test: TestBroker;
  const connect = async (options: Parameters<typeof startTestBroker>[1] = {}): Promise<void> => {
    test = await startTestBroker(gateway.port, options);
  };
  const resolve = async (query: object) => await test.broker.resolve(InstrumentQuery.parse(query));
  const bars = (change: Partial<BarRequest>) =>
    test.broker.bars({
      conId: appleId,
      size: '1d',
      start: null,
      end: null,
      limit: 10,
      regularHours: true,
      prices: null,
      fresh: false,
      ...change,
    });

  beforeEach(async () => {
    gateway = await startSimGateway({ clockStart: start, accounts: [account] });
    control = simControl(gateway.controlPort);
    await control.setClock({ running: false });
  });
  afterEach(async () => {
    test.broker.close();
    await gateway.close();
    expect(test.faults).toEqual([]);
  });

  it.each([
    [{ symbol: 'AAPL' }, { secType: 'STK', exchange: 'SMART', primaryExchange: 'NASDAQ' }],
    [{ isin: 'US0378331005' }, { secType: 'STK', symbol: 'AAPL' }],
    [
      { symbol: 'ES', secType: 'FUT', expiry: '202612' },
      { localSymbol: 'ESZ6', exchange: 'CME', expiry: '20261218', multiplier: '50' },
    ],
    [
      { localSymbol: 'ESZ6', secType: 'FUT' },
      { symbol: 'ES', secType: 'FUT' },
    ],
    [
      { symbol: 'EUR', secType: 'CASH', currency: 'USD' },
      { localSymbol: 'EUR.USD', exchange: 'IDEALPRO' },
    ],
    [
      { symbol: 'BTC', secType: 'CRYPTO', exchange: 'PAXOS' },
      { localSymbol: 'BTC.USD', exchange: 'PAXOS' },
    ],
    [
      { symbol: 'SPX', secType: 'IND' },
      { secType: 'IND', exchange: 'CBOE' },
    ],
  ])('%j is one contract', async (query, expected) => {
    await connect();
    const found = await resolve(query);
    expect(found).toHaveLength(1);
    expect(found[0]!.contract).toMatchObject(expected);
    expect(found[0]!.venues.length).toBeGreaterThan(0);
    expect(found[0]!.venues.every(({ marketRuleId }) => marketRuleId !== null)).toBe(true);
    expect(found[0]!.priceIncrements.length).toBeGreaterThan(0);
    // Only what the kind has.
    const isSized = found[0]!.contract.secType === 'FUT';
    expect('multiplier' in found[0]!.contract).toBe(isSized);
    expect(found[0]!.contract).not.toHaveProperty('strike');
  });

  it('a bond has its coupon, its maturity and each identifier once', async () => {
    await connect();
    const [bond] = await resolve({ symbol: 'US-T', secType: 'BOND' });
    expect(bond!.contract.expiry).toMatch(/^20\d{6}$/);
    expect(dec(bond!.coupon!).gt(0)).toBe(true);
    const kinds = bond!.secIds.map(({ type }) => type);
    expect(kinds).toEqual([...new Set(kinds)]);
  });

  it('a chain leads to its options, and an option tells its terms and greeks', async () => {
    await connect();
    const chains = await test.broker.optionChains(appleId);
    const chain = chains.find(({ tradingClass }) => tradingClass === 'AAPL')!;
    expect(chain.expiries).toEqual([...chain.expiries].sort());
    const strikes = chain.strikes.map(Number);
    expect(strikes).toEqual([...strikes].sort((a, b) => a - b));
    const [expiry = ''] = chain.expiries;
    const all = await resolve({ symbol: 'AAPL', secType: 'OPT', expiry, right: 'C' });
    expect(all.length).toBeGreaterThan(3);
    const middle = all[Math.floor(all.length / 2)]!.contract;
    const { strike, right, multiplier, underlyingConId } = middle;
    expect({ right, multiplier, underlyingConId }).toEqual({
      right: 'C',
      multiplier: '100',
      underlyingConId: appleId,
    });
    const one = await resolve({ symbol: 'AAPL', secType: 'OPT', expiry, strike, right: 'C' });
    expect(one.map(({ contract }) => contract.conId)).toEqual([middle.conId]);
    const { day, quote } = await test.broker.snapshot(middle.conId, { fresh: false });
    expect(quote.ask).not.toBeNull();
    expect(Number(day.greeks?.delta)).toBeGreaterThanOrEqual(0);
    expect(Number(day.greeks?.delta)).toBeLessThanOrEqual(1);
  });

  it('a future tells its open interest', async () => {
    await connect();
    const [future] = await resolve({ localSymbol: 'ESZ6', secType: 'FUT' });
    const { day } = await test.broker.snapshot(future!.contract.conId, { fresh: false });
    expect(Number(day.openInterest)).toBeGreaterThan(0);
    expect(day.greeks).toBeNull();
  });

  it('an index has no sides and is told at once', async () => {
    await connect({ timing: { quoteDeadlineMs: 60_000 } });
    const [index] = await resolve({ symbol: 'SPX', secType: 'IND' });
    const { quote } = await test.broker.snapshot(index!.contract.conId, { fresh: false });
    expect(quote).toMatchObject({ bid: null, ask: null });
    expect(quote.last).not.toBeNull();
  });

  it('a snapshot comes from the stream, from the cache without a line, and anew where that is asked', async () => {
    await connect({ timing: { marketDataLines: 1 } });
    const other = 272093 as ConId;
    expect(await test.broker.snapshot(appleId, { fresh: false })).toMatchObject({
      source: 'asked',
    });
    const streamed = await test.broker.snapshot(appleId, { fresh: false });
    expect(streamed).toMatchObject({ source: 'stream', isStale: false });
    // The only line goes to the other one.
    await test.broker.snapshot(other, { fresh: false });
    expect(await test.broker.snapshot(appleId, { fresh: false })).toMatchObject({
      source: 'cache',
    });
    expect(await test.broker.snapshot(appleId, { fresh: true })).toMatchObject({ source: 'asked' });
    const { caches, lines } = await test.broker.statistics();
    expect(caches.find(({ name }) => name === 'snapshots')).toMatchObject({
      ...{ hits: 2, misses: 2, bypassed: 1, shared: 0 },
    });
    expect(lines).toEqual({ open: 1, most: 1, evictions: 2, refused: 0 });
  });

  it('many who ask the same ask TWS once', async () => {
    await connect();
    const ids = Array.from({ length: 8 }, () => appleId);
    await Promise.all(ids.map((conId) => test.broker.snapshot(conId, { fresh: false })));
    await Promise.all(ids.map((conId) => bars({ conId })));
    const { caches, history } = await test.broker.statistics();
    for (const name of ['contracts', 'snapshots', 'bars']) {
      expect(caches.find((cache) => cache.name === name)).toMatchObject({ misses: 1, shared: 7 });
    }
    expect(history.asked).toBe(1);
  });

  it('a snapshot that is too old says so; the quote that orders are judged by is never one', async () => {
    await connect({ timing: { snapshotStaleAfterMs: -1, quoteSilentAfterMs: 0 } });
    await control.setQuote(appleId, { bid: '100', ask: '100.1', last: '100', frozen: true });
    await test.broker.snapshot(appleId, { fresh: false });
    expect(await test.broker.snapshot(appleId, { fresh: false })).toMatchObject({ isStale: true });
    await control.setQuote(appleId, { bid: '90', ask: '90.1', last: '90', frozen: true });
    await expect.poll(async () => (await test.broker.quote(appleId)).bid).toBe('90');
  });

  it.each(['1m', '5m', '15m', '30m', '1h', '4h', '1d', '1w', '1M'] as const)(
    'bars of %s ascend, do not overlap and only the last may be open',
    async (size) => {
      await connect();
      const { bars: rows, nextEnd, isCached } = await bars({ size, limit: 8 });
      expect(rows).toHaveLength(8);
      expect(isCached).toBe(false);
      const times = rows.map(({ time }) => time);
      expect(times).toEqual([...new Set(times)].sort());
      expect(rows.slice(0, -1).every(({ isComplete }) => isComplete)).toBe(true);
      for (const { open, high, low, close } of rows) {
        expect(dec(high).gte(open) && dec(high).gte(close)).toBe(true);
        expect(dec(low).lte(open) && dec(low).lte(close)).toBe(true);
      }
      expect(nextEnd).not.toBeNull();
      // The page before fits without a gap or a double.
      const before = await bars({ size, limit: 8, end: nextEnd });
      const all = [...before.bars, ...rows].map(({ time }) => time);
      expect(all).toEqual([...new Set(all)].sort());
      const together = await bars({ size, limit: 16, fresh: true });
      expect(together.bars.map(({ time }) => time)).toEqual(all);
    },
  );

  it('pages over the longest duration, and a range gives what begins in it', async () => {
    await connect({ timing: { history: unpaced } });
    const long = await bars({ size: '1m', limit: 1000 });
    expect(long.bars).toHaveLength(1000);
    const [from, to] = ['2026-11-20T15:00:00.000Z', '2026-11-23T15:00:00.000Z'] as Instant[];
    const range = await bars({ size: '1h', start: from!, end: to!, limit: 5000 });
    expect(range.nextEnd).toBeNull();
    expect(range.bars.map(({ time }) => time)).toEqual([
      ...['15', '16', '17', '18', '19', '20'].map((hour) => `2026-11-20T${hour}:00:00.000Z`),
      '2026-11-23T14:30:00.000Z',
    ]);
  });

  it('the same question within the pacing is answered from what is kept, also when it has to be fresh', async () => {
    await connect();
    await bars({});
    expect(await bars({ fresh: true })).toMatchObject({ isCached: true });
    const { history } = await test.broker.statistics();
    expect(history.asked).toBe(1);
  });

  it('where the pace leaves no room the answer says so at once', async () => {
    await connect({ timing: { history: { ...unpaced, mostInWindow: 1, deadlineMs: 50 } } });
    await bars({});
    await expect(bars({ size: '1h' })).rejects.toMatchObject({
      code: 'BROKER_UNAVAILABLE',
      message: expect.stringContaining('pacing') as string,
    });
  });

  it('a pacing refusal (162) is waited out, and the bars come', async () => {
    await connect({ timing: { history: unpaced } });
    await control.armFault({
      kind: 'refuse',
      message: 'reqHistoricalData',
      code: 162,
      text: 'Historical Market Data Service error message:Historical data request pacing violation',
    });
    expect((await bars({})).bars).toHaveLength(10);
    expect((await test.broker.statistics()).history).toMatchObject({ asked: 2, paced: 1 });
  });

  it('a pacing refusal that does not end is told, never an empty list', async () => {
    await connect({ timing: { history: { ...unpaced, deadlineMs: 250 } } });
    await control.armFault({
      kind: 'refuse',
      message: 'reqHistoricalData',
      times: 100,
      code: 162,
      text: 'Historical Market Data Service error message:Historical data request pacing violation',
    });
    await expect(bars({})).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
  });

  it('no line is free (101): a snapshot is taken, and no more lines are asked for', async () => {
    await connect();
    const [pair] = await resolve({ localSymbol: 'EUR.USD', secType: 'CASH' });
    await test.broker.quote(appleId);
    await control.armFault({ kind: 'refuse', message: 'reqMktData', code: 101 });
    expect((await test.broker.quote(pair!.contract.conId)).bid).not.toBeNull();
    expect((await test.broker.statistics()).lines).toMatchObject({ open: 1, most: 1, refused: 1 });
  });

  it('a competing live session (10197) leaves no quote to judge by, and its end brings one', async () => {
    await connect({ timing: { quoteSilentAfterMs: 50 } });
    await test.broker.quote(appleId);
    await control.setMarketDataAccess('competing');
    const outcome = () =>
      test.broker.quote(appleId).then(
        () => 'a quote',
        (error: unknown) => (error as GatewayError).code,
      );
    await expect.poll(outcome).toBe('BROKER_UNAVAILABLE');
    await control.setMarketDataAccess('live');
    expect((await test.broker.quote(appleId)).kind).toBe('live');
  });

  it('currencies have no trades: their bars are the midpoint, without a volume', async () => {
    await connect();
    const [pair] = await resolve({ localSymbol: 'EUR.USD', secType: 'CASH' });
    const series = await bars({ conId: pair!.contract.conId, size: '1h' });
    expect(series).toMatchObject({ prices: 'MIDPOINT' });
    expect(series.bars.every(({ volume }) => volume === null)).toBe(true);
  });
});

const unpaced = {
  windowMs: 600_000,
  mostInWindow: 1_000,
  burstMs: 2_000,
  mostInBurst: 1_000,
  pageDeadlineMs: 5_000,
  deadlineMs: 20_000,
  keepMs: 300_000,
  sameQuestionMs: 15_000,
  pacedMs: 100,
};
