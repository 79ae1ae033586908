import type { Contract as IbContract } from '@stoqey/ib';
import { GatewayError } from '../../domain/errors.ts';
import {
  hasBarEnded,
  periodStart,
  type BarPrices,
  type BarRequest,
  type BarSeries,
} from '../../domain/instrument/bar.ts';
import type { ContractDetails } from '../../domain/instrument/contract.ts';
import { epochMs, type Instant } from '../../domain/time/instant.ts';
import type { CacheStatistics, ReadStatistics } from '../port.ts';
import { AnswerCache } from './answer-cache.ts';
import { unavailable, type Asking } from './ask.ts';
import { Collected } from './history-pages.ts';
import { askPage, PacedError, type Page, type PageQuestion, type RawBar } from './history-page.ts';
import { HistoryPace, type HistoryPaceTiming } from './history-pace.ts';
import {
  barInstant,
  durationOf,
  endText,
  settingOf,
  showOf,
  usualPrices,
} from './history-request.ts';

export type HistoryTiming = HistoryPaceTiming & {
  readonly pageDeadlineMs: number;
  /** For a whole answer, all pages and waits together. */
  readonly deadlineMs: number;
  readonly keepMs: number;
  /** IBKR forbids the same question again within so long: it is answered from what is kept. */
  readonly sameQuestionMs: number;
  /** How long to hold still after IBKR has said that the pace was too fast. */
  readonly pacedMs: number;
};

/** Pages of one answer. With 60 questions in ten minutes for everybody, one answer may not take them all. */
const mostPages = 30;

/** Bars, page by page backwards from the end, at IBKR's pace. Pages are kept and shared. */
export class History {
  readonly #asking: Asking;
  readonly #timing: HistoryTiming;
  readonly #marketTime: () => Promise<Instant>;
  readonly #pages: AnswerCache<Page>;
  readonly #pace: HistoryPace;
  #paced = 0;

  constructor(asking: Asking, timing: HistoryTiming, marketTime: () => Promise<Instant>) {
    this.#asking = asking;
    this.#timing = timing;
    this.#marketTime = marketTime;
    this.#pace = new HistoryPace(asking.clock, timing);
    this.#pages = new AnswerCache({
      name: 'bars',
      clock: asking.clock,
      keepMs: timing.keepMs,
      mostEntries: 400,
      isWorthKeeping: () => true,
    });
  }

  /** Throws `VALIDATION`, `BROKER_NO_ANSWER` or `BROKER_UNAVAILABLE`. */
  async bars(
    details: ContractDetails,
    contract: IbContract,
    request: BarRequest,
  ): Promise<BarSeries> {
    const prices = request.prices ?? usualPrices(details.contract.secType);
    if (prices === 'ADJUSTED' && request.end !== null) {
      throw new GatewayError('VALIDATION', 'adjusted bars end now: leave the end out');
    }
    const found = await this.#collect(details, contract, request, prices);
    const nowMs = epochMs(await this.#marketTime());
    const inRange = [...found.rows]
      .filter((row) => isWithin(row, request))
      .sort((a, b) => (a.time < b.time ? -1 : 1));
    const rows = inRange.slice(-request.limit);
    const { timeZone } = details;
    const hasEnded = ({ time }: RawBar): boolean =>
      hasBarEnded({ time, size: request.size }, timeZone, nowMs);
    const [first] = rows;
    const isCut = rows.length < inRange.length || found.isCut;
    return {
      conId: details.contract.conId,
      size: request.size,
      prices,
      regularHours: request.regularHours,
      bars: rows.map((row, index) => ({
        ...row,
        // The next bar has begun: so has this one ended, also one that is short because its session began within it.
        isComplete: index < rows.length - 1 || hasEnded(row),
      })),
      nextEnd:
        isCut && first !== undefined ? barInstant(periodStart(first.time, request.size)) : null,
      ageMs: found.ageMs,
      isCached: found.isCached,
    };
  }

  statistics(): { readonly cache: CacheStatistics; readonly history: ReadStatistics['history'] } {
    return {
      cache: this.#pages.statistics(),
      history: {
        asked: this.#pace.inWindow,
        most: this.#timing.mostInWindow,
        paced: this.#paced,
      },
    };
  }

  /** Goes back from the end until there is enough. `isCut` = there may be more before it. */
  async #collect(
    { contract: { secType } }: ContractDetails,
    contract: IbContract,
    request: BarRequest,
    prices: BarPrices,
  ) {
    const untilMs = this.#asking.clock.monotonicMs() + this.#timing.deadlineMs;
    const found = new Collected(request, this.#asking.clock.wallMs());
    const { size, regularHours, limit, fresh } = request;
    let pages = 0;
    let ageMs = 0;
    let isCached = true;
    for (; pages < mostPages && !found.isDone; pages += 1) {
      const duration = durationOf(size, limit + 1 - found.rows.size);
      const question: PageQuestion = {
        contract,
        end: found.end === null ? '' : endText(found.end),
        duration: duration.text,
        size: settingOf(size),
        show: showOf(prices, secType),
        regularHours,
      };
      const kept = await this.#page(question, fresh, untilMs);
      ageMs = Math.max(ageMs, kept.ageMs);
      isCached &&= kept.isCached;
      found.add(kept.value, duration.days);
      // Adjusted bars end now: there is no page before the first.
      if (prices === 'ADJUSTED') break;
    }
    return { rows: found.finish(), ageMs, isCached, isCut: pages >= mostPages && !found.isDone };
  }

  async #page(question: PageQuestion, fresh: boolean, untilMs: number) {
    const { contract, ...rest } = question;
    const key = JSON.stringify([contract.conId, rest]);
    const maxAgeMs = fresh ? this.#timing.sameQuestionMs : this.#timing.keepMs;
    return await this.#pages.get(key, () => this.#askInPace(question, untilMs), maxAgeMs);
  }

  async #askInPace(question: PageQuestion, untilMs: number): Promise<Page> {
    const { clock } = this.#asking;
    for (;;) {
      await this.#pace.turn(String(question.contract.conId ?? 0), untilMs);
      try {
        return await askPage(this.#asking, this.#timing.pageDeadlineMs, question);
      } catch (error) {
        if (!(error instanceof PacedError)) throw error;
        this.#paced += 1;
        if (clock.monotonicMs() + this.#timing.pacedMs > untilMs) {
          throw unavailable('IBKR says that historical data is asked for too fast (162)');
        }
        await new Promise<void>((resolve) => {
          clock.after(this.#timing.pacedMs, resolve);
        });
      }
    }
  }
}

function isWithin({ time }: RawBar, { start, end }: BarRequest): boolean {
  // A day is compared as a day: its bar begins at some hour of it.
  const at = (bound: Instant): string => bound.slice(0, time.length);
  return (start === null || time >= at(start)) && (end === null || time < at(end));
}
