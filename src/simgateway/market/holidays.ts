// Holidays and shortened days of each market, by year. Rules, no dates, where a rule exists; the lunar
// holidays of Hong Kong are dates (2024–2030). It knows no unscheduled closings.
import { dayFrom, easter, lastWeekday, nthWeekday, observed, substituted } from './civil-days.ts';
import type { Day } from './new-york-time.ts';

/** Full closings and early closings of one year. */
export type Holidays = {
  readonly closed: (year: number) => readonly Day[];
  readonly early: (year: number) => readonly Day[];
};

const newYearUs = (year: number) => {
  const day = dayFrom(year, 1, 1);
  // A Saturday New Year's Day is not moved into the old year.
  return observed(day) < day ? day : observed(day);
};
const usFloating = (year: number): Day[] => [
  nthWeekday(year, 1, 1, 3),
  nthWeekday(year, 2, 1, 3),
  lastWeekday(year, 5, 1),
  observed(dayFrom(year, 6, 19)),
  observed(dayFrom(year, 7, 4)),
  nthWeekday(year, 9, 1, 1),
  nthWeekday(year, 11, 4, 4),
];
const usEarly = (year: number): Day[] => [
  dayFrom(year, 7, 3),
  nthWeekday(year, 11, 4, 4) + 1,
  dayFrom(year, 12, 24),
];
const europeanEarly = (year: number): Day[] => [dayFrom(year, 12, 24), dayFrom(year, 12, 31)];
const none = (): Day[] => [];

/** New York Stock Exchange and Nasdaq. */
const usStocks: Holidays = {
  closed: (y) => [newYearUs(y), ...usFloating(y), easter(y) - 2, observed(dayFrom(y, 12, 25))],
  early: usEarly,
};
/** US bonds: also Columbus and Veterans Day. */
const usBonds: Holidays = {
  closed: (y) => [...usStocks.closed(y), nthWeekday(y, 10, 1, 2), observed(dayFrom(y, 11, 11))],
  early: (y) => [...usEarly(y), dayFrom(y, 12, 31)],
};
/** CME Globex trades a morning on most US holidays. */
const globex: Holidays = {
  closed: (y) => [newYearUs(y), easter(y) - 2, observed(dayFrom(y, 12, 25))],
  early: (y) => [...usFloating(y), ...usEarly(y)],
};
const forex: Holidays = {
  closed: (y) => [dayFrom(y, 1, 1), dayFrom(y, 12, 25)],
  early: none,
};
const london: Holidays = {
  closed: (y) => {
    const christmas = substituted(dayFrom(y, 12, 25));
    return [
      substituted(dayFrom(y, 1, 1)),
      easter(y) - 2,
      easter(y) + 1,
      nthWeekday(y, 5, 1, 1),
      lastWeekday(y, 5, 1),
      lastWeekday(y, 8, 1),
      christmas,
      substituted(dayFrom(y, 12, 26), [christmas]),
    ];
  },
  early: europeanEarly,
};
const euronext: Holidays = {
  closed: (y) => [
    dayFrom(y, 1, 1),
    easter(y) - 2,
    easter(y) + 1,
    dayFrom(y, 5, 1),
    dayFrom(y, 12, 25),
    dayFrom(y, 12, 26),
  ],
  early: europeanEarly,
};
const xetra: Holidays = {
  closed: (y) => [...euronext.closed(y), dayFrom(y, 12, 24), dayFrom(y, 12, 31)],
  early: none,
};
const swiss: Holidays = {
  closed: (y) => [
    ...xetra.closed(y),
    dayFrom(y, 1, 2),
    easter(y) + 39,
    easter(y) + 50,
    dayFrom(y, 8, 1),
  ],
  early: none,
};
const toronto: Holidays = {
  closed: (y) => {
    const christmas = substituted(dayFrom(y, 12, 25));
    const victoria = dayFrom(y, 5, 24);
    return [
      substituted(dayFrom(y, 1, 1)),
      nthWeekday(y, 2, 1, 3),
      easter(y) - 2,
      victoria - ((victoria + 3) % 7),
      substituted(dayFrom(y, 7, 1)),
      nthWeekday(y, 8, 1, 1),
      nthWeekday(y, 9, 1, 1),
      nthWeekday(y, 10, 1, 2),
      christmas,
      substituted(dayFrom(y, 12, 26), [christmas]),
    ];
  },
  early: (y) => [dayFrom(y, 12, 24)],
};
const sydney: Holidays = {
  closed: (y) => {
    const christmas = substituted(dayFrom(y, 12, 25));
    return [
      substituted(dayFrom(y, 1, 1)),
      substituted(dayFrom(y, 1, 26)),
      easter(y) - 2,
      easter(y) + 1,
      dayFrom(y, 4, 25),
      nthWeekday(y, 6, 1, 2),
      christmas,
      substituted(dayFrom(y, 12, 26), [christmas]),
    ];
  },
  early: europeanEarly,
};

/** Equinoxes by the usual approximation, right for 1980–2099. */
const equinox = (year: number, base: number) =>
  Math.floor(base + 0.242194 * (year - 1980)) - Math.floor((year - 1980) / 4);
const sundayToMonday = (day: Day) => ((day + 4) % 7 === 0 ? day + 1 : day);

const tokyo: Holidays = {
  closed: (y) => [
    dayFrom(y, 1, 1),
    dayFrom(y, 1, 2),
    dayFrom(y, 1, 3),
    nthWeekday(y, 1, 1, 2),
    sundayToMonday(dayFrom(y, 2, 11)),
    sundayToMonday(dayFrom(y, 2, 23)),
    sundayToMonday(dayFrom(y, 3, equinox(y, 20.8431))),
    sundayToMonday(dayFrom(y, 4, 29)),
    ...goldenWeek(y),
    nthWeekday(y, 7, 1, 3),
    sundayToMonday(dayFrom(y, 8, 11)),
    nthWeekday(y, 9, 1, 3),
    sundayToMonday(dayFrom(y, 9, equinox(y, 23.2488))),
    nthWeekday(y, 10, 1, 2),
    sundayToMonday(dayFrom(y, 11, 3)),
    sundayToMonday(dayFrom(y, 11, 23)),
    dayFrom(y, 12, 31),
  ],
  early: none,
};
/** 3–5 May; when one is a Sunday, 6 May is free too. */
function goldenWeek(year: number): Day[] {
  const first = dayFrom(year, 5, 3);
  const days = [first, first + 1, first + 2];
  return days.some((d) => (d + 4) % 7 === 0) ? [...days, first + 3] : days;
}

/** Lunar holidays as month and date: New Year (3 days), Ching Ming, Buddha, Tuen Ng, after Mid-Autumn, Chung Yeung. */
const LUNAR: Readonly<Record<number, string>> = {
  2024: '0212 0213 0404 0515 0610 0918 1011',
  2025: '0129 0130 0131 0404 0505 1007 1029',
  2026: '0217 0218 0219 0406 0525 0619 1019',
  2027: '0208 0209 0405 0513 0609 0916 1008',
  2028: '0126 0127 0128 0404 0502 1004 1026',
  2029: '0213 0214 0215 0404 0521 0924 1016',
  2030: '0204 0205 0206 0405 0509 0605 0913',
};
const hongKong: Holidays = {
  closed: (y) => [
    substituted(dayFrom(y, 1, 1)),
    easter(y) - 2,
    easter(y) + 1,
    substituted(dayFrom(y, 5, 1)),
    substituted(dayFrom(y, 7, 1)),
    substituted(dayFrom(y, 10, 1)),
    substituted(dayFrom(y, 12, 25)),
    substituted(dayFrom(y, 12, 26), [substituted(dayFrom(y, 12, 25))]),
    ...(LUNAR[y] ?? '')
      .split(' ')
      .filter((text) => text !== '')
      .map((text) => dayFrom(y, Number(text.slice(0, 2)), Number(text.slice(2)))),
  ],
  early: (y) => [dayFrom(y, 12, 24), dayFrom(y, 12, 31)],
};
/** Coins trade every day. */
const never: Holidays = { closed: none, early: none };

/** Holidays by market. */
export const HOLIDAYS = {
  usStocks,
  usBonds,
  globex,
  forex,
  london,
  euronext,
  xetra,
  swiss,
  toronto,
  sydney,
  tokyo,
  hongKong,
  never,
} as const;
