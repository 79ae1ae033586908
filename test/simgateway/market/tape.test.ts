// Bars, prints and quotes are three views of one tape: whatever one says, the others say too.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBarSize } from '../../../src/simgateway/market/bar-sizes.ts';
import { historicalBars } from '../../../src/simgateway/market/bars.ts';
import type { Bar } from '../../../src/simgateway/market/bars.ts';
import { instrumentByConId, instruments } from '../../../src/simgateway/market/contract-book.ts';
import { createExchangeClock } from '../../../src/simgateway/market/exchange-clock.ts';
import type { Instrument } from '../../../src/simgateway/market/instrument.ts';
import type { Trade } from '../../../src/simgateway/market/market.ts';
import { SimMarket } from '../../../src/simgateway/market/sim-market.ts';

const aapl = instrumentByConId(265598)!;
const OPEN = Date.parse('2026-04-14T13:30:00Z');

function marketAt(instant: number, seed = 7) {
  const clock = createExchangeClock(instant);
  clock.set({ instant, running: false });
  return { clock, market: new SimMarket(clock, seed) };
}

function foldOf(trades: readonly Trade[]) {
  const prices = trades.map((t) => t.price);
  return {
    open: prices[0],
    high: Math.max(...prices),
    low: Math.min(...prices),
    close: prices.at(-1),
    volume: trades.reduce((sum, t) => sum + t.size, 0),
    count: trades.length,
  };
}
const shape = ({ open, high, low, close, volume, count }: Bar) => ({
  open,
  high,
  low,
  close,
  volume,
  count,
});

const traded = instruments().filter((i) => i.secType !== 'IND');
const anyInstrument = fc.nat(traded.length - 1).map((n) => traded[n]!);
const anyInstant = fc
  .integer({ min: 0, max: 300 * 24 * 3600 })
  .map((seconds) => Date.parse('2026-01-05T00:00:00Z') + seconds * 1000);
const bars = (market: SimMarket, i: Instrument, end: number, size: string, seconds: number) =>
  historicalBars(market.tape, i, {
    end,
    duration: { unit: 'S', count: seconds },
    size: parseBarSize(size)!,
    regularOnly: true,
    kind: 'last',
  });

describe('bars and prints', () => {
  it('agree for every instrument, size and stretch', () => {
    const sizes = fc.constantFrom('1 secs', '30 secs', '1 min', '5 mins', '1 hour');
    fc.assert(
      fc.property(anyInstrument, anyInstant, sizes, fc.nat(999), (i, instant, size, ms) => {
        const { market } = marketAt(instant + ms);
        const cut = bars(market, i, instant + ms, size, 1800);
        for (const bar of cut) {
          expect(shape(bar)).toEqual(foldOf(market.trades(i, bar.start - 1, bar.end - 1)));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('hold their open and close between low and high, in whole ticks', () => {
    fc.assert(
      fc.property(anyInstrument, anyInstant, (i, instant) => {
        const { market } = marketAt(instant);
        for (const b of bars(market, i, instant, '1 min', 3600)) {
          expect(b.low).toBeGreaterThan(0);
          expect(Math.min(b.open, b.close)).toBeGreaterThanOrEqual(b.low);
          expect(Math.max(b.open, b.close)).toBeLessThanOrEqual(b.high);
          for (const price of [b.open, b.high, b.low, b.close]) {
            expect(price % market.tickAt(i, price)).toBe(0);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('nest: five minutes are one bar of five, and minutes fold to the day', () => {
    const close = Date.parse('2026-04-14T20:00:00Z');
    const { market } = marketAt(close);
    const join = (parts: Bar[]) => ({
      open: parts[0]!.open,
      high: Math.max(...parts.map((b) => b.high)),
      low: Math.min(...parts.map((b) => b.low)),
      close: parts.at(-1)!.close,
      volume: parts.reduce((sum, b) => sum + b.volume, 0),
      count: parts.reduce((sum, b) => sum + b.count, 0),
    });
    const minutes = bars(market, aapl, close, '1 min', 23_400);
    const fives = bars(market, aapl, close, '5 mins', 23_400);
    expect(minutes).toHaveLength(390);
    expect(fives).toHaveLength(78);
    fives.forEach((five, n) => {
      expect(join(minutes.slice(5 * n, 5 * n + 5))).toEqual(shape(five));
    });
    const [day] = historicalBars(market.tape, aapl, {
      end: close,
      duration: { unit: 'D', count: 1 },
      size: { unit: 'day' },
      regularOnly: true,
      kind: 'last',
    });
    expect(join(minutes)).toEqual(shape(day!));
    expect(market.statistics(aapl)).toMatchObject({
      open: day!.open,
      high: day!.high,
      low: day!.low,
      volume: day!.volume,
    });
  });

  it('agree on quotes as well: bid, ask and midpoint bars hold every second’s quote', () => {
    const from = OPEN + 3_600_000;
    const { clock, market } = marketAt(from);
    const seen = { bid: [] as number[], ask: [] as number[] };
    for (let second = 0; second < 120; second += 1) {
      clock.set({ instant: from + second * 1000 });
      const top = market.top(aapl);
      seen.bid.push(top.bid!);
      seen.ask.push(top.ask!);
    }
    for (const kind of ['bid', 'ask'] as const) {
      const fold = market.tape.fold(aapl, from, from + 120_000, kind)!;
      expect(fold.high).toBe(Math.max(...seen[kind]));
      expect(fold.low).toBe(Math.min(...seen[kind]));
      expect(fold.open).toBe(seen[kind][0]);
      expect(fold.close).toBe(seen[kind].at(-1));
    }
  });
});

describe('the control port’s changes', () => {
  it('are on the tape: no path prints while prices are set, one print where the last was set', () => {
    const { clock, market } = marketAt(OPEN + 60_000);
    market.change(aapl, { last: 200_000_000, bid: 199_990_000, ask: 200_010_000 });
    clock.advance(60_000);
    market.change(aapl, { frozen: false });
    clock.advance(60_000);
    const prints = market.trades(aapl, OPEN + 60_000 - 1, OPEN + 120_000 - 1);
    expect(prints).toEqual([{ at: OPEN + 60_000, price: 200_000_000, size: 100_000_000 }]);
    const cut = bars(market, aapl, OPEN + 180_000, '1 min', 180);
    expect(cut.map((b) => b.start)).toEqual([OPEN, OPEN + 60_000, OPEN + 120_000]);
    expect(cut[1]).toMatchObject({ open: 200_000_000, low: 200_000_000, close: 200_000_000 });
  });

  it('halt the tape and the taking of size', () => {
    const { clock, market } = marketAt(OPEN + 60_000);
    market.change(aapl, { halted: true });
    clock.advance(30_000);
    expect(market.top(aapl).halted).toBe(true);
    expect(market.take(aapl, 'ask', 1_000_000)).toBe(0);
    expect(market.trades(aapl, OPEN + 60_000, OPEN + 90_000)).toEqual([]);
  });
});

describe('displayed size', () => {
  it('is used up within its second and full again in the next', () => {
    const { clock, market } = marketAt(OPEN + 60_000);
    const { askSize, bidSize } = market.top(aapl);
    expect(market.take(aapl, 'ask', askSize - 1_000_000)).toBe(askSize - 1_000_000);
    expect(market.top(aapl)).toMatchObject({ askSize: 1_000_000, bidSize });
    expect(market.take(aapl, 'ask', 5_000_000)).toBe(1_000_000);
    expect(market.take(aapl, 'ask', 5_000_000)).toBe(0);
    clock.advance(1000);
    expect(market.top(aapl).askSize).toBeGreaterThan(0);
  });
});

describe('auctions', () => {
  it('open and close the day at the first and last print', () => {
    const close = Date.parse('2026-04-14T20:00:00Z');
    const { market } = marketAt(close);
    const [opening, closing] = market.auctions(aapl, OPEN - 1, close);
    const prints = market.trades(aapl, OPEN - 1, close - 1);
    expect(opening).toEqual({ kind: 'open', at: OPEN, price: prints[0]!.price });
    expect(closing).toEqual({ kind: 'close', at: close, price: prints.at(-1)!.price });
    expect(market.auctions(aapl, close, close + 3_600_000)).toEqual([]);
  });
});
