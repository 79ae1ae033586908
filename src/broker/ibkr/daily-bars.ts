import type { ConId } from '../../domain/ids.ts';
import type { Bar } from '../../domain/instrument/bar.ts';
import type { ContractDetails } from '../../domain/instrument/contract.ts';
import { completeDays, windowDays } from '../../domain/stats/daily-series.ts';
import { instantFromEpochMs, epochMs, type Instant } from '../../domain/time/instant.ts';
import { isTimeZone, localTime } from '../../domain/time/zoned.ts';
import { unavailable, type Asking } from './ask.ts';
import type { History } from './history.ts';
import { ibContract } from './ib-order.ts';
import { RecentFailures } from './recent-failures.ts';

export type DailyBarsTiming = {
  /** How long a failure is told again instead of asking. */
  readonly retryMs: number;
  /** Questions of the historical pacing that are left to callers, while what is held is fetched in advance. */
  readonly reserve: number;
};

/** The complete trading days of one instrument, ascending, and when they were had. */
export type DailySeries = { readonly days: readonly Bar[]; readonly at: Instant };

const mostKept = 1_000;

type Kept = DailySeries & { readonly askedOn: string };

/**
 * Daily bars for the statistics of the gate: one question per instrument and day of its exchange, because a complete
 * day never changes. A question that somebody no longer waits for goes on and is there for the next one.
 */
export class DailyBars {
  readonly #asking: Asking;
  readonly #history: History;
  readonly #marketTime: () => Promise<Instant>;
  readonly #timing: DailyBarsTiming;
  readonly #kept = new Map<ConId, Kept>();
  readonly #asked = new Map<ConId, Promise<Kept>>();
  readonly #failures: RecentFailures;

  constructor(
    asking: Asking,
    history: History,
    marketTime: () => Promise<Instant>,
    timing: DailyBarsTiming,
  ) {
    this.#asking = asking;
    this.#history = history;
    this.#marketTime = marketTime;
    this.#timing = timing;
    this.#failures = new RecentFailures(asking.clock, timing.retryMs);
    asking.session.listen({
      ready: () => {
        this.#failures.clear();
      },
    });
  }

  /** Throws `BROKER_NO_ANSWER` or `BROKER_UNAVAILABLE`. */
  async get(details: ContractDetails): Promise<DailySeries> {
    return await this.#get(details, () => true);
  }

  /** As `get`, but asks only while the pacing has more room than callers are to be left. */
  async getIfRoom(details: ContractDetails): Promise<DailySeries> {
    return await this.#get(details, () => {
      const { asked, most } = this.#history.statistics().history;
      return asked < most - this.#timing.reserve;
    });
  }

  async #get(details: ContractDetails, mayAsk: () => boolean): Promise<Kept> {
    const { conId } = details.contract;
    const today = await this.#today(details);
    const kept = this.#kept.get(conId);
    if (kept?.askedOn === today) return kept;
    const running = this.#asked.get(conId);
    if (running !== undefined) return await running;
    if (!mayAsk()) throw unavailable("IBKR's pacing leaves no room for daily bars now");
    const question = this.#failures
      .run(conId, () => this.#ask(details, today))
      .finally(() => this.#asked.delete(conId));
    this.#asked.set(conId, question);
    return await question;
  }

  async #today({ timeZone }: ContractDetails): Promise<string> {
    if (!isTimeZone(timeZone)) throw unavailable("the exchange's time zone is not known");
    return localTime(epochMs(await this.#marketTime()), timeZone).day;
  }

  async #ask(details: ContractDetails, today: string): Promise<Kept> {
    const { bars } = await this.#history.bars(details, ibContract(details.contract), {
      conId: details.contract.conId,
      ...{ size: '1d', start: null, end: null, prices: null, regularHours: true, fresh: true },
      // One more than is wanted: the day of now is not complete.
      limit: windowDays + 1,
    });
    const at = instantFromEpochMs(this.#asking.clock.wallMs());
    const found = { days: completeDays(bars), at, askedOn: today };
    this.#keep(details.contract.conId, found);
    return found;
  }

  #keep(conId: ConId, found: Kept): void {
    this.#kept.delete(conId);
    this.#kept.set(conId, found);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
  }
}
