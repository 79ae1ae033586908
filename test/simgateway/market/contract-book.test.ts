import { describe, expect, it } from 'vitest';
import { calendarOf } from '../../../src/simgateway/market/calendars.ts';
import {
  findInstruments,
  instrumentByConId,
  instruments,
  listedOn,
  OPTIONS,
  searchInstruments,
} from '../../../src/simgateway/market/contract-book.ts';
import { MARKET_RULES } from '../../../src/simgateway/market/market-rules.ts';
import { cusipCheck, isinCheck } from '../../../src/simgateway/market/security-ids.ts';

const NOW = Date.parse('2026-04-14T16:00:00Z');
const symbols = (q: Parameters<typeof findInstruments>[0]) =>
  findInstruments(q, NOW).map((i) => i.localSymbol);

describe('the catalogue', () => {
  const all = listedOn(NOW);

  it('lists more than five hundred instruments over every kind', () => {
    const count = (test: (i: (typeof all)[number]) => boolean) => all.filter(test).length;
    expect(instruments().length).toBeGreaterThan(500);
    expect(count((i) => i.secType === 'STK' && i.stockType !== 'ETF')).toBeGreaterThan(250);
    expect(count((i) => i.stockType === 'ETF')).toBeGreaterThan(50);
    expect(count((i) => i.secType === 'FUT')).toBeGreaterThan(100);
    expect(count((i) => i.secType === 'OPT')).toBeGreaterThan(10_000);
    for (const [type, least] of [
      ['CASH', 20],
      ['CRYPTO', 8],
      ['BOND', 10],
      ['IND', 8],
    ] as const) {
      expect(count((i) => i.secType === type)).toBeGreaterThanOrEqual(least);
    }
  });

  it('has unique contract ids, each of which leads back to its instrument', () => {
    expect(new Set(all.map((i) => i.conId)).size).toBe(all.length);
    for (const i of all) expect(instrumentByConId(i.conId)).toEqual(i);
  });

  it('names a calendar and a market rule that exist, and prices on the grid of sizes', () => {
    for (const i of all) {
      expect(() => calendarOf(i.calendar)).not.toThrow();
      expect(MARKET_RULES.has(i.marketRuleId)).toBe(true);
      expect(i.minSize % i.sizeIncrement).toBe(0);
      expect(Number.isSafeInteger(i.basePrice)).toBe(true);
      expect(i.basePrice).toBeGreaterThan(0);
    }
  });

  it('carries only ISINs and CUSIPs with valid check digits', () => {
    for (const i of instruments()) {
      for (const [tag, value] of i.secIds) {
        if (tag === 'ISIN')
          expect([i.symbol, isinCheck(value.slice(0, 11))]).toEqual([i.symbol, value[11]]);
        else expect([i.symbol, cusipCheck(value.slice(0, 8))]).toEqual([i.symbol, value[8]]);
      }
    }
    expect(findInstruments({ secIdType: 'ISIN', secId: 'US0378331005' })[0]?.symbol).toBe('AAPL');
    expect(findInstruments({ secIdType: 'CUSIP', secId: '037833100' })[0]?.symbol).toBe('AAPL');
  });
});

describe('finding', () => {
  it('goes by id or by what narrows it down', () => {
    expect(findInstruments({ conId: 756733 })[0]?.symbol).toBe('SPY');
    expect(findInstruments({ symbol: 'sap' })).toHaveLength(2);
    expect(findInstruments({ symbol: 'SAP', currency: 'EUR' })[0]?.primaryExch).toBe('IBIS');
    expect(findInstruments({ symbol: 'SAP', exchange: 'NYSE' })).toHaveLength(1);
    expect(findInstruments({})).toEqual([]);
    expect(findInstruments({ conId: 1 })).toEqual([]);
  });

  it('knows local symbols of every kind', () => {
    expect(symbols({ localSymbol: 'ESM6' })).toEqual(['ESM6']);
    expect(symbols({ localSymbol: 'AAPL  261218C00230000' })).toEqual(['AAPL  261218C00230000']);
    expect(symbols({ localSymbol: 'EUR.USD', secType: 'CASH' })).toEqual(['EUR.USD']);
    expect(symbols({ localSymbol: 'ESQ6' })).toEqual([]);
    expect(symbols({ localSymbol: 'AAPL  261218C00231000' })).toEqual([]);
  });

  it('leaves open what a query leaves open', () => {
    expect(symbols({ symbol: 'ES', secType: 'FUT' })).toEqual([
      'ESM6',
      'ESU6',
      'ESZ6',
      'ESH7',
      'ESM7',
    ]);
    expect(symbols({ symbol: 'ES', secType: 'FUT', lastTradeDate: '202609' })).toEqual(['ESU6']);
    expect(symbols({ symbol: 'EUR', secType: 'FUT', lastTradeDate: '202606' })).toEqual(['6EM6']);
    const one = { symbol: 'SPY', secType: 'OPT', lastTradeDate: '20260417' };
    const calls = findInstruments({ ...one, right: 'CALL' }, NOW);
    expect(findInstruments(one, NOW)).toHaveLength(2 * calls.length);
    expect(new Set(calls.map((i) => i.right))).toEqual(new Set(['C']));
    expect(findInstruments({ ...one, right: 'P', strike: '570' }, NOW)).toHaveLength(1);
    const month = findInstruments(
      { ...one, lastTradeDate: '202604', strike: '570', right: 'P' },
      NOW,
    );
    expect(month.map((i) => i.expiry)).toEqual(['20260417', '20260424']);
  });

  it('hides expired contracts unless they are asked for', () => {
    const query = { symbol: 'ES', secType: 'FUT', lastTradeDate: '202603' };
    expect(symbols(query)).toEqual([]);
    expect(symbols({ ...query, includeExpired: true })).toEqual(['ESH6']);
    const spy = OPTIONS.byLocalSymbol('SPY   260410C00570000')!;
    expect(spy.expiry).toBe('20260410');
    expect(findInstruments({ conId: spy.conId }, NOW)).toEqual([]);
    expect(instrumentByConId(spy.conId)).toEqual(spy);
  });

  it('makes stable ids: another day lists the same contract under the same id', () => {
    const later = Date.parse('2026-06-01T16:00:00Z');
    const query = { symbol: 'AAPL', secType: 'OPT', lastTradeDate: '20261218', right: 'C' };
    expect(findInstruments(query, later)).toEqual(findInstruments(query, NOW));
  });
});

describe('expiries', () => {
  it('are what the exchange keeps: holidays move them', () => {
    const expiry = (localSymbol: string) => findInstruments({ localSymbol }, NOW)[0]?.expiry;
    // The third Friday of June 2026 is Juneteenth.
    expect(expiry('ESM6')).toBe('20260618');
    expect(expiry('ESZ6')).toBe('20261218');
    expect(expiry('CLM6')).toBe('20260519');
    expect(expiry('6EM6')).toBe('20260615');
    expect(expiry('ZCK6')).toBe('20260514');
  });
});

describe('searching', () => {
  it('ranks the symbol before names, the liquid before the thin, sixteen at most', () => {
    const found = searchInstruments('a');
    expect(found).toHaveLength(16);
    expect(searchInstruments('micro')[0]?.symbol).toBe('MSFT');
    expect(searchInstruments('AAPL')[0]?.conId).toBe(265598);
    expect(searchInstruments('')).toEqual([]);
  });
});
