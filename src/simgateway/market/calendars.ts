// The calendars, one row per kind of market. Times are minutes after local midnight of the trading day.
import { HOLIDAYS } from './holidays.ts';
import { TradingCalendar } from './trading-calendar.ts';
import type { CalendarRow } from './trading-calendar.ts';
import { ZONES } from './zone.ts';

const at = (hours: number, minutes = 0) => hours * 60 + minutes;
const DAY = at(24);

const ROWS: readonly CalendarRow[] = [
  {
    key: 'US',
    zone: ZONES['US/Eastern'],
    holidays: HOLIDAYS.usStocks,
    trading: [[at(4), at(20)]],
    liquid: [[at(9, 30), at(16)]],
    early: { trading: at(17), liquid: at(13) },
    hasExtendedHours: true,
    hasAuctions: true,
  },
  {
    key: 'US-OPTION',
    zone: ZONES['US/Eastern'],
    holidays: HOLIDAYS.usStocks,
    trading: [[at(9, 30), at(16)]],
    liquid: [[at(9, 30), at(16)]],
    early: { trading: at(13), liquid: at(13) },
  },
  {
    key: 'US-INDEX-OPTION',
    zone: ZONES['US/Central'],
    holidays: HOLIDAYS.usStocks,
    trading: [[at(8, 30), at(15, 15)]],
    liquid: [[at(8, 30), at(15, 15)]],
    early: { trading: at(12, 15), liquid: at(12, 15) },
  },
  {
    key: 'US-BOND',
    zone: ZONES['US/Eastern'],
    holidays: HOLIDAYS.usBonds,
    trading: [[at(8), at(17)]],
    liquid: [[at(8), at(17)]],
    early: { trading: at(14), liquid: at(14) },
  },
  {
    key: 'GLOBEX',
    zone: ZONES['US/Central'],
    holidays: HOLIDAYS.globex,
    trading: [[at(17) - DAY, at(16)]],
    liquid: [[at(8, 30), at(16)]],
    early: { trading: at(12), liquid: at(12) },
  },
  {
    key: 'CBOT-GRAIN',
    zone: ZONES['US/Central'],
    holidays: HOLIDAYS.usStocks,
    trading: [
      [at(19) - DAY, at(7, 45)],
      [at(8, 30), at(13, 20)],
    ],
    liquid: [[at(8, 30), at(13, 20)]],
    early: { trading: at(12, 5), liquid: at(12, 5) },
  },
  {
    key: 'FOREX',
    zone: ZONES['US/Eastern'],
    holidays: HOLIDAYS.forex,
    trading: [[at(17, 15) - DAY, at(17)]],
    liquid: [[at(17, 15) - DAY, at(17)]],
    early: { trading: at(17), liquid: at(17) },
  },
  {
    key: 'CRYPTO',
    zone: ZONES['US/Eastern'],
    holidays: HOLIDAYS.never,
    trading: [[0, DAY]],
    liquid: [[0, DAY]],
    early: { trading: DAY, liquid: DAY },
    everyDay: true,
  },
  {
    key: 'LSE',
    zone: ZONES['GB-Eire'],
    holidays: HOLIDAYS.london,
    trading: [[at(8), at(16, 30)]],
    liquid: [[at(8), at(16, 30)]],
    early: { trading: at(12, 30), liquid: at(12, 30) },
    hasAuctions: true,
  },
  {
    key: 'IBIS',
    zone: ZONES.MET,
    holidays: HOLIDAYS.xetra,
    trading: [[at(9), at(17, 30)]],
    liquid: [[at(9), at(17, 30)]],
    early: { trading: at(14), liquid: at(14) },
    hasAuctions: true,
  },
  {
    key: 'SBF',
    zone: ZONES.MET,
    holidays: HOLIDAYS.euronext,
    trading: [[at(9), at(17, 30)]],
    liquid: [[at(9), at(17, 30)]],
    early: { trading: at(14, 5), liquid: at(14, 5) },
    hasAuctions: true,
  },
  {
    key: 'EBS',
    zone: ZONES.MET,
    holidays: HOLIDAYS.swiss,
    trading: [[at(9), at(17, 20)]],
    liquid: [[at(9), at(17, 20)]],
    early: { trading: at(14), liquid: at(14) },
    hasAuctions: true,
  },
  {
    key: 'TSE',
    zone: ZONES['US/Eastern'],
    holidays: HOLIDAYS.toronto,
    trading: [[at(9, 30), at(16)]],
    liquid: [[at(9, 30), at(16)]],
    early: { trading: at(13), liquid: at(13) },
    hasAuctions: true,
  },
  {
    key: 'TSEJ',
    zone: ZONES.Japan,
    holidays: HOLIDAYS.tokyo,
    trading: [
      [at(9), at(11, 30)],
      [at(12, 30), at(15, 30)],
    ],
    liquid: [
      [at(9), at(11, 30)],
      [at(12, 30), at(15, 30)],
    ],
    early: { trading: at(11, 30), liquid: at(11, 30) },
    hasAuctions: true,
  },
  {
    key: 'SEHK',
    zone: ZONES.Hongkong,
    holidays: HOLIDAYS.hongKong,
    trading: [
      [at(9, 30), at(12)],
      [at(13), at(16)],
    ],
    liquid: [
      [at(9, 30), at(12)],
      [at(13), at(16)],
    ],
    early: { trading: at(12), liquid: at(12) },
    hasAuctions: true,
  },
  {
    key: 'ASX',
    zone: ZONES['Australia/NSW'],
    holidays: HOLIDAYS.sydney,
    trading: [[at(10), at(16)]],
    liquid: [[at(10), at(16)]],
    early: { trading: at(14, 10), liquid: at(14, 10) },
    hasAuctions: true,
  },
];

const byKey = new Map(ROWS.map((row) => [row.key, new TradingCalendar(row)]));

/** The calendar of an instrument's `calendar` key. Throws for a key no row has: a catalogue bug. */
export function calendarOf(key: string): TradingCalendar {
  const found = byKey.get(key);
  if (found === undefined) throw new Error(`no calendar '${key}'`);
  return found;
}

/** Keys of every calendar. */
export const calendarKeys = (): string[] => [...byKey.keys()];
