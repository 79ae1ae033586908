import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clockText,
  isTimeZone,
  localTime,
  zonedEpochMs,
  type DayText,
} from '../../../src/domain/time/zoned.ts';

const newYork = 'America/New_York';
const local = (iso: string, zone = newYork): string => {
  const { day, minute } = localTime(Date.parse(iso), zone);
  return `${day} ${clockText(minute)}`;
};

describe('zoned time', () => {
  it('switches to summer time on the second Sunday of March at 2:00', () => {
    expect(local('2026-03-08T06:59:59.999Z')).toBe('20260308 01:59');
    expect(local('2026-03-08T07:00:00.000Z')).toBe('20260308 03:00');
  });

  it('switches back on the first Sunday of November at 2:00', () => {
    expect(local('2026-11-01T05:59:00.000Z')).toBe('20261101 01:59');
    expect(local('2026-11-01T06:00:00.000Z')).toBe('20261101 01:00');
    expect(local('2026-11-01T07:00:00.000Z')).toBe('20261101 02:00');
  });

  it('knows half-hour zones and names that only IBKR uses', () => {
    expect(local('2026-11-24T15:00:00.000Z', 'Asia/Kolkata')).toBe('20261124 20:30');
    expect(local('2026-11-24T15:00:00.000Z', 'JST')).toBe('20261125 00:00');
    expect(local('2026-11-24T15:00:00.000Z', 'US/Eastern')).toBe('20261124 10:00');
    expect(isTimeZone('MET')).toBe(true);
    expect(isTimeZone('')).toBe(false);
    expect(isTimeZone('Mars/Olympus')).toBe(false);
    expect(() => localTime(0, 'Mars/Olympus')).toThrow(RangeError);
  });

  it('a day that is 23 or 25 hours long still opens at 9:30 of its clock', () => {
    const opening = (day: string): string =>
      new Date(zonedEpochMs(day as DayText, 570, newYork)).toISOString();
    expect(opening('20260306')).toBe('2026-03-06T14:30:00.000Z');
    expect(opening('20260309')).toBe('2026-03-09T13:30:00.000Z');
    expect(opening('20261102')).toBe('2026-11-02T14:30:00.000Z');
  });

  it('agrees with Intl at any moment, in any order of asking', () => {
    const zones = [newYork, 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
    const formats = new Map(
      zones.map((timeZone) => [
        timeZone,
        new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }),
      ]),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2037, 0, 1) }),
        fc.constantFrom(...zones),
        (ms, zone) => {
          const { day, minute } = localTime(ms, zone);
          const text = formats.get(zone)!.format(ms);
          expect(`${day} ${clockText(minute)}`).toBe(text.replaceAll('-', ''));
        },
      ),
      { numRuns: 500 },
    );
  });
});
