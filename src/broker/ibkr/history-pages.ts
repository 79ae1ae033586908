import { barSizeTable, periodStart, type BarRequest } from '../../domain/instrument/bar.ts';
import { epochMs, instantFromEpochMs, type Instant } from '../../domain/time/instant.ts';
import type { Page, RawBar } from './history-page.ts';
import { barInstant } from './history-request.ts';

const dayMs = 86_400_000;
/** Weekends and holidays: so many days may bring nothing new before the history counts as over. */
const mostEmptyDays = 7;

/**
 * Pages of bars put together, newest page first. The oldest week or month of a page may be a part of one, so it is
 * held back until the page before it brings the whole, or until there is no page before it.
 */
export class Collected {
  readonly rows = new Map<string, RawBar>();
  /** Where the next page ends; null = now. */
  end: Instant | null;
  readonly #request: BarRequest;
  readonly #nowMs: number;
  #edge: RawBar | null = null;
  #emptyDays = 0;

  constructor(request: BarRequest, nowMs: number) {
    this.#request = request;
    this.#nowMs = nowMs;
    this.end = request.end;
  }

  get isDone(): boolean {
    const { start, limit } = this.#request;
    const isPastStart = start !== null && this.end !== null && this.end <= start;
    return this.rows.size > limit || this.#emptyDays > mostEmptyDays || isPastStart;
  }

  /** `days` = the duration that was asked for: how far to go back where the page brought nothing. */
  add(page: Page, days: number): void {
    const sorted = page.toSorted((a, b) => (a.time < b.time ? -1 : 1));
    const before = this.rows.size;
    const [oldest, next] = sorted;
    const isPartial =
      barSizeTable[this.#request.size].seconds === null && this.#request.size !== '1d';
    const whole = isPartial ? sorted.slice(1) : sorted;
    if (isPartial && oldest !== undefined) this.#edge = oldest;
    for (const row of whole) this.rows.set(row.time, row);
    this.#emptyDays = this.rows.size === before ? this.#emptyDays + days : 0;
    const fromMs = this.end === null ? this.#nowMs : epochMs(this.end);
    const boundary = isPartial ? next : oldest;
    const reached = boundary && barInstant(periodStart(boundary.time, this.#request.size));
    const isEarlier = reached !== undefined && epochMs(reached) < fromMs;
    this.end = isEarlier ? reached : instantFromEpochMs(fromMs - days * dayMs);
  }

  /** Every row; the held one too where the history begins with it. */
  finish(): readonly RawBar[] {
    const isBeginning = this.#emptyDays > mostEmptyDays;
    const rows = [...this.rows.values()];
    return isBeginning && this.#edge !== null && !this.rows.has(this.#edge.time)
      ? [this.#edge, ...rows]
      : rows;
  }
}
