import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bar } from '../../../src/domain/instrument/bar.ts';
import { decimalText } from '../../../src/domain/money/decimal.ts';
import { averageVolume } from '../../../src/domain/stats/average-volume.ts';
import { correlation } from '../../../src/domain/stats/correlation.ts';
import { completeDays, windowOf, type DailyPrice } from '../../../src/domain/stats/daily-series.ts';
import { figure } from '../../../src/domain/stats/figure.ts';
import { closeToClose, parkinson } from '../../../src/domain/stats/volatility.ts';

const dayOf = (index: number): string =>
  new Date(Date.UTC(2026, 0, 1) + index * 86_400_000).toISOString().slice(0, 10);
const priced = (closes: readonly number[], range = 1): DailyPrice[] =>
  closes.map((close, index) => ({
    ...{ day: dayOf(index), high: close * range, low: close, close },
  }));
const bar = (index: number, more: Partial<Bar> = {}): Bar => ({
  ...{ time: dayOf(index), open: decimalText(10), high: decimalText(11), low: decimalText(9) },
  ...{ close: decimalText(10), volume: decimalText(100), average: null, trades: null },
  isComplete: true,
  ...more,
});
const up = (count: number, step: (index: number) => number): number[] => {
  const closes = [100];
  for (let i = 1; i < count; i += 1) closes.push((closes[i - 1] ?? 0) * Math.exp(step(i)));
  return closes;
};
const zigzag = (i: number): number => (i % 2 === 0 ? 0.01 : -0.01);

describe('volatility', () => {
  it.each([
    // 20 returns of ±1 %: s = 0.01 × √(20 ÷ 19).
    ['closes that go up and down by 1 %', up(21, zigzag), '0.162869'],
    ['closes that never move', up(60, () => 0), '0'],
    ['one day too few', up(19, zigzag), null],
  ])('close to close: %s', (_name, closes, expected) => {
    expect(closeToClose(priced(closes))).toBe(expected);
  });

  it('a steady rise is none', () => {
    expect(closeToClose(priced(up(60, () => 0.01)))).toBe('0');
  });

  it.each([
    // ln 1.02 ÷ √(4 ln 2) × √252.
    ['a range of 2 % every day', 20, 1.02, '0.188791'],
    ['no range', 20, 1, '0'],
    ['one day too few', 19, 1.02, null],
  ])('Parkinson: %s', (_name, count, range, expected) => {
    expect(parkinson(priced(up(count, zigzag), range))).toBe(expected);
  });
});

describe('correlation', () => {
  const a = priced(up(60, (i) => Math.sin(i) / 100));
  const mirror = priced(up(60, (i) => -Math.sin(i) / 100));
  it.each([
    // 59 returns: 59 ÷ 69.
    ['itself', a, '0.8551', 59],
    ['its mirror image', mirror, '-0.8551', 59],
    ['one that never moves', priced(up(60, () => 0)), null, 59],
    ['one that rises steadily', priced(up(60, () => 0.01)), null, 59],
    ['exactly twenty common returns', a.slice(-21), '0.6667', 20],
    ['nineteen common returns', a.slice(-20), null, 19],
    ['nothing', [], null, 0],
  ])('with %s', (_name, b, coefficient, days) => {
    expect(correlation(a, b)).toEqual({ coefficient, days });
    expect(correlation(b, a)).toEqual({ coefficient, days });
  });

  it('compares the same spans where the markets have different holidays', () => {
    const holidays = a.filter((_, index) => index % 7 !== 3);
    expect(correlation(a, holidays)).toEqual({ coefficient: '0.8333', days: holidays.length - 1 });
  });

  it('is as a plain calculation has it', () => {
    const b = priced(up(60, (i) => Math.cos(i * 1.3) / 80 + Math.sin(i) / 300));
    expect(correlation(a, b)).toEqual({ coefficient: figure(reference(a, b), 4), days: 59 });
  });
});

/** The textbook's formula with sums, not deviations. */
function reference(a: readonly DailyPrice[], b: readonly DailyPrice[]): number {
  const returns = (prices: readonly DailyPrice[]): number[] =>
    prices.slice(1).map(({ close }, i) => Math.log(close) - Math.log(prices[i]?.close ?? 0));
  const [x, y] = [returns(a), returns(b)];
  const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);
  const n = x.length;
  const [sx, sy] = [total(x), total(y)];
  const over = n * total(x.map((v, i) => v * (y[i] ?? 0))) - sx * sy;
  const under =
    Math.sqrt(n * total(x.map((v) => v * v)) - sx * sx) *
    Math.sqrt(n * total(y.map((v) => v * v)) - sy * sy);
  return (over / under) * (n / (n + 10));
}

describe('average volume', () => {
  const volumes = (values: readonly (number | null)[]): Bar[] =>
    values.map((value, i) => bar(i, { volume: value === null ? null : decimalText(value) }));
  it.each([
    ['the last twenty of many', [...Array<number>(30).fill(1), ...Array<number>(20).fill(7)], '7'],
    ['five days, cut and not rounded', [1, 1, 1, 1, 1.000009], '1.000001'],
    ['a day without volume is not a day of none', [null, 4, 4, 4, 4, 4], '4'],
    ['four days', [4, 4, 4, 4], null],
    ['no volume', [null, null, null, null, null], null],
    ['nothing traded', [0, 0, 0, 0, 0], '0'],
  ])('%s', (_name, values, expected) => {
    expect(averageVolume(volumes(values))?.average ?? null).toBe(expected);
  });

  it('says over how many days', () => {
    expect(averageVolume(volumes([null, 4, 4, 4, 4, 4]))?.days).toBe(5);
  });
});

describe('the window', () => {
  it('holds complete days alone, each once, ascending, sixty at most', () => {
    const bars = [...Array.from({ length: 70 }, (_, i) => bar(i)), bar(70, { isComplete: false })];
    const days = completeDays([...bars].reverse().concat(bars));
    expect(days).toHaveLength(70);
    const window = windowOf(days);
    expect(window).toHaveLength(60);
    expect(window?.[0]?.day).toBe(dayOf(10));
  });

  it.each([
    ['a price of zero', { low: decimalText(0) }],
    ['a negative close', { close: decimalText('-37.63') }],
    ['a high below the low', { high: decimalText(8) }],
  ])('is none with %s', (_name, more) => {
    expect(windowOf([...Array.from({ length: 30 }, (_, i) => bar(i)), bar(30, more)])).toBeNull();
  });
});

it('a statistic is a number of its range or null, whatever the prices', () => {
  const price = fc.double({ min: 1e-6, max: 1e12, noNaN: true });
  const series = fc.array(price, { maxLength: 70 }).map((closes) => priced(closes, 1.5));
  fc.assert(
    fc.property(series, series, (a, b) => {
      for (const value of [closeToClose(a), parkinson(a)]) {
        if (value !== null) expect(Number(value)).toBeGreaterThanOrEqual(0);
      }
      const { coefficient } = correlation(a, b);
      if (coefficient !== null) expect(Math.abs(Number(coefficient))).toBeLessThan(1);
      expect(correlation(b, a).coefficient).toBe(coefficient);
    }),
    { numRuns: 300 },
  );
});

it.each([
  [Number.NaN, null],
  [Number.POSITIVE_INFINITY, null],
  [1e10, null],
  [-0.000_000_1, '0'],
  [0.123_456_7, '0.123457'],
])('figure(%d) is %s', (value, expected) => {
  expect(figure(value, 6)).toBe(expected);
});
