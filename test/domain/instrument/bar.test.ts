import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barSizes, hasBarEnded, periodStart } from '../../../src/domain/instrument/bar.ts';

const zone = 'America/New_York';
const at = (text: string): number => Date.parse(text);

describe('whether a bar has ended', () => {
  it.each([
    ['1m', '2026-11-24T15:00:00.000Z', '2026-11-24T15:00:59.999Z', false],
    ['1m', '2026-11-24T15:00:00.000Z', '2026-11-24T15:01:00.000Z', true],
    ['4h', '2026-11-24T18:30:00.000Z', '2026-11-24T21:00:00.000Z', false],
    ['1d', '2026-11-24', '2026-11-25T04:59:59Z', false],
    ['1d', '2026-11-24', '2026-11-25T05:00:00Z', true],
    // A week from Monday 23 to Sunday 29; Monday 30 begins at 05:00Z.
    ['1w', '2026-11-27', '2026-11-30T04:59:00Z', false],
    ['1w', '2026-11-27', '2026-11-30T05:00:00Z', true],
    ['1M', '2026-11-24', '2026-12-01T04:59:00Z', false],
    ['1M', '2026-11-24', '2026-12-01T05:00:00Z', true],
  ] as const)('%s from %s at %s: %s', (size, time, now, ended) => {
    expect(hasBarEnded({ time, size }, zone, at(now))).toBe(ended);
  });

  it('a bar ends with its session, where that is known', () => {
    const bar = { time: '2026-11-24T18:30:00.000Z', size: '4h' } as const;
    const close = at('2026-11-24T21:00:00Z');
    expect(hasBarEnded(bar, zone, close, close)).toBe(true);
    expect(hasBarEnded({ time: '2026-11-24', size: '1d' }, zone, close, close)).toBe(true);
  });

  it('once ended it stays so', () => {
    const day = fc.date({
      min: new Date('2020-01-01'),
      max: new Date('2030-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(
        day,
        fc.constantFrom(...barSizes),
        fc.nat(40 * 86_400),
        fc.nat(86_400),
        (d, size, a, b) => {
          const text = d.toISOString();
          const time = ['1d', '1w', '1M'].includes(size) ? text.slice(0, 10) : text;
          const now = d.getTime() + a * 1000;
          const ended = hasBarEnded({ time, size }, zone, now);
          if (ended) expect(hasBarEnded({ time, size }, zone, now + b * 1000)).toBe(true);
        },
      ),
    );
  });
});

describe('the first day of a period', () => {
  it.each([
    ['1w', '2026-11-27', '2026-11-23'],
    ['1w', '2026-11-23', '2026-11-23'],
    ['1w', '2026-11-29', '2026-11-23'],
    ['1M', '2026-11-30', '2026-11-01'],
    ['1d', '2026-11-24', '2026-11-24'],
  ] as const)('%s of %s is %s', (size, time, start) => {
    expect(periodStart(time, size)).toBe(start);
  });
});
