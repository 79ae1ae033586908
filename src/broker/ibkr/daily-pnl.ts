import type { DecimalText } from '../../domain/money/decimal.ts';
import type { Asking } from './ask.ts';
import { fromWire } from './numbers.ts';

/** Profit and loss of one account in its base currency; null = IBKR did not say. */
export type Pnl = {
  readonly daily: DecimalText | null;
  readonly unrealized: DecimalText | null;
  readonly realized: DecimalText | null;
};

/**
 * The stream of daily profit and loss of one account. A broker that never delivers it is no failure: the value
 * stays null, and only the first portfolio waits for it.
 */
export class DailyPnl {
  readonly #asking: Asking;
  readonly #deadlineMs: number;
  #id: number | null = null;
  #isSettled = false;
  #settle: (() => void) | null = null;

  constructor(asking: Asking, deadlineMs: number, onPnl: (pnl: Pnl) => void) {
    this.#asking = asking;
    this.#deadlineMs = deadlineMs;
    asking.session.listen({
      pnl: (id, daily, unrealized, realized) => {
        if (id !== this.#id) return;
        onPnl({
          daily: fromWire(daily),
          unrealized: fromWire(unrealized),
          realized: fromWire(realized),
        });
        this.#settle?.();
      },
      error: (_error, _code, id) => {
        if (id === this.#id) this.#settle?.();
      },
    });
  }

  /** Whether nothing is left to wait for. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Subscribes and resolves with the first value or at the deadline. */
  async first(account: string): Promise<void> {
    if (this.#isSettled) return;
    const { session, clock } = this.#asking;
    const id = session.takeRequestId();
    session.request((api) => api.reqPnL(id, account, ''));
    this.#id = id;
    await new Promise<void>((resolve) => {
      const cancel = clock.after(this.#deadlineMs, () => this.#settle?.());
      this.#settle = () => {
        cancel();
        this.#settle = null;
        this.#isSettled = this.#id === id;
        resolve();
      };
    });
  }

  /** Gives the subscription up; on a session that is gone there is nothing to cancel. */
  stop(): void {
    const { session } = this.#asking;
    const id = this.#id;
    this.#id = null;
    this.#isSettled = false;
    this.#settle?.();
    if (id !== null && session.isReady) session.request((api) => api.cancelPnL(id));
  }
}
