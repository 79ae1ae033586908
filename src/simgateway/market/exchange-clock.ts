// The simulated time of the exchange, and every timer that models exchange time. On a real clock it runs
// at a rate from wherever it was set, or stands still; a virtual clock moves only when it is advanced,
// so that the same inputs give the same outputs to the byte.

/** The clock of one gateway. */
export type ExchangeClock = {
  readonly mode: 'real' | 'virtual';
  /** UTC milliseconds of the simulated now. */
  now(): number;
  isRunning(): boolean;
  /** Exchange milliseconds that pass in one of the machine's. */
  rate(): number;
  /**
   * Jumps to an instant, starts or stops the clock, changes its rate. What became due runs at once;
   * when the instant lies back, timers keep what they had left to wait.
   */
  set(change: { instant?: number; running?: boolean; rate?: number }): void;
  /** Moves forward (or back), running each timer at the instant it was due. */
  advance(byMs: number): void;
  /** Runs `action` once, `delayMs` of exchange time from now; the result cancels it. */
  after(delayMs: number, action: () => void): () => void;
  /** Forgets every timer. */
  stop(): void;
};

type Timer = { at: number; action: () => void };

/** Where a virtual clock starts unless told otherwise: a Tuesday, 10:00 in New York. */
const VIRTUAL_START = Date.parse('2026-04-14T14:00:00Z');
/** The longest single wait of the machine's timers. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** Timers in the order they are due; equal instants keep the order in which they were set. */
class TimerQueue {
  private readonly timers: Timer[] = [];

  add(timer: Timer): void {
    let low = 0;
    let high = this.timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.timers[middle]?.at ?? 0) <= timer.at) low = middle + 1;
      else high = middle;
    }
    this.timers.splice(low, 0, timer);
  }

  remove(timer: Timer): void {
    const index = this.timers.indexOf(timer);
    if (index >= 0) this.timers.splice(index, 1);
  }

  next(): Timer | undefined {
    return this.timers[0];
  }

  takeDue(instant: number): Timer | undefined {
    return (this.timers[0]?.at ?? Number.POSITIVE_INFINITY) <= instant
      ? this.timers.shift()
      : undefined;
  }

  /** Moves every timer, so that what is left to wait stays the same. */
  shift(byMs: number): void {
    for (const timer of this.timers) timer.at += byMs;
  }

  clear(): void {
    this.timers.length = 0;
  }
}

class SimulatedClock implements ExchangeClock {
  readonly mode: ExchangeClock['mode'];
  private readonly queue = new TimerQueue();
  private anchor: number;
  private anchoredAt = Date.now();
  private running: boolean;
  private speed = 1;
  private alarm: NodeJS.Timeout | undefined;

  constructor(start: number, mode: ExchangeClock['mode']) {
    this.mode = mode;
    this.anchor = start;
    this.running = mode === 'real';
  }

  now(): number {
    if (!this.running) return this.anchor;
    return this.anchor + Math.floor((Date.now() - this.anchoredAt) * this.speed);
  }

  isRunning(): boolean {
    return this.running;
  }

  rate(): number {
    return this.speed;
  }

  set(change: { instant?: number; running?: boolean; rate?: number }): void {
    if (this.mode === 'virtual' && change.running === true) {
      throw new RangeError('a virtual clock moves only when it is advanced');
    }
    this.moveTo(change.instant ?? this.now());
    this.running = change.running ?? this.running;
    this.speed = change.rate ?? this.speed;
    this.runDue();
  }

  advance(byMs: number): void {
    const target = this.now() + byMs;
    for (let t = this.queue.takeDue(target); t !== undefined; t = this.queue.takeDue(target)) {
      this.moveTo(Math.max(t.at, this.now()));
      t.action();
    }
    this.moveTo(byMs < 0 ? target : Math.max(target, this.now()));
    this.setAlarm();
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { at: this.now() + delayMs, action };
    this.queue.add(timer);
    if (this.queue.next() === timer) this.setAlarm();
    return () => {
      this.queue.remove(timer);
    };
  }

  stop(): void {
    this.queue.clear();
    clearTimeout(this.alarm);
  }

  private moveTo(instant: number): void {
    // A clock put back must not make what is under way wait for hours.
    const back = instant - this.now();
    if (back < 0) this.queue.shift(back);
    this.anchor = instant;
    this.anchoredAt = Date.now();
  }

  private runDue(): void {
    for (let t = this.queue.takeDue(this.now()); t !== undefined;) {
      t.action();
      t = this.queue.takeDue(this.now());
    }
    this.setAlarm();
  }

  private setAlarm(): void {
    clearTimeout(this.alarm);
    const next = this.queue.next();
    if (!this.running || next === undefined) return;
    const waitMs = Math.ceil((next.at - this.now()) / this.speed);
    this.alarm = setTimeout(
      () => {
        this.runDue();
      },
      Math.min(Math.max(1, waitMs), LONGEST_WAIT_MS),
    );
    this.alarm.unref();
  }
}

/** Starts at `start` (UTC milliseconds; the machine's own time when undefined), a real one running. */
export const createExchangeClock = (
  start?: number,
  mode: ExchangeClock['mode'] = 'real',
): ExchangeClock =>
  new SimulatedClock(start ?? (mode === 'virtual' ? VIRTUAL_START : Date.now()), mode);
