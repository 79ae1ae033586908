import { MarketDataType } from '@stoqey/ib';
import { GatewayError } from '../../domain/errors.ts';
import type { ConId } from '../../domain/ids.ts';
import type { DecimalText } from '../../domain/money/decimal.ts';
import type { Quote } from '../../domain/instrument/quote.ts';
import type { Snapshot, SnapshotSource } from '../../domain/instrument/snapshot.ts';
import type { CacheStatistics, ReadStatistics } from '../port.ts';
import { unavailable, type Asking } from './ask.ts';
import { AnswerCache } from './answer-cache.ts';
import { genericTicksOf, quoteFailure, QuoteStream, type QuotedContract } from './quote-stream.ts';
import type { FullQuote } from './quote-ticks.ts';

export type MarketDataTiming = {
  readonly deadlineMs: number;
  /** A snapshot ends about 11 s after it was asked for where a price is missing. */
  readonly snapshotDeadlineMs: number;
  readonly silentAfterMs: number;
  /** From then on a snapshot says that it is stale. */
  readonly staleAfterMs: number;
  /** How old a snapshot for looking at may be. */
  readonly keepMs: number;
  /** IBKR gives 100 lines by default. */
  readonly lines: number;
};

/** The best there is: live where subscribed, else delayed; frozen outside hours (TWS API "Market data types"). */
const BEST_AVAILABLE = MarketDataType.DELAYED_FROZEN;
const NO_LINE_FREE = 101;
const NOT_VALID = 321;

/**
 * Quotes from market data streams that stay open: one line per instrument, the least recently used one is given up
 * when the lines run out, and a snapshot is taken where no line is to be had. A stream that has been silent for long
 * is opened anew, so that a quote is what TWS says now and not what it said once.
 */
export class MarketData {
  readonly #asking: Asking;
  readonly #timing: MarketDataTiming;
  /** Open lines, least recently used first. */
  readonly #lines = new Map<ConId, QuoteStream>();
  /** Lines and running snapshots. */
  readonly #byId = new Map<number, QuoteStream>();
  readonly #snapshots: AnswerCache<FullQuote>;
  /** Security types that IBKR gives no further ticks for. */
  readonly #refused = new Set<string>();
  /** How many lines may be open: what was configured, or fewer where TWS gave no more. */
  #mostLines: number;
  #counts = { streamed: 0, evictions: 0, refused: 0 };

  constructor(asking: Asking, timing: MarketDataTiming) {
    this.#asking = asking;
    this.#timing = timing;
    this.#mostLines = timing.lines;
    this.#snapshots = new AnswerCache({
      name: 'snapshots',
      clock: asking.clock,
      keepMs: timing.keepMs,
      mostEntries: 1_000,
      isWorthKeeping: () => true,
    });
    this.#listenToSession();
    this.#listenToTicks();
  }

  /**
   * The quote of now, for judging orders: never from the cache. Throws `INSTRUMENT_UNKNOWN`, `BROKER_NO_ANSWER` (not
   * one price) or `BROKER_UNAVAILABLE`.
   */
  async quote(instrument: QuotedContract): Promise<Quote> {
    return (await this.#read(instrument)).quote;
  }

  /** Implied volatility, a share per year, as the open line has it: of an option its own, of a stock that of its options. */
  implied(conId: ConId): DecimalText | null {
    return this.#lines.get(conId)?.ticks.implied ?? null;
  }

  /** A quote for looking at: of the open stream or the last answer while young enough, else asked. Throws as `quote`. */
  async snapshot(instrument: QuotedContract, fresh: boolean): Promise<Snapshot> {
    if (!this.#asking.session.isReady) throw unavailable('there is no session with TWS');
    const line = this.#lines.get(instrument.conId);
    const streamed = line === undefined || line.isWaiting || fresh ? null : line.quote;
    if (streamed !== null && this.#ageMs(streamed) <= this.#timing.keepMs) {
      this.#counts.streamed += 1;
      return this.#shown(streamed, 'stream');
    }
    const { keepMs } = this.#timing;
    const find = (): Promise<FullQuote> => this.#read(instrument);
    const kept = await this.#snapshots.get(String(instrument.conId), find, fresh ? 0 : keepMs);
    // Kept when it was answered; what it says may have been old then.
    if (kept.isCached && this.#ageMs(kept.value) > keepMs)
      return await this.snapshot(instrument, true);
    return this.#shown(kept.value, kept.isCached ? 'cache' : 'asked');
  }

  /** A snapshot from an open stream counts as a hit: nothing was asked. */
  statistics(): { readonly cache: CacheStatistics; readonly lines: ReadStatistics['lines'] } {
    const cache = this.#snapshots.statistics();
    const { streamed, evictions, refused } = this.#counts;
    return {
      cache: { ...cache, hits: cache.hits + streamed },
      lines: { open: this.#lines.size, most: this.#mostLines, evictions, refused },
    };
  }

  #ageMs({ quote }: FullQuote): number {
    return Math.max(0, this.#asking.clock.wallMs() - Date.parse(quote.receivedAt));
  }

  #shown(full: FullQuote, source: SnapshotSource): Snapshot {
    const ageMs = this.#ageMs(full);
    return { ...full, source, ageMs, isStale: ageMs > this.#timing.staleAfterMs };
  }

  async #read(instrument: QuotedContract): Promise<FullQuote> {
    const { conId } = instrument;
    if (!this.#asking.session.isReady) throw unavailable('there is no session with TWS');
    const line = this.#lines.get(conId);
    if (line !== undefined) {
      this.#lines.delete(conId);
      this.#lines.set(conId, line);
      if (line.isWaiting) return await line.first;
      const ageMs = this.#asking.clock.wallMs() - (line.ticks.receivedAtMs ?? 0);
      if (line.quote !== null && ageMs <= this.#timing.silentAfterMs) return line.quote;
      this.#close(line);
    }
    if (!this.#makeRoom()) return await this.#open(instrument, true);
    try {
      return await this.#openLine(instrument);
    } catch (error) {
      if (!isCode(error, NO_LINE_FREE)) throw error;
      // TWS gives fewer lines than configured (other programs of the login use some): ask for no more than these.
      this.#counts.refused += 1;
      this.#mostLines = Math.max(1, this.#lines.size);
      return await this.#open(instrument, true);
    }
  }

  /** A line with what the kind has beside the usual ticks; without it, from then on, where IBKR refuses that. */
  async #openLine(instrument: QuotedContract): Promise<FullQuote> {
    const { secType = '' } = instrument;
    const more = this.#refused.has(secType) ? '' : genericTicksOf(instrument);
    try {
      return await this.#open(instrument, false, more);
    } catch (error) {
      if (more === '' || !isCode(error, NOT_VALID)) throw error;
      this.#refused.add(secType);
      return await this.#open(instrument, false);
    }
  }

  async #open(
    instrument: QuotedContract,
    isSnapshot: boolean,
    genericTicks = '',
  ): Promise<FullQuote> {
    const { session, bucket } = this.#asking;
    const deadlineMs = isSnapshot ? this.#timing.snapshotDeadlineMs : this.#timing.deadlineMs;
    // Known before anything is awaited, so that the lines are counted right and a second caller joins in.
    const stream = new QuoteStream(this.#asking, instrument, isSnapshot, deadlineMs);
    this.#byId.set(stream.id, stream);
    if (!isSnapshot) this.#lines.set(stream.conId, stream);
    const asked = bucket.wait().then(() => {
      if (!stream.isWaiting) return;
      session.request((api) =>
        api.reqMktData(stream.id, instrument, genericTicks, isSnapshot, false),
      );
    });
    try {
      const [quote] = await Promise.all([stream.first, asked]);
      if (isSnapshot) this.#forget(stream);
      return quote;
    } catch (error) {
      const failure = error instanceof GatewayError ? error : unavailable('no quote');
      this.#close(stream);
      stream.settle(failure);
      throw error;
    }
  }

  /** Whether a line is free now; gives up the least recently used one that nobody waits for. */
  #makeRoom(): boolean {
    if (this.#lines.size < this.#mostLines) return true;
    const idle = [...this.#lines.values()].find((line) => !line.isWaiting);
    if (idle === undefined) return false;
    this.#counts.evictions += 1;
    this.#close(idle);
    return true;
  }

  #forget(stream: QuoteStream): boolean {
    if (this.#lines.get(stream.conId) === stream) this.#lines.delete(stream.conId);
    return this.#byId.delete(stream.id);
  }

  #close(stream: QuoteStream): void {
    const { session } = this.#asking;
    const isOpen = this.#forget(stream) && !stream.isSnapshot && session.isReady;
    if (isOpen) session.request((api) => api.cancelMktData(stream.id));
  }

  #forgetAll(reason: string): void {
    const streams = [...this.#byId.values()];
    this.#lines.clear();
    this.#byId.clear();
    this.#snapshots.clear();
    for (const stream of streams) stream.settle(unavailable(reason));
  }

  #listenToSession(): void {
    const { session } = this.#asking;
    session.listen({
      ready: () => {
        this.#mostLines = this.#timing.lines;
        session.request((api) => api.reqMarketDataType(BEST_AVAILABLE));
      },
      lost: () => {
        this.#forgetAll('the session with TWS ended before a quote came');
      },
      restored: (dataLost) => {
        if (dataLost) this.#forgetAll('TWS lost its subscriptions');
      },
      error: (_error, code, id) => {
        const stream = this.#byId.get(id);
        const failure = stream === undefined ? null : quoteFailure(code);
        if (stream === undefined || failure === null) return;
        this.#forget(stream);
        stream.settle(failure);
      },
    });
  }

  #listenToTicks(): void {
    const { session, clock } = this.#asking;
    session.listen({
      tickPrice: (id, tickType, price) => {
        const stream = this.#byId.get(id);
        if (stream === undefined) return;
        stream.ticks.price(tickType, price, clock.wallMs());
        settleWhenComplete(stream);
      },
      tickSize: (id, tickType, size) => {
        this.#byId.get(id)?.ticks.size(tickType, size);
      },
      tickGeneric: (id, tickType, value) => {
        this.#byId.get(id)?.ticks.generic(tickType, value);
      },
      tickOptionComputation: (id, tickType, _attributes, iv, delta, _price, _pv, ...rest) => {
        const stream = this.#byId.get(id);
        if (stream === undefined) return;
        const [gamma, vega, theta, underlyingPrice] = rest;
        const values = { impliedVolatility: iv, delta, gamma, vega, theta, underlyingPrice };
        stream.ticks.model(tickType, values);
        settleWhenComplete(stream);
      },
      marketDataType: (id, type) => {
        this.#byId.get(id)?.ticks.dataType(type);
      },
      tickSnapshotEnd: (id) => {
        this.#byId.get(id)?.settle(null);
      },
    });
  }
}

function settleWhenComplete(stream: QuoteStream): void {
  if (!stream.isWaiting || !stream.isComplete) return;
  // After the rest of what came in one piece: sizes, volume and the halt follow the prices.
  queueMicrotask(() => {
    stream.settle(null);
  });
}

function isCode(error: unknown, code: number): boolean {
  return error instanceof GatewayError && error.details['code'] === code;
}
