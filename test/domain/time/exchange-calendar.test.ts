import { describe, expect, it } from 'vitest';
import { marketState, parseSessions } from '../../../src/domain/time/exchange-calendar.ts';
import { contract, details } from '../gate-facts.ts';

const zone = 'America/New_York';
const openAt = (iso: string, liquidHours: string, timeZone = zone): unknown => {
  const stock = {
    ...details,
    contract: { ...contract, primaryExchange: 'ELSEWHERE' },
    liquidHours,
    timeZone,
  };
  const state = marketState(stock, Date.parse(iso), 'regular');
  return 'missing' in state ? state.missing : state.open;
};

describe('session texts', () => {
  it('reads days, closures and several sessions of a day', () => {
    const table = parseSessions(
      '20261124:0930-20261124:1130,20261124:1300-20261124:1600;20261126:CLOSED',
      zone,
    );
    expect(table?.sessions).toHaveLength(2);
    expect([...table!.hours]).toEqual([
      ['20261124', '09:30-11:30, 13:00-16:00'],
      ['20261126', 'closed'],
    ]);
  });

  it('is closed in the lunch break', () => {
    const text = '20261124:0930-20261124:1130,20261124:1300-20261124:1600';
    expect(openAt('2026-11-24T16:29:59.999Z', text)).toBe(true);
    expect(openAt('2026-11-24T16:30:00.000Z', text)).toBe(false);
    expect(openAt('2026-11-24T18:00:00.000Z', text)).toBe(true);
  });

  it('reads a session that starts the evening before', () => {
    const text = '20261122:1800-20261123:1700;20261123:1800-20261124:1700';
    expect(openAt('2026-11-22T23:00:00.000Z', text)).toBe(true);
    expect(openAt('2026-11-23T22:30:00.000Z', text)).toBe(false);
    expect(openAt('2026-11-23T23:00:00.000Z', text)).toBe(true);
  });

  it('follows the switch to summer time within one text', () => {
    const text = '20260306:0930-20260306:1600;20260309:0930-20260309:1600';
    expect(openAt('2026-03-06T13:30:00.000Z', text)).toBe(false);
    expect(openAt('2026-03-09T13:30:00.000Z', text)).toBe(true);
    expect(openAt('2026-03-09T20:00:00.000Z', text)).toBe(false);
  });

  it('says so where the day is not in the text', () => {
    expect(openAt('2026-11-24T15:00:00.000Z', '20261123:0930-20261123:1600')).toMatch(/no trading/);
    expect(openAt('2026-11-24T15:00:00.000Z', '')).toMatch(/no trading/);
  });

  const unreadable = {
    'an end without a date': '20261124:0930-1600',
    'a day that does not exist': '20260230:0930-20260230:1600',
    'a closure that does not exist': '20261332:CLOSED',
    'an hour that does not exist': '20261124:0960-20261124:1600',
    'minute 24:30': '20261124:0930-20261124:2430',
    'an end before its start': '20261124:1600-20261124:0930',
    'an empty session': '20261124:0930-20261124:0930',
    'sessions that overlap': '20261124:0930-20261124:1200,20261124:1100-20261124:1600',
    'closed and open': '20261124:0930-20261124:1600;20261124:CLOSED',
    'open and closed': '20261124:CLOSED;20261124:0930-20261124:1600',
    'a trailing separator': '20261124:0930-20261124:1600;',
    blanks: ' 20261124:0930-20261124:1600',
    words: 'always',
  };
  for (const [name, text] of Object.entries(unreadable)) {
    it(`refuses ${name}`, () => {
      expect(parseSessions(text, zone)).toBeNull();
      expect(openAt('2026-11-24T15:00:00.000Z', text)).toMatch(/cannot be read/);
    });
  }

  it('refuses a zone that nobody knows', () => {
    expect(parseSessions('20261126:CLOSED', 'Mars/Olympus')).toBeNull();
  });

  it('forgets old texts instead of growing for ever', () => {
    for (let i = 0; i < 5100; i += 1) parseSessions(`not a text ${i}`, zone);
    expect(parseSessions('20261126:CLOSED', zone)?.hours.get('20261126')).toBe('closed');
  });
});

describe('broker and own calendar together', () => {
  it('takes the stricter where they differ, whichever it is', () => {
    const early = { ...details, liquidHours: '20261124:0930-20261124:1200' };
    const late = { ...details, liquidHours: '20261124:0930-20261124:1900' };
    const at = Date.parse('2026-11-24T18:00:00.000Z');
    expect(marketState(early, at, 'regular')).toMatchObject({ open: false, hours: '09:30-12:00' });
    const evening = Date.parse('2026-11-24T22:00:00.000Z');
    expect(marketState(late, evening, 'regular')).toMatchObject({
      open: false,
      hours: '09:30-16:00',
    });
  });

  it('has the extended hours of a half-day', () => {
    const bare = { ...details, tradingHours: '' };
    const at = (iso: string) => marketState(bare, Date.parse(iso), 'extended');
    expect(at('2026-11-27T21:59:59.999Z')).toMatchObject({ open: true, hours: '04:00-17:00' });
    expect(at('2026-11-27T22:00:00.000Z')).toMatchObject({ open: false });
  });
});
