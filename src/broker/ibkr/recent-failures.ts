import type { Clock } from './clock.ts';

/**
 * What failed a short while ago fails again without being asked: an instrument that IBKR refuses must not cost a
 * question with every proposal.
 */
export class RecentFailures {
  readonly #clock: Clock;
  readonly #keepMs: number;
  readonly #failed = new Map<number, { readonly untilMs: number; readonly error: unknown }>();

  constructor(clock: Clock, keepMs: number) {
    this.#clock = clock;
    this.#keepMs = keepMs;
  }

  /** The answer of `find`, or the failure that it ended with last. */
  async run<T>(key: number, find: () => Promise<T>): Promise<T> {
    const known = this.#failed.get(key);
    if (known !== undefined && this.#clock.monotonicMs() < known.untilMs) throw known.error;
    this.#failed.delete(key);
    try {
      return await find();
    } catch (error) {
      this.#failed.set(key, { untilMs: this.#clock.monotonicMs() + this.#keepMs, error });
      throw error;
    }
  }

  /** Forgets all: there is a new session, which may answer. */
  clear(): void {
    this.#failed.clear();
  }
}
