// Historical bars: the tape folded over the stretches that a request names. The newest bar may be
// partial. Which prices a bar is about (trades, bid, volatility …) is its caller's affair.
import type { BarSize, Duration } from './bar-sizes.ts';
import { firstDay } from './bar-sizes.ts';
import { calendarOf } from './calendars.ts';
import { weekday } from './civil-days.ts';
import type { Instrument } from './instrument.ts';
import { DAY_MS } from './new-york-time.ts';
import type { Day } from './new-york-time.ts';
import type { TapeReader } from './tape-reader.ts';
import { join } from './tape.ts';
import type { Fold, PriceKind } from './tape.ts';
import type { Segment, TradingDay } from './trading-calendar.ts';

/** One bar from `start` to `end` (UTC milliseconds, exclusive); `day` is its trading day. */
export type Bar = Fold & { readonly start: number; readonly end: number; readonly day: Day };
/** What to cut: everything up to `end` (UTC milliseconds, exclusive). */
export type BarRequest = {
  readonly end: number;
  readonly duration: Duration;
  readonly size: BarSize;
  readonly regularOnly: boolean;
  readonly kind: PriceKind;
};

/** Trading days of a span, oldest first, and where the first one is cut. */
export function spanDays(i: Instrument, end: number, duration: Duration): TradingDay[] {
  const calendar = calendarOf(i.calendar);
  const days: TradingDay[] = [];
  let day = calendar.startedBy(end - 1);
  const { unit, count } = duration;
  const first = unit === 'S' || unit === 'D' ? undefined : firstDay(day.day, duration);
  const wanted = unit === 'D' ? count : unit === 'S' ? 8 : Number.POSITIVE_INFINITY;
  while (days.length < wanted && (first === undefined || day.day >= first)) {
    days.push(day);
    day = calendar.before(day.day);
  }
  return days.reverse();
}

/** Open segments of a span, oldest first; a span of seconds counts open time only. */
function spanSegments(i: Instrument, r: BarRequest): { day: Day; segment: Segment }[] {
  const found: { day: Day; segment: Segment }[] = [];
  const { unit, count } = r.duration;
  let left = unit === 'S' ? count * 1000 : Number.POSITIVE_INFINITY;
  for (const day of spanDays(i, r.end, r.duration).toReversed()) {
    for (const s of (r.regularOnly ? day.liquid : day.trading).toReversed()) {
      const to = Math.min(s.to, r.end);
      const from = Math.max(s.from, to - left);
      if (from >= to || left <= 0) continue;
      left -= to - from;
      found.push({ day: day.day, segment: { from, to } });
    }
  }
  return found.reverse();
}

function intradayBars(tape: TapeReader, i: Instrument, r: BarRequest, seconds: number): Bar[] {
  const { zone } = calendarOf(i.calendar).row;
  const step = seconds * 1000;
  const bars: Bar[] = [];
  for (const { day, segment } of spanSegments(i, r)) {
    let from = segment.from;
    while (from < segment.to) {
      // Bars start at round wall-clock times, except the first of a segment.
      const wall = from + zone.offsetMs(from);
      const to = Math.min(from + step - ((((wall % DAY_MS) + DAY_MS) % DAY_MS) % step), segment.to);
      const fold = tape.fold(i, from, to, r.kind);
      if (fold !== undefined) bars.push({ ...fold, start: from, end: to, day });
      from = to;
    }
  }
  return bars;
}

function dayFold(tape: TapeReader, i: Instrument, r: BarRequest, day: TradingDay) {
  const segments = r.regularOnly ? day.liquid : day.trading;
  if ((segments.at(-1)?.to ?? 0) <= r.end) return tape.foldDay(i, day, r.kind, r.regularOnly);
  let sum: Fold | undefined;
  for (const s of segments) {
    if (s.from < r.end) sum = join(sum, tape.fold(i, s.from, Math.min(s.to, r.end), r.kind));
  }
  return sum;
}

/** The same for every day of one bar: days since the epoch, weeks from Monday, or months. */
function groupOf(day: Day, unit: 'day' | 'week' | 'month'): number {
  if (unit === 'day') return day;
  if (unit === 'week') return day - ((weekday(day) + 6) % 7);
  const d = new Date(day * DAY_MS);
  return d.getUTCFullYear() * 12 + d.getUTCMonth();
}

/** Bars of the request, oldest first. The caller bounds how many that can be. */
export function historicalBars(tape: TapeReader, i: Instrument, r: BarRequest): Bar[] {
  const { size } = r;
  if (size.unit === 'intraday') return intradayBars(tape, i, r, size.seconds);
  const bars: Bar[] = [];
  let group = Number.NaN;
  for (const day of spanDays(i, r.end, r.duration)) {
    const fold = dayFold(tape, i, r, day);
    if (fold === undefined) continue;
    const end = Math.min(day.end, r.end);
    const last = bars.at(-1);
    if (last !== undefined && groupOf(day.day, size.unit) === group) {
      // A bar of several days carries the date of its last one.
      bars[bars.length - 1] = {
        ...(join(last, fold) ?? fold),
        start: last.start,
        end,
        day: day.day,
      };
    } else {
      group = groupOf(day.day, size.unit);
      bars.push({ ...fold, start: day.liquid[0]?.from ?? day.start, end, day: day.day });
    }
  }
  return bars;
}

/** How many bars a request can yield, without cutting any. */
export function barCount(i: Instrument, r: BarRequest): number {
  const { size } = r;
  if (size.unit !== 'intraday') return spanDays(i, r.end, r.duration).length;
  let count = 0;
  for (const { segment } of spanSegments(i, r)) {
    count += Math.ceil((segment.to - segment.from) / (size.seconds * 1000));
  }
  return count;
}
