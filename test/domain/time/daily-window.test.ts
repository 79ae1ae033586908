import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  nextWindowChangeMs,
  windowEndMs,
  type DailyWindow,
} from '../../../src/domain/time/daily-window.ts';

const nightly: DailyWindow = {
  startMinute: 23 * 60 + 45,
  lengthMinutes: 30,
  timeZone: 'America/New_York',
};
const at = (text: string): number => Date.parse(text);

describe('a daily window', () => {
  it.each([
    // 23:45 in New York is 04:45 UTC in winter and 03:45 in summer.
    ['2026-11-25T04:44:59.999Z', null],
    ['2026-11-25T04:45:00.000Z', '2026-11-25T05:15:00.000Z'],
    ['2026-11-25T05:14:59.999Z', '2026-11-25T05:15:00.000Z'],
    ['2026-11-25T05:15:00.000Z', null],
    ['2026-07-01T03:45:00.000Z', '2026-07-01T04:15:00.000Z'],
    ['2026-07-01T04:45:00.000Z', null],
    // The night in which the clock is set back.
    ['2026-11-01T03:50:00.000Z', '2026-11-01T04:15:00.000Z'],
  ])('at %s it ends at %s', (now, end) => {
    const found = windowEndMs(nightly, at(now));
    expect(found === null ? null : new Date(found).toISOString()).toBe(end);
  });

  it('changes exactly where it says that it will', () => {
    const window = fc.record({
      startMinute: fc.integer({ min: 0, max: 1439 }),
      lengthMinutes: fc.integer({ min: 1, max: 720 }),
      timeZone: fc.constantFrom('America/New_York', 'UTC', 'Asia/Tokyo'),
    });
    // Away from the days on which New York sets its clock: there the same minute can come twice.
    const moment = fc.integer({ min: at('2026-11-10T00:00:00Z'), max: at('2027-02-20T00:00:00Z') });
    fc.assert(
      fc.property(window, moment, (daily, now) => {
        const change = nextWindowChangeMs(daily, now);
        expect(change).toBeGreaterThan(now);
        const isOpen = windowEndMs(daily, now) !== null;
        expect(windowEndMs(daily, change - 1) !== null).toBe(isOpen);
        expect(windowEndMs(daily, change) !== null).toBe(!isOpen);
      }),
    );
  });
});
