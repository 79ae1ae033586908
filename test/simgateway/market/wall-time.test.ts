import { describe, expect, it } from 'vitest';
import { parseWallTime } from '../../../src/simgateway/market/wall-time.ts';

const utc = (text: string) => {
  const at = parseWallTime(text);
  return at === undefined ? undefined : new Date(at).toISOString();
};

describe('times in requests', () => {
  it.each([
    ['20260714 09:30:00', '2026-07-14T13:30:00.000Z'],
    ['20260114 09:30:00', '2026-01-14T14:30:00.000Z'],
    ['20260714-09:30:00', '2026-07-14T09:30:00.000Z'],
    ['20260714 09:30:00 US/Eastern', '2026-07-14T13:30:00.000Z'],
    ['20260714 09:30:00 America/New_York', '2026-07-14T13:30:00.000Z'],
    ['20260714 09:30:00 US/Central', '2026-07-14T14:30:00.000Z'],
    ['20260714 09:30:00 Europe/London', '2026-07-14T08:30:00.000Z'],
    ['20260714 09:30:00 MET', '2026-07-14T07:30:00.000Z'],
    ['20260714 09:30 Japan', '2026-07-14T00:30:00.000Z'],
    ['20260714 09:30:00 UTC', '2026-07-14T09:30:00.000Z'],
    ['20260714', '2026-07-14T04:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(utc(text)).toBe(instant);
  });

  it.each([
    '20260714 09:30:00 Mars/Olympus',
    '20261314',
    '20260230 10:00:00',
    '20260714 24:00:00',
    '20260714 10:60:00',
    'soon',
    '',
  ])('%s is none', (text) => {
    expect(utc(text)).toBeUndefined();
  });
});
