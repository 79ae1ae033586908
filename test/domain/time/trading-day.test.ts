import { describe, expect, it } from 'vitest';
import type { Instant } from '../../../src/domain/time/instant.ts';
import { tradingDayAt } from '../../../src/domain/time/trading-day.ts';

describe('the trading day', () => {
  it.each([
    ['the last millisecond of a day', '2026-11-25T04:59:59.999Z', '20261124', 86_399_999],
    ["New York's midnight", '2026-11-25T05:00:00.000Z', '20261125', 0],
    ['a summer midnight', '2026-07-15T04:00:00.000Z', '20260715', 0],
    ['noon of a day of 23 hours', '2026-03-08T16:00:00.000Z', '20260308', 39_600_000],
    ['noon of a day of 25 hours', '2026-11-01T17:00:00.000Z', '20261101', 46_800_000],
  ])('at %s', (_what, at, day, ageMs) => {
    expect(tradingDayAt(at as Instant)).toMatchObject({ day, ageMs });
  });

  it.each([
    ['a Monday', '2026-11-23T15:00:00.000Z', '20261123'],
    ['a Sunday', '2026-11-29T15:00:00.000Z', '20261123'],
    ['a week over the turn of the year', '2027-01-01T15:00:00.000Z', '20261228'],
  ])('%s belongs to the week of its Monday', (_what, at, week) => {
    expect(tradingDayAt(at as Instant).week).toBe(week);
  });
});
