import { describe, expect, it } from 'vitest';
import { hoursText, phaseAt, sessionOn } from '../../src/simgateway/market/calendar.ts';
import {
  findInstruments,
  instrumentByConId,
  instruments,
} from '../../src/simgateway/market/contract-book.ts';
import { createExchangeClock } from '../../src/simgateway/market/exchange-clock.ts';
import { tickAt } from '../../src/simgateway/market/market-rules.ts';
import {
  dayOf,
  formatZonedTime,
  instantOf,
  parseWallTime,
} from '../../src/simgateway/market/new-york-time.ts';
import { QuoteBook } from '../../src/simgateway/market/quote-book.ts';

const at = (iso: string) => Date.parse(iso);
const dayIn = (iso: string) => dayOf(at(`${iso}T17:00:00Z`));
const aapl = instrumentByConId(265598)!;

function bookAt(iso: string, seed = 7) {
  const clock = createExchangeClock(at(iso));
  clock.set({ running: false });
  return { clock, book: new QuoteBook(clock, seed) };
}

describe('New York time', () => {
  it.each([
    ['2026-03-08T06:59:59Z', '20260308 01:59:59 US/Eastern'],
    ['2026-03-08T07:00:00Z', '20260308 03:00:00 US/Eastern'],
    ['2026-11-01T05:59:59Z', '20261101 01:59:59 US/Eastern'],
    ['2026-11-01T06:00:00Z', '20261101 01:00:00 US/Eastern'],
    ['2026-04-13T19:27:04Z', '20260413 15:27:04 US/Eastern'],
  ])('%s is %s', (instant, wall) => {
    expect(formatZonedTime(at(instant))).toBe(wall);
  });

  it('reads the time formats of requests', () => {
    expect(parseWallTime('20260413-19:27:04')).toBe(at('2026-04-13T19:27:04Z'));
    expect(parseWallTime('20260413 15:27:04')).toBe(at('2026-04-13T19:27:04Z'));
    expect(parseWallTime('20260413 15:27:04 US/Eastern')).toBe(at('2026-04-13T19:27:04Z'));
    expect(parseWallTime('20260413 15:27:04 UTC')).toBe(at('2026-04-13T15:27:04Z'));
    expect(parseWallTime('20260413')).toBe(instantOf(dayIn('2026-04-13'), 0));
    expect(parseWallTime('soon')).toBeUndefined();
  });
});

describe('the calendar', () => {
  it.each([
    '2026-01-01',
    '2026-01-19',
    '2026-02-16',
    '2026-04-03',
    '2026-05-25',
    '2026-06-19',
    '2026-07-03',
    '2026-09-07',
    '2026-11-26',
    '2026-12-25',
    '2025-04-18',
    '2024-03-29',
    '2027-03-26',
    '2026-04-11',
  ])('is closed on %s', (day) => {
    expect(sessionOn(dayIn(day))).toBeUndefined();
  });

  it('is open on the Friday before a Saturday New Year', () => {
    expect(sessionOn(dayIn('2021-12-31'))).toBeDefined();
  });

  it('closes early after Thanksgiving and on Christmas Eve', () => {
    expect(sessionOn(dayIn('2026-11-27'))?.close).toBe(at('2026-11-27T18:00:00Z'));
    expect(sessionOn(dayIn('2026-12-24'))?.close).toBe(at('2026-12-24T18:00:00Z'));
  });

  it.each([
    ['2026-04-14T07:59:59Z', 'closed'],
    ['2026-04-14T08:00:00Z', 'extended'],
    ['2026-04-14T13:29:59Z', 'extended'],
    ['2026-04-14T13:30:00Z', 'regular'],
    ['2026-04-14T19:59:59Z', 'regular'],
    ['2026-04-14T20:00:00Z', 'extended'],
    ['2026-04-15T00:00:00Z', 'closed'],
  ])('at %s is %s', (instant, phase) => {
    expect(phaseAt(at(instant))).toBe(phase);
  });

  it('writes hours as contract details carry them', () => {
    expect(hoursText(dayIn('2026-11-25'), 4, 'liquid')).toBe(
      '20261125:0930-20261125:1600;20261126:CLOSED;20261127:0930-20261127:1300;20261128:CLOSED',
    );
    expect(hoursText(dayIn('2026-04-14'), 1, 'trading')).toBe('20260414:0400-20260414:2000');
  });
});

describe('the instruments', () => {
  it('are at least forty US names with unique ids', () => {
    expect(instruments().filter((i) => i.currency === 'USD').length).toBeGreaterThan(40);
    expect(new Set(instruments().map((i) => i.conId)).size).toBe(instruments().length);
  });

  it('are found by id or by what narrows them down', () => {
    expect(findInstruments({ conId: 756733 })[0]?.symbol).toBe('SPY');
    expect(findInstruments({ symbol: 'sap' })).toHaveLength(2);
    expect(findInstruments({ symbol: 'SAP', currency: 'EUR' })[0]?.primaryExch).toBe('IBIS');
    expect(findInstruments({ symbol: 'SAP', exchange: 'NYSE' })).toHaveLength(1);
    expect(findInstruments({ symbol: 'AAPL', secType: 'OPT' })).toEqual([]);
    expect(findInstruments({})).toEqual([]);
    expect(findInstruments({ conId: 1 })).toEqual([]);
  });
});

describe('quotes', () => {
  it('are the same for the same seed and instant, and differ otherwise', () => {
    const a = bookAt('2026-04-14T16:00:00Z').book.quote(aapl);
    expect(bookAt('2026-04-14T16:00:00Z').book.quote(aapl)).toEqual(a);
    expect(bookAt('2026-04-14T16:00:00Z', 8).book.quote(aapl)).not.toEqual(a);
    expect(bookAt('2026-04-14T18:00:00Z').book.quote(aapl)).not.toEqual(a);
  });

  it('are whole ticks, ordered, near the base price, and move slowly', () => {
    const { clock, book } = bookAt('2026-04-14T13:30:00Z');
    let last = book.top(aapl).bid;
    for (let i = 0; i < 300; i += 1) {
      clock.advance(60_000);
      const { bid, ask } = book.top(aapl);
      expect(bid % tickAt(aapl, bid)).toBe(0);
      expect(ask).toBeGreaterThan(bid);
      expect(Math.abs(bid - aapl.basePrice)).toBeLessThan(aapl.basePrice / 10);
      expect(Math.abs(bid - last)).toBeLessThan(aapl.basePrice / 200);
      last = bid;
    }
    const q = book.quote(aapl);
    expect(q.low).toBeLessThanOrEqual(q.last);
    expect(q.high).toBeGreaterThanOrEqual(q.last);
  });

  it('stand still while the market is closed', () => {
    const { clock, book } = bookAt('2026-04-11T10:00:00Z');
    const saturday = book.top(aapl);
    clock.advance(24 * 3_600_000);
    expect(book.top(aapl)).toEqual(saturday);
  });

  it('can be set, frozen, halted and released', () => {
    const { clock, book } = bookAt('2026-04-14T16:00:00Z');
    const path = book.top(aapl);
    book.change(aapl, { frozen: true });
    clock.advance(600_000);
    expect(book.top(aapl)).toEqual(path);
    book.change(aapl, { bid: 1_000_000, halted: true });
    expect(book.top(aapl)).toMatchObject({ bid: 1_000_000, ask: path.ask, halted: true });
    book.change(aapl, { frozen: false, halted: false });
    expect(book.top(aapl)).not.toEqual(path);
  });
});
