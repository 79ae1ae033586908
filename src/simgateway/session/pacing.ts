// How fast a client may ask. Messages are counted over a sliding second of the machine's own clock,
// since that is what a client's rate limiter runs on; historical requests over exchange time.
// Source: reference note §3.6; IBKR, "Historical Data Limitations".

/** Messages a connection may send in any second. */
const MAX_PER_SECOND = 50;
const SECOND_MS = 1000;
/** The violation that ends the connection. */
const LAST_VIOLATION = 3;

/** What to do about a message: `warn` is error 100, `close` ends the connection after it. */
export type PacingVerdict = { kind: 'ok' } | { kind: 'warn' | 'close'; text: string };

const OK: PacingVerdict = { kind: 'ok' };

/** Counts the messages of one connection. A burst is one violation, however long it lasts. */
export class MessagePacer {
  /** Arrival times of the newest messages, as a ring. */
  private readonly times = new Float64Array(MAX_PER_SECOND).fill(Number.NEGATIVE_INFINITY);
  private next = 0;
  private violations = 0;
  private lastViolationAt = Number.NEGATIVE_INFINITY;

  /** Takes note of a message that arrives at `now` (milliseconds of any steady clock). */
  count(now: number): PacingVerdict {
    const oldest = this.times[this.next] ?? Number.NEGATIVE_INFINITY;
    this.times[this.next] = now;
    this.next = (this.next + 1) % MAX_PER_SECOND;
    if (now - oldest >= SECOND_MS || now - this.lastViolationAt < SECOND_MS) return OK;
    this.lastViolationAt = now;
    this.violations += 1;
    return {
      kind: this.violations >= LAST_VIOLATION ? 'close' : 'warn',
      text:
        'Max rate of messages per second has been exceeded:' +
        `max=${MAX_PER_SECOND} rec=${MAX_PER_SECOND + 1} (${this.violations})`,
    };
  }
}

/** One historical request, as far as pacing looks at it. */
export type HistoryQuery = {
  /** Everything that makes two requests the same. */
  identity: string;
  /** Contract, exchange and tick type. */
  series: string;
  /** Requests it counts for: 2 for BID_ASK, else 1. */
  weight: number;
};

const IDENTICAL_MS = 15_000;
const SERIES_MS = 2000;
const MAX_IN_SERIES = 5;
const WINDOW_MS = 600_000;
const MAX_IN_WINDOW = 60;

/** Counts the historical requests of a whole gateway. Refused requests do not count. */
export class HistoryPacer {
  private taken: (HistoryQuery & { at: number })[] = [];

  /** Whether a request at `now` (exchange time) is within the limits; if so it is counted. */
  admits(query: HistoryQuery, now: number): boolean {
    this.taken = this.taken.filter((q) => q.at <= now && now - q.at < WINDOW_MS);
    const within = (ms: number) => this.taken.filter((q) => now - q.at < ms);
    const weigh = (queries: readonly HistoryQuery[]) =>
      queries.reduce((sum, q) => sum + q.weight, query.weight);
    const inSeries = within(SERIES_MS).filter((q) => q.series === query.series);
    if (within(IDENTICAL_MS).some((q) => q.identity === query.identity)) return false;
    if (weigh(inSeries) > MAX_IN_SERIES || weigh(this.taken) > MAX_IN_WINDOW) return false;
    this.taken.push({ ...query, at: now });
    return true;
  }
}
