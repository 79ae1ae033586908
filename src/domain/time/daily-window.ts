import { localTime, zonedEpochMs } from './zoned.ts';

/** A stretch of every day on the wall clock of a zone; it may run past midnight. */
export type DailyWindow = {
  /** Minutes after midnight at which it begins, 0..1439. */
  readonly startMinute: number;
  /** 1..720. */
  readonly lengthMinutes: number;
  readonly timeZone: string;
};

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;

/** When the window that is open at `nowMs` ends, in milliseconds since the epoch; null while none is open. */
export function windowEndMs(window: DailyWindow, nowMs: number): number | null {
  for (const dayOf of [nowMs, nowMs - dayMs]) {
    const startMs = startOn(window, dayOf);
    const endMs = startMs + window.lengthMinutes * minuteMs;
    if (startMs <= nowMs && nowMs < endMs) return endMs;
  }
  return null;
}

/** The next moment after `nowMs` at which the window opens or closes, in milliseconds since the epoch. */
export function nextWindowChangeMs(window: DailyWindow, nowMs: number): number {
  const changes = [nowMs - dayMs, nowMs, nowMs + dayMs].flatMap((dayOf) => {
    const startMs = startOn(window, dayOf);
    return [startMs, startMs + window.lengthMinutes * minuteMs];
  });
  return Math.min(...changes.filter((at) => at > nowMs));
}

function startOn({ startMinute, timeZone }: DailyWindow, atMs: number): number {
  return zonedEpochMs(localTime(atMs, timeZone).day, startMinute, timeZone);
}
