// The trading days of one exchange: when an instrument trades at all, when its regular hours are, and
// which part of the day an instant falls in. Everything follows from a row of `calendar-rows.ts`.
import { weekday, yearOf } from './civil-days.ts';
import type { Holidays } from './holidays.ts';
import type { Phase } from './market.ts';
import { DAY_MS, formatDay, MINUTE_MS } from './new-york-time.ts';
import type { Day } from './new-york-time.ts';
import { dayIn, instantIn } from './zone.ts';
import type { Zone } from './zone.ts';

/** A stretch of time; UTC milliseconds, end exclusive. */
export type Segment = { readonly from: number; readonly to: number };
/** One trading day: all segments, and those of the regular hours. */
export type TradingDay = {
  readonly day: Day;
  readonly trading: readonly Segment[];
  readonly liquid: readonly Segment[];
  readonly start: number;
  readonly end: number;
};

/** Minutes after midnight of the trading day; negative ones fall on the day before. */
type Minutes = readonly (readonly [number, number])[];

/** What describes an exchange's hours. */
export type CalendarRow = {
  readonly key: string;
  readonly zone: Zone;
  readonly holidays: Holidays;
  readonly trading: Minutes;
  readonly liquid: Minutes;
  /** Minutes at which trading and regular hours end on a shortened day. */
  readonly early: { readonly trading: number; readonly liquid: number };
  /** Every day of the week, not just Monday to Friday. */
  readonly everyDay?: boolean;
  /** Hours outside the regular ones need an order that allows them; elsewhere all hours are alike. */
  readonly hasExtendedHours?: boolean;
  /** Opening and closing crosses are held. */
  readonly hasAuctions?: boolean;
};

const KEPT_DAYS = 4000;
const hhmm = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}${String(minutes % 60).padStart(2, '0')}`;
const within = (segments: readonly Segment[], instant: number) =>
  segments.some((s) => instant >= s.from && instant < s.to);

/** Hours of one exchange. Results are the same for the same day, always. */
export class TradingCalendar {
  readonly row: CalendarRow;
  private readonly days = new Map<Day, TradingDay | undefined>();
  private readonly years = new Map<number, { closed: Set<Day>; early: Set<Day> }>();
  private recent: TradingDay | undefined;

  constructor(row: CalendarRow) {
    this.row = row;
  }

  /** The trading day of a date, or undefined when there is none. */
  on(day: Day): TradingDay | undefined {
    if (this.days.has(day)) return this.days.get(day);
    if (this.days.size > KEPT_DAYS) this.days.clear();
    const made = this.make(day);
    this.days.set(day, made);
    return made;
  }

  /** The trading day that has not ended at an instant: the running one, else the next. */
  currentOrNext(instant: number): TradingDay {
    const { recent } = this;
    if (recent !== undefined && instant >= recent.start && instant < recent.end) return recent;
    for (let d = dayIn(this.row.zone, instant); ; d += 1) {
      const found = this.on(d);
      if (found !== undefined && instant < found.end) return (this.recent = found);
    }
  }

  /** The latest trading day that has started at an instant. */
  startedBy(instant: number): TradingDay {
    const { recent } = this;
    if (recent !== undefined && instant >= recent.start && instant < recent.end) return recent;
    for (let d = dayIn(this.row.zone, instant) + 1; ; d -= 1) {
      const found = this.on(d);
      if (found !== undefined && instant >= found.start) return found;
    }
  }

  /** The trading day before another. */
  before(day: Day): TradingDay {
    for (let d = day - 1; ; d -= 1) {
      const found = this.on(d);
      if (found !== undefined) return found;
    }
  }

  phase(instant: number): Phase {
    const day = this.startedBy(instant);
    if (within(day.liquid, instant)) return 'regular';
    if (!within(day.trading, instant)) return 'closed';
    if (this.row.hasExtendedHours !== true) return 'regular';
    return instant < (day.liquid[0]?.from ?? 0) ? 'pre' : 'post';
  }

  /** The instant itself while open, else the last second in which the market was open before it. */
  lastOpenInstant(instant: number): number {
    const day = this.startedBy(instant);
    let last = instant;
    for (const { from, to } of day.trading) {
      if (instant >= from) last = Math.min(instant, to - 1000);
    }
    return last;
  }

  /** Trading-hours text of contract details: `20260413:0930-20260413:1600;20260414:CLOSED;…`. */
  hoursText(instant: number, days: number, kind: 'trading' | 'liquid'): string {
    const from = dayIn(this.row.zone, instant);
    const parts: string[] = [];
    for (let day = from; day < from + days; day += 1) {
      const found = this.on(day);
      if (found !== undefined) parts.push(found[kind].map((s) => this.segmentText(s)).join(','));
      else if (!this.startsOn(day)) parts.push(`${formatDay(day)}:CLOSED`);
    }
    return parts.join(';');
  }

  /** Whether the next trading day begins on this date already, as on a Sunday evening. */
  private startsOn(day: Day): boolean {
    const next = this.on(day + 1);
    return next !== undefined && dayIn(this.row.zone, next.start) === day;
  }

  private segmentText({ from, to }: Segment): string {
    const text = (instant: number) => {
      const wall = instant + this.row.zone.offsetMs(instant);
      return `${formatDay(Math.floor(wall / DAY_MS))}:${hhmm((wall % DAY_MS) / MINUTE_MS)}`;
    };
    return `${text(from)}-${text(to)}`;
  }

  private make(day: Day): TradingDay | undefined {
    const { row } = this;
    const isWeekend = weekday(day) === 0 || weekday(day) === 6;
    if (isWeekend && row.everyDay !== true) return undefined;
    const year = this.yearDays(yearOf(day));
    if (year.closed.has(day)) return undefined;
    const isEarly = year.early.has(day);
    const cut = (minutes: Minutes, end: number): Segment[] =>
      minutes
        .filter(([from]) => !isEarly || from < end)
        .map(([from, to]) => ({
          from: instantIn(row.zone, day, from),
          to: instantIn(row.zone, day, isEarly ? Math.min(to, end) : to),
        }));
    const trading = cut(row.trading, row.early.trading);
    const liquid = cut(row.liquid, row.early.liquid);
    const [first, last] = [trading[0], trading.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    return { day, trading, liquid, start: first.from, end: last.to };
  }

  private yearDays(year: number): { closed: Set<Day>; early: Set<Day> } {
    let found = this.years.get(year);
    if (found === undefined) {
      const { closed, early } = this.row.holidays;
      found = { closed: new Set(closed(year)), early: new Set(early(year)) };
      this.years.set(year, found);
    }
    return found;
  }
}
