import { MarketDataType } from '@stoqey/ib';
import { GatewayError } from '../../domain/errors.ts';
import type { ConId } from '../../domain/ids.ts';
import type { Quote } from '../../domain/instrument/quote.ts';
import { unavailable, type Asking } from './ask.ts';
import { quoteFailure, QuoteStream, type QuotedContract } from './quote-stream.ts';

export type MarketDataTiming = {
  readonly deadlineMs: number;
  /** A snapshot ends about 11 s after it was asked for where a price is missing. */
  readonly snapshotDeadlineMs: number;
  readonly silentAfterMs: number;
  /** IBKR gives 100 lines by default. */
  readonly lines: number;
};

/** The best there is: live where subscribed, else delayed; frozen outside hours (TWS API "Market data types"). */
const BEST_AVAILABLE = MarketDataType.DELAYED_FROZEN;
const NO_LINE_FREE = 101;

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

  constructor(asking: Asking, timing: MarketDataTiming) {
    this.#asking = asking;
    this.#timing = timing;
    this.#listenToSession();
    this.#listenToTicks();
  }

  /** Throws `INSTRUMENT_UNKNOWN`, `BROKER_NO_ANSWER` (not one price) or `BROKER_UNAVAILABLE`. */
  async quote(instrument: QuotedContract): Promise<Quote> {
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
      return await this.#open(instrument, false);
    } catch (error) {
      const hasNoLine = error instanceof GatewayError && error.details['code'] === NO_LINE_FREE;
      if (!hasNoLine) throw error;
      return await this.#open(instrument, true);
    }
  }

  async #open(instrument: QuotedContract, isSnapshot: boolean): Promise<Quote> {
    const { session, bucket } = this.#asking;
    const deadlineMs = isSnapshot ? this.#timing.snapshotDeadlineMs : this.#timing.deadlineMs;
    // Known before anything is awaited, so that the lines are counted right and a second caller joins in.
    const stream = new QuoteStream(this.#asking, instrument, isSnapshot, deadlineMs);
    this.#byId.set(stream.id, stream);
    if (!isSnapshot) this.#lines.set(stream.conId, stream);
    const asked = bucket.wait().then(() => {
      if (!stream.isWaiting) return;
      session.request((api) => api.reqMktData(stream.id, instrument, '', isSnapshot, false));
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
    if (this.#lines.size < this.#timing.lines) return true;
    const idle = [...this.#lines.values()].find((line) => !line.isWaiting);
    if (idle !== undefined) this.#close(idle);
    return idle !== undefined;
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
    for (const stream of streams) stream.settle(unavailable(reason));
  }

  #listenToSession(): void {
    const { session } = this.#asking;
    session.listen({
      ready: () => {
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
        if (!stream.isWaiting || !stream.isComplete) return;
        // After the rest of what came in one piece: sizes, volume and the halt follow the prices.
        queueMicrotask(() => {
          stream.settle(null);
        });
      },
      tickSize: (id, tickType, size) => {
        this.#byId.get(id)?.ticks.size(tickType, size);
      },
      tickGeneric: (id, tickType, value) => {
        this.#byId.get(id)?.ticks.generic(tickType, value);
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
