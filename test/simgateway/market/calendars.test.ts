import { describe, expect, it } from 'vitest';
import { calendarKeys, calendarOf } from '../../../src/simgateway/market/calendars.ts';
import { dayFrom } from '../../../src/simgateway/market/civil-days.ts';

const at = (iso: string) => Date.parse(iso);
const day = (iso: string) => {
  const [year = 0, month = 0, date = 0] = iso.split('-').map(Number);
  return dayFrom(year, month, date);
};
const isOpen = (key: string, iso: string) => calendarOf(key).on(day(iso)) !== undefined;

describe('US stocks', () => {
  it.each(
    `2026-01-01 2026-01-19 2026-02-16 2026-04-03 2026-05-25 2026-06-19 2026-07-03 2026-09-07
     2026-11-26 2026-12-25 2025-04-18 2024-03-29 2027-03-26 2026-04-11`.split(/\s+/),
  )('are closed on %s', (iso) => {
    expect(isOpen('US', iso)).toBe(false);
  });

  it('are open on the Friday before a Saturday New Year', () => {
    expect(isOpen('US', '2021-12-31')).toBe(true);
  });

  it('close early after Thanksgiving and on Christmas Eve', () => {
    const close = (iso: string) => calendarOf('US').on(day(iso))?.liquid[0]?.to;
    expect(close('2026-11-27')).toBe(at('2026-11-27T18:00:00Z'));
    expect(close('2026-12-24')).toBe(at('2026-12-24T18:00:00Z'));
  });

  it.each([
    ['2026-04-14T07:59:59Z', 'closed'],
    ['2026-04-14T08:00:00Z', 'pre'],
    ['2026-04-14T13:29:59Z', 'pre'],
    ['2026-04-14T13:30:00Z', 'regular'],
    ['2026-04-14T19:59:59Z', 'regular'],
    ['2026-04-14T20:00:00Z', 'post'],
    ['2026-04-15T00:00:00Z', 'closed'],
    ['2026-04-12T15:00:00Z', 'closed'],
  ])('at %s are %s', (instant, phase) => {
    expect(calendarOf('US').phase(at(instant))).toBe(phase);
  });

  it('state their hours as contract details carry them', () => {
    const from = at('2026-11-25T17:00:00Z');
    expect(calendarOf('US').hoursText(from, 4, 'liquid')).toBe(
      '20261125:0930-20261125:1600;20261126:CLOSED;20261127:0930-20261127:1300;20261128:CLOSED',
    );
    expect(calendarOf('US').hoursText(at('2026-04-14T17:00:00Z'), 1, 'trading')).toBe(
      '20260414:0400-20260414:2000',
    );
  });
});

describe('round-the-clock markets', () => {
  it('open on Sunday evening, take a break each day, and end on Friday', () => {
    const globex = calendarOf('GLOBEX');
    expect(globex.hoursText(at('2026-04-17T17:00:00Z'), 4, 'trading')).toBe(
      '20260416:1700-20260417:1600;20260418:CLOSED;20260419:1700-20260420:1600',
    );
    expect(globex.phase(at('2026-04-19T21:59:59Z'))).toBe('closed');
    expect(globex.phase(at('2026-04-19T22:00:00Z'))).toBe('regular');
    expect(globex.phase(at('2026-04-20T21:30:00Z'))).toBe('closed');
    expect(calendarOf('FOREX').phase(at('2026-04-19T21:15:00Z'))).toBe('regular');
    expect(calendarOf('FOREX').phase(at('2026-04-17T21:00:00Z'))).toBe('closed');
    expect(calendarOf('CRYPTO').phase(at('2026-04-19T05:00:00Z'))).toBe('regular');
  });
});

describe('markets elsewhere', () => {
  it.each([
    ['LSE', '2026-12-28', false],
    ['LSE', '2026-05-04', false],
    ['LSE', '2026-08-31', false],
    ['IBIS', '2026-05-01', false],
    ['IBIS', '2026-06-19', true],
    ['SBF', '2026-04-06', false],
    ['EBS', '2026-05-14', false],
    ['TSE', '2026-05-18', false],
    ['TSE', '2026-10-12', false],
    ['TSEJ', '2026-05-06', false],
    ['TSEJ', '2026-03-20', false],
    ['SEHK', '2026-02-17', false],
    ['ASX', '2026-01-26', false],
    ['ASX', '2026-06-08', false],
    ['US-BOND', '2026-10-12', false],
  ])('%s on %s: open is %s', (key, iso, open) => {
    expect(isOpen(key, iso)).toBe(open);
  });

  it('pause for lunch in Tokyo', () => {
    const tokyo = calendarOf('TSEJ');
    expect(tokyo.phase(at('2026-04-14T02:29:00Z'))).toBe('regular');
    expect(tokyo.phase(at('2026-04-14T02:30:00Z'))).toBe('closed');
    expect(tokyo.phase(at('2026-04-14T03:30:00Z'))).toBe('regular');
    expect(tokyo.hoursText(at('2026-04-14T03:00:00Z'), 1, 'liquid')).toBe(
      '20260414:0900-20260414:1130,20260414:1230-20260414:1530',
    );
  });
});

describe.each(calendarKeys())('calendar %s', (key) => {
  it('has ordered segments that hold the regular hours, over four years', () => {
    const calendar = calendarOf(key);
    let last = 0;
    for (let d = day('2024-01-01'); d < day('2028-01-01'); d += 1) {
      const found = calendar.on(d);
      if (found === undefined) continue;
      expect(found.start).toBeGreaterThanOrEqual(last);
      for (const s of found.trading) {
        expect(s.from).toBeGreaterThanOrEqual(last);
        expect(s.to).toBeGreaterThan(s.from);
        last = s.to;
      }
      for (const s of found.liquid) {
        expect(found.trading.some((t) => t.from <= s.from && s.to <= t.to)).toBe(true);
      }
    }
  });
});
