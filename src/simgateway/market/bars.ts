// Historical bars cut from the seeded path. Regular trading hours only; the newest bar may be partial.
import { sessionOnOrBefore } from './calendar.ts';
import type { Session } from './calendar.ts';
import type { Instrument } from './instrument.ts';
import type { Micros } from './money.ts';
import { dayOf } from './new-york-time.ts';
import type { QuoteBook } from './quote-book.ts';

/** One bar; `start` is UTC milliseconds, `day` its New York day. */
export type Bar = {
  start: number;
  day: number;
  open: Micros;
  high: Micros;
  low: Micros;
  close: Micros;
  volume: number;
};

const UNIT_SECONDS: Record<string, number> = { sec: 1, min: 60, hour: 3600, day: 86_400 };
const DURATION_DAYS: Record<string, number> = { D: 1, W: 5, M: 21, Y: 252 };

/** Seconds of a bar size such as `5 mins` or `1 day`; undefined when not one. */
export function barSeconds(size: string): number | undefined {
  const match = /^(\d+) (sec|min|hour|day)s?$/.exec(size.trim());
  if (match === null) return undefined;
  const seconds = Number(match[1]) * (UNIT_SECONDS[match[2] ?? ''] ?? 0);
  return seconds > 0 ? seconds : undefined;
}

/** Trading days a duration such as `1 M` or `3600 S` spans; undefined when not one. */
export function durationDays(duration: string): number | undefined {
  const match = /^(\d+) ([SDWMY])$/.exec(duration.trim());
  if (match === null) return undefined;
  const count = Number(match[1]);
  if (count === 0) return undefined;
  return match[2] === 'S'
    ? Math.ceil(count / 23_400)
    : count * (DURATION_DAYS[match[2] ?? ''] ?? 1);
}

function cut(book: QuoteBook, i: Instrument, session: Session, from: number, to: number): Bar {
  const range = book.range(i, { ...session, open: from }, to);
  const open = book.priceAt(i, from);
  const close = book.priceAt(i, to);
  return {
    start: from,
    day: session.day,
    open,
    high: Math.max(range.high, open, close),
    low: Math.min(range.low, open, close),
    close,
    volume: book.volume(i, session, to) - book.volume(i, session, from),
  };
}

/** Bars ending at `end`, oldest first. The caller bounds how many that can be. */
export function historicalBars(
  book: QuoteBook,
  i: Instrument,
  request: { end: number; days: number; seconds: number },
): Bar[] {
  const sessions: Session[] = [];
  let session = sessionOnOrBefore(dayOf(request.end));
  if (session.open >= request.end) session = sessionOnOrBefore(session.day - 1);
  while (sessions.length < request.days) {
    sessions.unshift(session);
    session = sessionOnOrBefore(session.day - 1);
  }
  const step = request.seconds * 1000;
  const bars: Bar[] = [];
  for (const s of sessions) {
    const stop = Math.min(s.close, request.end);
    for (let from = s.open; from < stop; from += step) {
      bars.push(cut(book, i, s, from, Math.min(from + step, stop)));
    }
  }
  return bars;
}
