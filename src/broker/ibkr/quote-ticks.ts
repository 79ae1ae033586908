import type { ConId } from '../../domain/ids.ts';
import type { Quote, QuoteKind } from '../../domain/instrument/quote.ts';
import type { DayFigures, Greeks } from '../../domain/instrument/snapshot.ts';
import { dec, decimalText, type DecimalText } from '../../domain/money/decimal.ts';
import { instantFromEpochMs } from '../../domain/time/instant.ts';
import { fromWire, priceFromWire } from './numbers.ts';

/** The ticks of one market data request, folded into a quote. Tick numbers: TWS API "Available tick types". */
type Field =
  | 'bid'
  | 'ask'
  | 'last'
  | 'close'
  | 'open'
  | 'high'
  | 'low'
  | 'bidSize'
  | 'askSize'
  | 'volume'
  | 'openInterest';

const fields: Readonly<Record<number, readonly [field: Field, isDelayed: boolean]>> = {
  0: ['bidSize', false],
  1: ['bid', false],
  2: ['ask', false],
  3: ['askSize', false],
  4: ['last', false],
  6: ['high', false],
  7: ['low', false],
  8: ['volume', false],
  9: ['close', false],
  14: ['open', false],
  // Of an option, a call and a put; of a future.
  27: ['openInterest', false],
  28: ['openInterest', false],
  86: ['openInterest', false],
  66: ['bid', true],
  67: ['ask', true],
  68: ['last', true],
  69: ['bidSize', true],
  70: ['askSize', true],
  72: ['high', true],
  73: ['low', true],
  74: ['volume', true],
  75: ['close', true],
  76: ['open', true],
};
const HALTED = 49;
/** What generic tick 106 brings: the volatility that the options of a stock are quoted with, a share per year. */
const OPTION_IMPLIED = 24;
/** The option computation of IBKR's model, and the delayed one; those of bid, ask and last are not looked at. */
const modelTicks: ReadonlySet<number> = new Set([13, 83]);

const kinds: readonly QuoteKind[] = ['live', 'frozen', 'delayed', 'delayed-frozen'];

/** What a kind of instrument has to have said before its first quote is complete. */
export type QuoteNeeds = {
  readonly sides: boolean;
  readonly trade: boolean;
  readonly greeks: boolean;
};

/** A quote with the day's figures. */
export type FullQuote = { readonly quote: Quote; readonly day: DayFigures };

export class Ticks {
  readonly #values = new Map<Field, DecimalText | null>();
  #kind: QuoteKind = 'live';
  #isHalted = false;
  #receivedAtMs: number | null = null;
  #greeks: Greeks | null = null;
  #optionImplied: DecimalText | null = null;

  /** When the newest price came, or null before the first. */
  get receivedAtMs(): number | null {
    return this.#receivedAtMs;
  }

  /** A share per year: of an option its own, of a stock that of its options; null = not quoted. */
  get implied(): DecimalText | null {
    return this.#greeks?.impliedVolatility ?? this.#optionImplied;
  }

  price(tickType: number, value: number | undefined, atMs: number): void {
    const field = fields[tickType];
    if (field === undefined) return;
    this.#set(field, priceFromWire(value));
    this.#receivedAtMs = atMs;
  }

  size(tickType: number, value: number | undefined): void {
    const field = fields[tickType];
    if (field !== undefined) this.#set(field, fromWire(value));
  }

  generic(tickType: number, value: number | undefined): void {
    if (tickType === HALTED) this.#isHalted = (value ?? 0) > 0;
    if (tickType === OPTION_IMPLIED) this.#optionImplied = priceFromWire(value);
  }

  dataType(type: number): void {
    this.#kind = kinds[type - 1] ?? this.#kind;
  }

  model(tickType: number, values: Readonly<Record<keyof Greeks, number | undefined>>): void {
    if (!modelTicks.has(tickType)) return;
    this.#greeks = {
      impliedVolatility: computed(values.impliedVolatility),
      delta: computed(values.delta),
      gamma: computed(values.gamma),
      vega: computed(values.vega),
      theta: computed(values.theta),
      underlyingPrice: priceFromWire(values.underlyingPrice),
    };
  }

  isComplete(needs: QuoteNeeds): boolean {
    const has = (field: Field): boolean => this.#values.has(field);
    return (
      (!needs.sides || (has('bid') && has('ask'))) &&
      (!needs.trade || has('last') || has('close')) &&
      (!needs.greeks || this.#greeks !== null)
    );
  }

  /** Null before the first price. */
  full(conId: ConId): FullQuote | null {
    if (this.#receivedAtMs === null) return null;
    const value = (field: Field): DecimalText | null => this.#values.get(field) ?? null;
    const quote: Quote = {
      conId,
      bid: value('bid'),
      ask: value('ask'),
      last: value('last'),
      close: value('close'),
      bidSize: value('bidSize'),
      askSize: value('askSize'),
      volume: value('volume'),
      kind: this.#kind,
      receivedAt: instantFromEpochMs(this.#receivedAtMs),
      halted: this.#isHalted,
    };
    const day: DayFigures = {
      open: value('open'),
      high: value('high'),
      low: value('low'),
      openInterest: value('openInterest'),
      greeks: this.#greeks,
    };
    return { quote, day };
  }

  #set([field, isDelayed]: readonly [Field, boolean], value: DecimalText | null): void {
    if (isDelayed && this.#kind === 'live') this.#kind = 'delayed';
    // Both interests are sent for an option, and the one of the other right is 0.
    if (field === 'openInterest' && value === '0' && this.#values.has(field)) return;
    this.#values.set(field, value);
  }
}

/** A model value to ten places: the model itself is no more exact. */
function computed(value: number | undefined): DecimalText | null {
  const text = fromWire(value);
  return text === null ? null : decimalText(dec(text).toDecimalPlaces(10));
}
