import type { Clock } from './clock.ts';
import { unavailable } from './ask.ts';

/**
 * IBKR's pacing of historical data, kept from our side (TWS API "Historical Data Limitations"): at most so many
 * questions in ten minutes, and fewer than six for one contract in two seconds. Quotes of both sides count double.
 */
export type HistoryPaceTiming = {
  readonly windowMs: number;
  readonly mostInWindow: number;
  readonly burstMs: number;
  readonly mostInBurst: number;
};

type Asked = { readonly atMs: number; readonly contract: string };

export class HistoryPace {
  readonly #clock: Clock;
  readonly #timing: HistoryPaceTiming;
  #asked: readonly Asked[] = [];

  constructor(clock: Clock, timing: HistoryPaceTiming) {
    this.#clock = clock;
    this.#timing = timing;
  }

  /** Questions in the window of now. */
  get inWindow(): number {
    this.#forget();
    return this.#asked.length;
  }

  /** Resolves when one more may be asked; throws `BROKER_UNAVAILABLE` at once where that is after `untilMs` (monotonic). */
  async turn(contract: string, untilMs: number): Promise<void> {
    for (;;) {
      const waitMs = this.#waitMs(contract);
      const now = this.#clock.monotonicMs();
      if (waitMs <= 0) {
        this.#asked = [...this.#asked, { atMs: now, contract }];
        return;
      }
      if (now + waitMs > untilMs) {
        const seconds = Math.ceil(waitMs / 1000);
        throw unavailable(
          `IBKR's pacing of historical data leaves no room now: ask again in ${seconds} s`,
        );
      }
      await new Promise<void>((resolve) => {
        this.#clock.after(waitMs, resolve);
      });
    }
  }

  #waitMs(contract: string): number {
    this.#forget();
    const { windowMs, mostInWindow, burstMs, mostInBurst } = this.#timing;
    const burst = this.#asked.filter((one) => one.contract === contract);
    return Math.max(
      this.#untilRoom(this.#asked, windowMs, mostInWindow),
      this.#untilRoom(burst, burstMs, mostInBurst),
    );
  }

  /** Milliseconds until the oldest of the last `most` questions has left the span. */
  #untilRoom(asked: readonly Asked[], spanMs: number, most: number): number {
    const oldest = asked.at(-most);
    return oldest === undefined || asked.length < most
      ? 0
      : oldest.atMs + spanMs - this.#clock.monotonicMs();
  }

  #forget(): void {
    const from = this.#clock.monotonicMs() - this.#timing.windowMs;
    this.#asked = this.#asked.filter(({ atMs }) => atMs > from);
  }
}
