// How busy a market is through its day: volatility and volume follow the same shape. Stock markets are
// U-shaped between open and close and thin outside; the round-the-clock ones follow the working day.
import { calendarOf } from './calendars.ts';
import { DAY_MS, MINUTE_MS } from './new-york-time.ts';

const DAY_MINUTES = 1440;
const OUTSIDE = 0.35;

/** 2.3 at the open, 0.7 in the middle, 1.7 at the close; the average is about 1. */
function uShape(part: number): number {
  const x = 2 * part - 1;
  const edge = x * x * x * x;
  return 0.7 + (x < 0 ? 1.6 : 1) * edge;
}

function table(key: string): Float64Array {
  const { row } = calendarOf(key);
  const [open, close] = [row.liquid[0]?.[0] ?? 0, row.liquid.at(-1)?.[1] ?? DAY_MINUTES];
  const shape = new Float64Array(DAY_MINUTES);
  for (let minute = 0; minute < DAY_MINUTES; minute += 1) {
    const part = (minute - open) / (close - open);
    // Round the clock: quiet at night, busiest at two in the afternoon of the exchange's zone.
    const hour = Math.abs(((minute / 60 + 34) % 24) - 12) / 12;
    const isRound = close - open >= DAY_MINUTES - 60;
    shape[minute] = isRound ? 1.5 - hour : part >= 0 && part < 1 ? uShape(part) : OUTSIDE;
  }
  return shape;
}

/** How busy one market is at an instant; 1 is an average minute. */
export type Busy = (instant: number) => number;
const shapes = new Map<string, Busy>();

/** The shape of a calendar's day, to be kept by whoever asks often. */
export function busyOf(calendar: string): Busy {
  let busy = shapes.get(calendar);
  if (busy === undefined) {
    const shape = table(calendar);
    const { zone } = calendarOf(calendar).row;
    busy = (instant) =>
      shape[Math.floor(((instant + zone.offsetMs(instant)) % DAY_MS) / MINUTE_MS)] ?? 1;
    shapes.set(calendar, busy);
  }
  return busy;
}
