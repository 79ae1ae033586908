import { describe, expect, it } from 'vitest';
import { dayOf, formatZonedTime, instantOf } from '../../../src/simgateway/market/new-york-time.ts';
import { parseWallTime } from '../../../src/simgateway/market/wall-time.ts';
import { dayIn, formatZoned, instantIn, ZONES } from '../../../src/simgateway/market/zone.ts';

const at = (iso: string) => Date.parse(iso);

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
    const day = dayOf(at('2026-04-13T17:00:00Z'));
    expect(parseWallTime('20260413')).toBe(instantOf(day, 0));
    expect(parseWallTime('soon')).toBeUndefined();
  });
});

/** What the platform's own time zone data says, as an independent witness. */
const IANA: Record<keyof typeof ZONES, string> = {
  'US/Eastern': 'America/New_York',
  'US/Central': 'America/Chicago',
  'GB-Eire': 'Europe/London',
  MET: 'Europe/Berlin',
  Japan: 'Asia/Tokyo',
  Hongkong: 'Asia/Hong_Kong',
  'Australia/NSW': 'Australia/Sydney',
};

describe.each(Object.entries(IANA))('%s', (name, iana) => {
  const zone = ZONES[name as keyof typeof ZONES];
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: iana,
    dateStyle: 'short',
    timeStyle: 'medium',
  });

  it('agrees with the platform in every hour around every change of four years', () => {
    for (
      let instant = at('2024-01-01T00:30:00Z');
      instant < at('2028-01-01');
      instant += 3_600_000
    ) {
      const wall = new Date(instant + zone.offsetMs(instant)).toISOString();
      const expected = format.format(instant).replace(' ', 'T');
      if (!wall.startsWith(expected)) expect(wall).toContain(expected);
    }
    expect(formatZoned(zone, at('2026-07-01T12:00:00Z'))).toContain(name);
  });

  it('finds the instant of a wall time again', () => {
    for (let day = 20_000; day < 21_500; day += 1) {
      const instant = instantIn(zone, day, 9 * 60 + 30);
      expect(dayIn(zone, instant)).toBe(day);
      expect((instant + zone.offsetMs(instant)) % 86_400_000).toBe((9 * 60 + 30) * 60_000);
    }
  });
});
