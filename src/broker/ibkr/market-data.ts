import { MarketDataType, type Contract } from '@stoqey/ib';
import { GatewayError } from '../../domain/errors.ts';
import type { ConId } from '../../domain/ids.ts';
import type { Quote } from '../../domain/instrument/quote.ts';
import { noAnswer, unavailable, type Asking } from './ask.ts';
import { meaningOf } from './error-table.ts';
import { Ticks } from './quote-ticks.ts';

/**
 * Quotes from market data streams that stay open: one line per instrument, the least recently used one is given up
 * when the lines run out, and a snapshot is taken where TWS has no line left (101). A stream that has been silent
 * for long is opened anew, so that a quote is what TWS says now and not what it said once.
 */
export type MarketData = {
  readonly quote: (instrument: Contract & { readonly conId: ConId }) => Promise<Quote>;
};

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

type Stream = {
  readonly id: number;
  readonly conId: ConId;
  readonly ticks: Ticks;
  readonly isSnapshot: boolean;
  /** Settles when the quote is complete, at the deadline with what there is, or fails. */
  readonly first: Promise<Quote>;
  readonly settle: (outcome: GatewayError | null) => void;
  isWaiting: boolean;
};

export function createMarketData(asking: Asking, timing: MarketDataTiming): MarketData {
  const { session, clock } = asking;
  /** Least recently used first. */
  const streams = new Map<ConId, Stream>();
  const byId = new Map<number, Stream>();

  const forgetAll = (reason: string): void => {
    const open = [...byId.values()];
    streams.clear();
    byId.clear();
    for (const stream of open) stream.settle(unavailable(reason));
  };
  const close = (stream: Stream): void => {
    if (streams.get(stream.conId) === stream) streams.delete(stream.conId);
    if (!byId.delete(stream.id) || stream.isSnapshot || !session.isReady) return;
    session.request((api) => api.cancelMktData(stream.id));
  };
  session.listen({
    ready: () => {
      session.request((api) => api.reqMarketDataType(BEST_AVAILABLE));
    },
    lost: () => {
      forgetAll('the session with TWS ended before a quote came');
    },
    restored: (dataLost) => {
      if (dataLost) forgetAll('TWS lost its subscriptions');
    },
    tickPrice: (id, tickType, price) => {
      const stream = byId.get(id);
      stream?.ticks.price(tickType, price, clock.wallMs());
      if (stream?.isWaiting === true && stream.ticks.isComplete) stream.settle(null);
    },
    tickSize: (id, tickType, size) => {
      byId.get(id)?.ticks.size(tickType, size);
    },
    tickGeneric: (id, tickType, value) => {
      byId.get(id)?.ticks.generic(tickType, value);
    },
    marketDataType: (id, type) => {
      byId.get(id)?.ticks.dataType(type);
    },
    tickSnapshotEnd: (id) => {
      byId.get(id)?.settle(null);
    },
    error: (_error, code, id) => {
      const stream = byId.get(id);
      const failure = stream === undefined ? null : failureOf(code);
      if (stream !== undefined && failure !== null) {
        byId.delete(id);
        if (streams.get(stream.conId) === stream) streams.delete(stream.conId);
        stream.settle(failure);
      }
    },
  });

  const open = async (
    instrument: Contract & { readonly conId: ConId },
    isSnapshot: boolean,
  ): Promise<Quote> => {
    await asking.bucket.wait();
    const deadlineMs = isSnapshot ? timing.snapshotDeadlineMs : timing.deadlineMs;
    const stream = createStream(asking, instrument.conId, isSnapshot, deadlineMs, close);
    byId.set(stream.id, stream);
    if (!isSnapshot) {
      const old = streams.get(instrument.conId);
      if (old !== undefined) close(old);
      streams.set(instrument.conId, stream);
    }
    try {
      session.request((api) => api.reqMktData(stream.id, instrument, '', isSnapshot, false));
    } catch {
      close(stream);
      stream.settle(unavailable('the question for a quote could not be sent'));
    }
    return await stream.first.finally(() => {
      if (isSnapshot) byId.delete(stream.id);
    });
  };
  const makeRoom = (): boolean => {
    if (streams.size < timing.lines) return true;
    const idle = [...streams.values()].find((stream) => !stream.isWaiting);
    if (idle !== undefined) close(idle);
    return idle !== undefined;
  };
  return {
    quote: async (instrument) => {
      if (!session.isReady) throw unavailable('there is no session with TWS');
      const stream = streams.get(instrument.conId);
      if (stream !== undefined) {
        streams.delete(instrument.conId);
        streams.set(instrument.conId, stream);
        if (stream.isWaiting) return await stream.first;
        const quote = stream.ticks.quote(instrument.conId);
        const ageMs = clock.wallMs() - (stream.ticks.receivedAtMs ?? 0);
        if (quote !== null && ageMs <= timing.silentAfterMs) return quote;
      }
      if (stream === undefined && !makeRoom()) return await open(instrument, true);
      try {
        return await open(instrument, false);
      } catch (error) {
        const hasNoLine = error instanceof GatewayError && error.details['code'] === 101;
        if (!hasNoLine) throw error;
        return await open(instrument, true);
      }
    },
  };
}

function createStream(
  asking: Asking,
  conId: ConId,
  isSnapshot: boolean,
  deadlineMs: number,
  close: (stream: Stream) => void,
): Stream {
  const { promise, resolve, reject } = Promise.withResolvers<Quote>();
  // Somebody may have stopped waiting; the failure is not lost, the next call asks again.
  promise.catch(() => undefined);
  const cancel = asking.clock.after(deadlineMs, () => {
    stream.settle(null);
  });
  const stream: Stream = {
    id: asking.session.takeRequestId(),
    conId,
    isSnapshot,
    ticks: new Ticks(),
    isWaiting: true,
    first: promise,
    settle: (failure) => {
      if (!stream.isWaiting) return;
      stream.isWaiting = false;
      cancel();
      const quote = stream.ticks.quote(conId);
      if (failure !== null) reject(failure);
      else if (quote !== null) resolve(quote);
      else {
        close(stream);
        reject(noAnswer('quote', deadlineMs));
      }
    },
  };
  return stream;
}

/** Codes that end a market data request, in our words; null for notices such as 10167. */
function failureOf(code: number): GatewayError | null {
  if (code === 200) return new GatewayError('INSTRUMENT_UNKNOWN', 'IBKR knows no such contract');
  const isNotice = code === 10_167 || code === 10_090 || (code >= 2100 && code < 2200);
  if (isNotice) return null;
  return new GatewayError('BROKER_UNAVAILABLE', `no quote: ${meaningOf(code)} (${code})`, {
    details: { code },
  });
}
