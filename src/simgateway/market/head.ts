// How far back data goes: a fixed date for what is always listed, the contract's life for what expires.
import { calendarOf } from './calendars.ts';
import { dayFrom } from './civil-days.ts';
import { expiryDay } from './futures.ts';
import type { Instrument } from './instrument.ts';

const FIRST_DAY = dayFrom(2020, 1, 2);
/** Days before expiry from which a future or an option has data. */
const LIFE_DAYS = { FUT: 500, OPT: 365 } as const;

/** First instant with data, UTC milliseconds. */
export function firstInstant(i: Instrument): number {
  const life = i.secType === 'FUT' || i.secType === 'OPT' ? LIFE_DAYS[i.secType] : undefined;
  const day =
    life === undefined ? FIRST_DAY : Math.max(FIRST_DAY, expiryDay(i.expiry ?? '') - life);
  const calendar = calendarOf(i.calendar);
  for (let d = day; ; d += 1) {
    const found = calendar.on(d);
    if (found !== undefined) return found.start;
  }
}
