import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findInstruments,
  instrumentByConId,
  instruments,
  listedOn,
} from '../../../src/simgateway/market/contract-book.ts';
import { createExchangeClock } from '../../../src/simgateway/market/exchange-clock.ts';
import { SimMarket } from '../../../src/simgateway/market/sim-market.ts';

const at = (iso: string) => Date.parse(iso);
const aapl = instrumentByConId(265598)!;
const one = (q: Parameters<typeof findInstruments>[0], iso: string) =>
  findInstruments(q, at(iso))[0]!;

function marketAt(iso: string, seed = 7) {
  const clock = createExchangeClock(at(iso));
  clock.set({ instant: at(iso), running: false });
  return { clock, market: new SimMarket(clock, seed) };
}

describe('quotes', () => {
  it('are the same for the same seed and instant, and differ otherwise', () => {
    const read = (iso: string, seed?: number) => {
      const { market } = marketAt(iso, seed);
      return { ...market.top(aapl), ...market.statistics(aapl) };
    };
    const now = read('2026-04-14T16:00:00Z');
    expect(read('2026-04-14T16:00:00Z')).toEqual(now);
    expect(read('2026-04-14T16:00:00Z', 8)).not.toEqual(now);
    expect(read('2026-04-14T18:00:00Z')).not.toEqual(now);
  });

  it('do not depend on what was asked before', () => {
    const busy = marketAt('2026-04-14T16:00:00Z').market;
    for (const i of instruments()) busy.statistics(i);
    busy.tape.fold(aapl, at('2026-03-02T14:30:00Z'), at('2026-03-02T21:00:00Z'));
    const fresh = marketAt('2026-04-14T16:00:00Z').market;
    for (const i of instruments()) expect(busy.top(i)).toEqual(fresh.top(i));
  });

  it('of every instrument are ordered, whole ticks, and positive', () => {
    const all = listedOn(at('2026-04-14T16:00:00Z'));
    const { market } = marketAt('2026-04-14T16:00:00Z');
    fc.assert(
      fc.property(fc.nat(all.length - 1), (n) => {
        const i = all[n]!;
        const { bid, ask, last, bidSize, askSize } = market.top(i);
        for (const price of [bid, ask, last]) {
          if (price === undefined) continue;
          expect(price).toBeGreaterThan(0);
          expect(price % market.tickAt(i, price)).toBe(0);
        }
        if (bid !== undefined && ask !== undefined) expect(ask).toBeGreaterThan(bid);
        if (i.secType === 'IND') expect([bid, ask]).toEqual([undefined, undefined]);
        expect(bidSize % i.sizeIncrement).toBe(0);
        expect(askSize % i.sizeIncrement).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('move slowly, and stand still while the market is closed', () => {
    const { clock, market } = marketAt('2026-04-14T13:30:00Z');
    let last = market.top(aapl).last!;
    for (let n = 0; n < 380; n += 1) {
      clock.advance(60_000);
      const now = market.top(aapl).last!;
      expect(Math.abs(now - last)).toBeLessThan(aapl.basePrice / 100);
      last = now;
    }
    clock.set({ instant: at('2026-04-11T10:00:00Z') });
    const saturday = market.top(aapl);
    clock.advance(24 * 3_600_000);
    expect(market.top(aapl)).toEqual(saturday);
  });

  it('can be set, frozen, halted and released', () => {
    const { clock, market } = marketAt('2026-04-14T16:00:00Z');
    const path = market.top(aapl);
    market.change(aapl, { frozen: true });
    clock.advance(600_000);
    expect(market.top(aapl)).toMatchObject({ bid: path.bid, ask: path.ask, last: path.last });
    market.change(aapl, { bid: 1_000_000, halted: true });
    expect(market.top(aapl)).toMatchObject({ bid: 1_000_000, ask: path.ask, halted: true });
    market.change(aapl, { frozen: false, halted: false });
    expect(market.top(aapl)).toMatchObject({ halted: false });
    expect(market.top(aapl).bid).not.toBe(1_000_000);
  });
});

describe('related instruments', () => {
  const NOON = '2026-04-14T16:00:00Z';
  const { market } = marketAt(NOON);
  const last = (q: Parameters<typeof findInstruments>[0]) => market.top(one(q, NOON)).last!;

  it('follow their index: funds, futures', () => {
    const index = last({ symbol: 'SPX', secType: 'IND' }) / 5_738_000_000;
    expect(last({ symbol: 'SPY' }) / 573_800_000).toBeCloseTo(index, 3);
    const future = last({ localSymbol: 'ESM6' }) / 5_738_000_000;
    expect(future).toBeGreaterThan(index);
    expect(future / index).toBeLessThan(1.012);
  });

  it('keep currencies consistent over three pairs', () => {
    const rate = (symbol: string, currency: string) =>
      last({ symbol, currency, secType: 'CASH' }) / 1_000_000;
    expect(rate('EUR', 'JPY') / (rate('EUR', 'USD') * rate('USD', 'JPY'))).toBeCloseTo(1, 3);
    expect(rate('EUR', 'GBP') / (rate('EUR', 'USD') / rate('GBP', 'USD'))).toBeCloseTo(1, 3);
    expect(market.usdRate('EUR')! / 1_000_000).toBeCloseTo(rate('EUR', 'USD'), 3);
    expect(market.usdRate('USD')).toBe(1_000_000);
    expect(market.usdRate('ZZZ')).toBeUndefined();
  });

  it('price options by strike: calls fall, puts rise, parity holds', () => {
    const query = { symbol: 'SPY', secType: 'OPT', lastTradeDate: '20260717' };
    const mids = (right: string) =>
      findInstruments({ ...query, right }, at(NOON)).map((i) => ({
        strike: i.strike!,
        last: market.tape.priceAt(i, at(NOON)),
      }));
    const [calls, puts] = [mids('C'), mids('P')];
    calls.slice(1).forEach((c, n) => {
      expect(c.last).toBeLessThanOrEqual(calls[n]!.last);
      expect(puts[n + 1]!.last).toBeGreaterThanOrEqual(puts[n]!.last);
    });
    const spot = last({ symbol: 'SPY' });
    const near = calls.findIndex((c) => c.strike >= spot);
    const gap = calls[near]!.last - puts[near]!.last - (spot - calls[near]!.strike);
    // Interest on the strike to expiry, about one percent of it.
    expect(gap).toBeGreaterThan(0);
    expect(gap).toBeLessThan(spot * 0.02);
  });
});
