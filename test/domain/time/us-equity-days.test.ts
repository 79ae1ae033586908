import { describe, expect, it } from 'vitest';
import { usEquityDay, usEquityHolidays } from '../../../src/domain/time/us-equity-days.ts';
import type { DayText } from '../../../src/domain/time/zoned.ts';

const day = (text: string) => usEquityDay(text as DayText);

/** As published by NYSE Group ("Holiday and Early Closings Calendar" of each year). */
const published: Readonly<Record<number, { closed: string; early: string }>> = {
  2020: {
    closed: '0101 0120 0217 0410 0525 0703 0907 1126 1225',
    early: '1127 1224',
  },
  2021: {
    closed: '0101 0118 0215 0402 0531 0705 0906 1125 1224',
    early: '1126',
  },
  2022: {
    closed: '0117 0221 0415 0530 0620 0704 0905 1124 1226',
    early: '1125',
  },
  2023: {
    closed: '0102 0116 0220 0407 0529 0619 0704 0904 1123 1225',
    early: '0703 1124',
  },
  2024: {
    closed: '0101 0115 0219 0329 0527 0619 0704 0902 1128 1225',
    early: '0703 1129 1224',
  },
  2025: {
    // 9 January: the day of mourning for James Carter.
    closed: '0101 0109 0120 0217 0418 0526 0619 0704 0901 1127 1225',
    early: '0703 1128 1224',
  },
  2026: {
    closed: '0101 0119 0216 0403 0525 0619 0703 0907 1126 1225',
    early: '1127 1224',
  },
  2027: {
    closed: '0101 0118 0215 0326 0531 0618 0705 0906 1125 1224',
    early: '1126',
  },
};

const daysOf = (year: number): DayText[] => {
  const days: DayText[] = [];
  for (let ms = Date.UTC(year, 0, 1); new Date(ms).getUTCFullYear() === year; ms += 86_400_000) {
    days.push(new Date(ms).toISOString().slice(0, 10).replaceAll('-', '') as DayText);
  }
  return days;
};

describe('days of the US stock exchanges', () => {
  for (const [year, { closed, early }] of Object.entries(published)) {
    it(`${year} is as published`, () => {
      const holidays: string[] = [];
      const halfDays: string[] = [];
      for (const text of daysOf(Number(year))) {
        const found = day(text);
        if (found?.kind === 'closed' && found.holiday !== null) holidays.push(text.slice(4));
        if (found?.kind === 'half') halfDays.push(text.slice(4));
      }
      expect(holidays.join(' ')).toBe(closed);
      expect(halfDays.join(' ')).toBe(early);
      expect(
        usEquityHolidays(Number(year))
          .map(([text]) => text.slice(4))
          .join(' '),
      ).toBe(closed);
    });
  }

  it('a New Year on a Saturday is not made up for', () => {
    expect(day('20211231')).toMatchObject({ kind: 'full' });
    expect(day('20271231')).toMatchObject({ kind: 'full' });
  });

  it('keeps Good Friday by the Gregorian Easter through 2035', () => {
    const goodFridays = '20280414 20290330 20300419 20310411 20320326 20330415 20340407 20350323';
    for (const text of goodFridays.split(' ')) {
      expect(day(text), text).toEqual({ kind: 'closed', holiday: 'Good Friday' });
    }
  });

  it('closes every Saturday and Sunday, and never a whole week', () => {
    for (let year = 2020; year <= 2035; year += 1) {
      const open = daysOf(year).filter((text) => day(text)?.kind !== 'closed');
      expect(open.length, String(year)).toBeGreaterThanOrEqual(249);
      expect(open.length, String(year)).toBeLessThanOrEqual(253);
      for (const text of open) {
        const weekday = new Date(
          `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`,
        ).getUTCDay();
        expect(weekday % 6, text).not.toBe(0);
      }
    }
  });

  it('has no opinion outside its years and on days that do not exist', () => {
    for (const text of ['20191231', '20360101', '20260230', '20261301', 'nonsense']) {
      expect(day(text), text).toBeNull();
    }
  });

  it('gives a half-day its shorter evening too', () => {
    expect(day('20261127')).toEqual({ kind: 'half', regular: [570, 780], extended: [240, 1020] });
  });
});
