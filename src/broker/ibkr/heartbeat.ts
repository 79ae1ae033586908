import type { Clock } from './clock.ts';

type HeartbeatOptions = {
  readonly clock: Clock;
  readonly everyMs: number;
  readonly deadlineMs: number;
  /** Asks the other side for a sign of life. */
  readonly beat: () => void;
  /** No sign came in time. A half-open socket never says by itself that it is dead. */
  readonly onSilence: () => void;
};

/** Liveness of our own: silence of `everyMs + deadlineMs` is noticed, whatever TCP believes. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #deadline: (() => void) | null = null;
  #next: (() => void) | null = null;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** The first beat, at once. */
  start(): void {
    this.stop();
    this.#beat();
  }

  answered(): void {
    this.#deadline?.();
    this.#deadline = null;
    this.#next ??= this.#options.clock.after(this.#options.everyMs, () => {
      this.#next = null;
      this.#beat();
    });
  }

  stop(): void {
    this.#deadline?.();
    this.#next?.();
    this.#deadline = null;
    this.#next = null;
  }

  #beat(): void {
    const { clock, deadlineMs, beat, onSilence } = this.#options;
    this.#deadline = clock.after(deadlineMs, onSilence);
    beat();
  }
}
