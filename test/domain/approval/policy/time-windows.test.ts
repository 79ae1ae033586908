import { describe, expect, it } from 'vitest';
import type { Instant } from '../../../../src/domain/time/instant.ts';
import { autoInput, refusals } from './auto-case.ts';
import { gone, known } from '../../gate-facts.ts';

const window = (time_zone: string, from: string, to: string, days = ['tue']) => ({
  ...{ time_zone, days, from, to },
});
const newYork = window('America/New_York', '09:45', '15:45');

function refused(at: string | null, windows: readonly unknown[]): boolean {
  const input = autoInput();
  const marketTime = at === null ? gone : known(at as Instant);
  const facts = { ...input.facts, marketTime };
  return refusals({ categories: { time_windows: { windows } }, input: { facts } }).includes(
    'time_windows',
  );
}

const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

describe('time windows', () => {
  it.each([
    // 24 November 2026 is a Tuesday; New York is five hours behind UTC.
    ['the last moment before', '2026-11-24T14:44:59.999Z', [newYork], true],
    ['the first minute', '2026-11-24T14:45:00.000Z', [newYork], false],
    ['the last moment', '2026-11-24T20:44:59.999Z', [newYork], false],
    ['its end', '2026-11-24T20:45:00.000Z', [newYork], true],
    ['the day before', '2026-11-23T15:00:00.000Z', [newYork], true],
    ['the day after', '2026-11-25T15:00:00.000Z', [newYork], true],
    [
      'the second of two',
      '2026-11-24T15:00:00.000Z',
      [window('UTC', '00:00', '01:00'), newYork],
      false,
    ],
    // The reference judged every window by UTC.
    ['09:45 in UTC, which is 04:45 in New York', '2026-11-24T09:45:00.000Z', [newYork], true],
    ['09:45 in Tokyo', '2026-11-24T00:45:00.000Z', [window('Asia/Tokyo', '09:45', '10:00')], false],
    [
      'a Tuesday in Tokyo that is Monday in UTC',
      '2026-11-23T20:00:00.000Z',
      [window('Asia/Tokyo', '05:00', '05:01')],
      false,
    ],
    [
      'until midnight',
      '2026-11-25T04:59:59.000Z',
      [window('America/New_York', '23:00', '24:00')],
      false,
    ],
    [
      'at midnight',
      '2026-11-25T05:00:00.000Z',
      [window('America/New_York', '23:00', '24:00')],
      true,
    ],
    ['no clock', null, [newYork], true],
  ] as const)('%s', (_name, at, windows, isRefused) => {
    expect(refused(at, windows)).toBe(isRefused);
  });

  describe('where the clocks change', () => {
    const early = [window('America/New_York', '09:45', '10:00', everyDay)];
    const night = [window('America/New_York', '01:30', '01:45', everyDay)];
    const gap = [window('America/New_York', '02:00', '03:00', everyDay)];

    it.each([
      ['Saturday before summer time', '2026-03-07T14:45:00.000Z', early, false],
      ['Saturday, an hour early', '2026-03-07T13:45:00.000Z', early, true],
      ['Sunday of the change', '2026-03-08T13:45:00.000Z', early, false],
      ['Sunday, by the old offset', '2026-03-08T14:45:00.000Z', early, true],
      ['Sunday of the change back', '2026-11-01T14:45:00.000Z', early, false],
      ['the hour that comes twice, first', '2026-11-01T05:30:00.000Z', night, false],
      ['the hour that comes twice, second', '2026-11-01T06:30:00.000Z', night, false],
      ['between the two', '2026-11-01T06:00:00.000Z', night, true],
      ['the hour that never comes, before', '2026-03-08T06:59:59.999Z', gap, true],
      ['the hour that never comes, after', '2026-03-08T07:00:00.000Z', gap, true],
    ] as const)('%s', (_name, at, windows, isRefused) => {
      expect(refused(at, windows)).toBe(isRefused);
    });
  });
});
