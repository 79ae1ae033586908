import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dec, type DecimalText } from '../../../src/domain/money/decimal.ts';
import type { Currency, Money } from '../../../src/domain/money/money.ts';
import { marksAfter, type MarkedEquity } from '../../../src/domain/portfolio/equity-marks.ts';
import type { Instant } from '../../../src/domain/time/instant.ts';
import { tradingDayAt } from '../../../src/domain/time/trading-day.ts';

const money = (amount: string, currency = 'USD'): Money => ({
  amount: amount as DecimalText,
  currency: currency as Currency,
});
const tuesday = tradingDayAt('2026-11-24T15:00:00.000Z' as Instant);
const wednesday = tradingDayAt('2026-11-25T15:00:00.000Z' as Instant);
const monday = tradingDayAt('2026-11-30T15:00:00.000Z' as Instant);
const first = marksAfter(null, money('100'), tuesday);

describe('marks of the equity', () => {
  it('begin with the first value that is seen', () => {
    expect(first).toEqual({
      ...{ currency: 'USD', highest: '100', weekStart: '100', dayStart: '100', last: '100' },
      ...{ week: '20261123', day: '20261124' },
    });
  });

  const cases: [string, Money, typeof tuesday, Partial<MarkedEquity>][] = [
    ['a higher value', money('100.01'), tuesday, { highest: '100.01' as DecimalText }],
    ['a lower value', money('50'), tuesday, { highest: '100' as DecimalText }],
    ['a negative value', money('-5'), tuesday, { last: '-5' as DecimalText }],
    ['another day', money('90'), wednesday, { dayStart: '100' as DecimalText }],
    ['another week', money('90'), monday, { weekStart: '100' as DecimalText }],
    ['another base currency', money('90', 'EUR'), tuesday, { highest: '90' as DecimalText }],
  ];
  it.each(cases)('after %s', (_what, seen, at, expected) => {
    expect(marksAfter(first, seen, at)).toMatchObject(expected);
  });

  it('hold a day and a week through a clock that goes back', () => {
    const later = marksAfter(first, money('90'), monday);
    const back = marksAfter(later, money('80'), tuesday);
    expect(back).toMatchObject({ dayStart: '100', weekStart: '100', day: '20261130' });
    expect(marksAfter(back, money('70'), monday)).toMatchObject({ dayStart: '100' });
  });

  it('are never below what was seen', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }), (values) => {
        let marks: MarkedEquity | null = null;
        for (const value of values) marks = marksAfter(marks, money(String(value)), tuesday);
        expect(dec(marks?.highest ?? '0').toNumber()).toBe(Math.max(...values));
      }),
    );
  });
});
