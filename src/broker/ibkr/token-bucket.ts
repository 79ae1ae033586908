import type { Clock } from './clock.ts';

/**
 * Our own pacing, one for every session of the login. IBKR takes 50 messages in any second over all of them and
 * ends the session of who sends more (error 100; reference note 3.6). We keep to `perSecond` in any sliding second:
 * cancels go first and may use all of it, orders leave two for them, reads leave `reserve` for both. Within a lane
 * the order of asking holds, and while reads wait one of ten messages is theirs.
 */
export type Lane = 'cancel' | 'write' | 'read';

/** A kept place. Both calls may be made any number of times; the first one counts. */
export type Hold = { readonly spend: () => void; readonly release: () => void };

type Waiter = { readonly lane: Lane; readonly go: () => void };

const WINDOW_MS = 1_000;
const LEFT_TO_CANCELS = 2;
const READ_SHARE = 10;
/** How often it is looked again while kept places alone are in the way. */
const LOOK_AGAIN_MS = 20;

export class TokenBucket {
  readonly #clock: Clock;
  readonly #most: Readonly<Record<Lane, number>>;
  readonly #queues: Readonly<Record<Lane, Waiter[]>> = { cancel: [], write: [], read: [] };
  /** When the messages of the last second left. */
  #left: number[] = [];
  /** Places given out whose message has not been told yet; they are in `#left` already. */
  #given: number[] = [];
  #held = 0;
  #total = 0;
  #sinceRead = 0;
  #isArmed = false;

  constructor(clock: Clock, perSecond = 40, reserve = 10) {
    this.#clock = clock;
    this.#most = {
      cancel: perSecond,
      write: perSecond - LEFT_TO_CANCELS,
      read: perSecond - reserve,
    };
  }

  /** Messages of the last second and kept places. */
  get used(): number {
    const horizon = this.#clock.monotonicMs() - WINDOW_MS;
    this.#left = this.#left.filter((at) => at > horizon);
    this.#given = this.#given.filter((at) => at > horizon);
    return this.#left.length + this.#held;
  }

  /** Messages since the process began. */
  get total(): number {
    return this.#total;
  }

  /** Who waits now. */
  get waiting(): number {
    return this.#queues.cancel.length + this.#queues.write.length + this.#queues.read.length;
  }

  /** Resolves true when one message of the lane may go, or false after `giveUpAfterMs` without one. */
  wait(lane: Lane = 'read', giveUpAfterMs?: number): Promise<boolean> {
    return this.#queue(lane, giveUpAfterMs, false, () => {
      this.#give();
      return true;
    });
  }

  /** As `wait`, for a message that leaves later: its place is kept until it is spent or given back. Null = too late. */
  hold(lane: Lane, giveUpAfterMs?: number): Promise<Hold | null> {
    return this.#queue<Hold | null>(lane, giveUpAfterMs, null, () => this.#keep());
  }

  /** Takes a place now, past everybody who waits. False = none is free. */
  take(lane: Lane): boolean {
    if (this.used >= this.#most[lane]) return false;
    this.#count(lane);
    this.#give();
    return true;
  }

  /** Every message that leaves is told here; one that has asked for no place is counted all the same. */
  sent(): void {
    this.#total += 1;
    const isAnnounced = this.used > 0 && this.#given.shift() !== undefined;
    if (!isAnnounced) this.#left.push(this.#clock.monotonicMs());
  }

  #give(): void {
    const now = this.#clock.monotonicMs();
    this.#left.push(now);
    this.#given.push(now);
  }

  #count(lane: Lane): void {
    this.#sinceRead = lane === 'read' ? 0 : this.#sinceRead + 1;
  }

  #keep(): Hold {
    let isOpen = true;
    this.#held += 1;
    const end = (then: () => void) => (): void => {
      if (!isOpen) return;
      isOpen = false;
      this.#held -= 1;
      then();
    };
    return {
      spend: end(() => {
        this.#give();
      }),
      release: end(() => {
        this.#pump();
      }),
    };
  }

  /** Runs `onTurn` in the very call that decides that it is this one's turn. */
  #queue<T>(lane: Lane, giveUpAfterMs: number | undefined, late: T, onTurn: () => T): Promise<T> {
    const waiters = this.#queues[lane];
    return new Promise((resolve) => {
      let stopTimer = (): void => undefined;
      const waiter: Waiter = {
        lane,
        go: () => {
          stopTimer();
          resolve(onTurn());
        },
      };
      waiters.push(waiter);
      this.#pump();
      if (!waiters.includes(waiter) || giveUpAfterMs === undefined) return;
      stopTimer = this.#clock.after(giveUpAfterMs, () => {
        const at = waiters.indexOf(waiter);
        if (at >= 0) waiters.splice(at, 1);
        resolve(late);
      });
    });
  }

  /** Whose turn it is, and below how many messages it may go. */
  #next(): { readonly waiter: Waiter; readonly below: number } | null {
    const [[cancel], [write], [read]] = [
      this.#queues.cancel,
      this.#queues.write,
      this.#queues.read,
    ];
    if (cancel !== undefined) return { waiter: cancel, below: this.#most.cancel };
    const isOwed = this.#sinceRead >= READ_SHARE - 1 && write !== undefined;
    if (read !== undefined && (isOwed || write === undefined)) {
      return { waiter: read, below: isOwed ? this.#most.write : this.#most.read };
    }
    return write === undefined ? null : { waiter: write, below: this.#most.write };
  }

  #pump(): void {
    for (let turn = this.#next(); turn !== null; turn = this.#next()) {
      if (this.used >= turn.below) {
        this.#lookAgain();
        return;
      }
      this.#queues[turn.waiter.lane].shift();
      this.#count(turn.waiter.lane);
      turn.waiter.go();
    }
  }

  #lookAgain(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    const now = this.#clock.monotonicMs();
    const [oldest] = this.#left;
    const freeInMs = oldest === undefined ? LOOK_AGAIN_MS : oldest + WINDOW_MS - now;
    this.#clock.after(Math.max(1, Math.ceil(freeInMs)), () => {
      this.#isArmed = false;
      this.#pump();
    });
  }
}
