import { SecType, type Contract } from '@stoqey/ib';
import { GatewayError } from '../../domain/errors.ts';
import type { ConId } from '../../domain/ids.ts';
import type { Quote } from '../../domain/instrument/quote.ts';
import { noAnswer, type Asking } from './ask.ts';
import { meaningOf } from './error-table.ts';
import { Ticks } from './quote-ticks.ts';

export type QuotedContract = Contract & { readonly conId: ConId };

/** One market data request: a line that stays open, or a snapshot that ends by itself. */
export class QuoteStream {
  readonly id: number;
  readonly conId: ConId;
  readonly isSnapshot: boolean;
  readonly ticks = new Ticks();
  /** The first complete quote, or what there is at the deadline; rejects where there is none. */
  readonly first: Promise<Quote>;
  /** Currency pairs have no last trade. */
  readonly #needsTrade: boolean;
  isWaiting = true;
  readonly #resolve: (quote: Quote) => void;
  readonly #reject: (error: GatewayError) => void;
  readonly #cancel: () => void;
  readonly #deadlineMs: number;

  constructor(asking: Asking, instrument: QuotedContract, isSnapshot: boolean, deadlineMs: number) {
    this.id = asking.session.takeRequestId();
    this.conId = instrument.conId;
    this.#needsTrade = instrument.secType !== SecType.CASH;
    this.isSnapshot = isSnapshot;
    this.#deadlineMs = deadlineMs;
    const { promise, resolve, reject } = Promise.withResolvers<Quote>();
    this.first = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#cancel = asking.clock.after(deadlineMs, () => {
      this.settle(null);
    });
  }

  get isComplete(): boolean {
    return this.ticks.isComplete(this.#needsTrade);
  }

  /** The quote of now, or null before the first price. */
  get quote(): Quote | null {
    return this.ticks.quote(this.conId);
  }

  /** Ends the waiting: with `failure`, or with what the ticks hold. Later calls change nothing. */
  settle(failure: GatewayError | null): void {
    if (!this.isWaiting) return;
    this.isWaiting = false;
    this.#cancel();
    const { quote } = this;
    if (failure !== null) this.#reject(failure);
    else if (quote === null) this.#reject(noAnswer('quote', this.#deadlineMs));
    else this.#resolve(quote);
  }
}

/** A code that ends a market data request, in our words; null for notices such as 10167. */
export function quoteFailure(code: number): GatewayError | null {
  if (code === 200) return new GatewayError('INSTRUMENT_UNKNOWN', 'IBKR knows no such contract');
  const isNotice = code === 10_167 || code === 10_090 || (code >= 2100 && code < 2200);
  if (isNotice) return null;
  return new GatewayError('BROKER_UNAVAILABLE', `no quote: ${meaningOf(code)} (${code})`, {
    details: { code },
  });
}
