import { SecType, type Contract } from '@stoqey/ib';
import { GatewayError } from '../../domain/errors.ts';
import type { ConId } from '../../domain/ids.ts';
import { noAnswer, type Asking } from './ask.ts';
import { meaningOf } from './error-table.ts';
import { Ticks, type FullQuote, type QuoteNeeds } from './quote-ticks.ts';

export type QuotedContract = Contract & { readonly conId: ConId };

/** Currency pairs have no last trade, an index has no sides, an option is told with its model. */
function needsOf(secType: SecType | undefined): QuoteNeeds {
  return {
    sides: secType !== SecType.IND,
    trade: secType !== SecType.CASH,
    greeks: secType === SecType.OPT,
  };
}

/** Open interest, and the implied volatility of a stock's options. */
const genericTicks: { readonly [K in SecType]?: string } = {
  [SecType.STK]: '106',
  [SecType.OPT]: '101',
  [SecType.FUT]: '588',
};

/** What has to be asked for beside the usual ticks (TWS API "Generic tick types"); a snapshot takes none. */
export function genericTicksOf({ secType }: Contract): string {
  return (secType === undefined ? undefined : genericTicks[secType]) ?? '';
}

/** One market data request: a line that stays open, or a snapshot that ends by itself. */
export class QuoteStream {
  readonly id: number;
  readonly conId: ConId;
  readonly isSnapshot: boolean;
  readonly ticks = new Ticks();
  /** The first complete quote, or what there is at the deadline; rejects where there is none. */
  readonly first: Promise<FullQuote>;
  readonly #needs: QuoteNeeds;
  isWaiting = true;
  readonly #resolve: (quote: FullQuote) => void;
  readonly #reject: (error: GatewayError) => void;
  readonly #cancel: () => void;
  readonly #deadlineMs: number;

  constructor(asking: Asking, instrument: QuotedContract, isSnapshot: boolean, deadlineMs: number) {
    this.id = asking.session.takeRequestId();
    this.conId = instrument.conId;
    this.#needs = needsOf(instrument.secType);
    this.isSnapshot = isSnapshot;
    this.#deadlineMs = deadlineMs;
    const { promise, resolve, reject } = Promise.withResolvers<FullQuote>();
    this.first = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#cancel = asking.clock.after(deadlineMs, () => {
      this.settle(null);
    });
  }

  get isComplete(): boolean {
    return this.ticks.isComplete(this.#needs);
  }

  /** The quote of now, or null before the first price. */
  get quote(): FullQuote | null {
    return this.ticks.full(this.conId);
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
