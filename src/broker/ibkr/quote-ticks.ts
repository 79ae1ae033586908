import type { ConId } from '../../domain/ids.ts';
import type { Quote, QuoteKind } from '../../domain/instrument/quote.ts';
import type { DecimalText } from '../../domain/money/decimal.ts';
import { instantFromEpochMs } from '../../domain/time/instant.ts';
import { fromWire, priceFromWire } from './numbers.ts';

/** The ticks of one market data request, folded into a quote. Tick numbers: TWS API "Available tick types". */
type Field = 'bid' | 'ask' | 'last' | 'close' | 'bidSize' | 'askSize' | 'volume';

const fields: Readonly<Record<number, readonly [field: Field, isDelayed: boolean]>> = {
  0: ['bidSize', false],
  1: ['bid', false],
  2: ['ask', false],
  3: ['askSize', false],
  4: ['last', false],
  8: ['volume', false],
  9: ['close', false],
  66: ['bid', true],
  67: ['ask', true],
  68: ['last', true],
  69: ['bidSize', true],
  70: ['askSize', true],
  74: ['volume', true],
  75: ['close', true],
};
const HALTED = 49;

const kinds: readonly QuoteKind[] = ['live', 'frozen', 'delayed', 'delayed-frozen'];

export class Ticks {
  readonly #values = new Map<Field, DecimalText | null>();
  #kind: QuoteKind = 'live';
  #isHalted = false;
  #receivedAtMs: number | null = null;

  /** When the newest price came, or null before the first. */
  get receivedAtMs(): number | null {
    return this.#receivedAtMs;
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
  }

  dataType(type: number): void {
    this.#kind = kinds[type - 1] ?? this.#kind;
  }

  /** Both sides of the market and, where `needsTrade`, a price that something was traded at. */
  isComplete(needsTrade: boolean): boolean {
    const has = (field: Field): boolean => this.#values.has(field);
    return has('bid') && has('ask') && (!needsTrade || has('last') || has('close'));
  }

  /** Null before the first price. */
  quote(conId: ConId): Quote | null {
    if (this.#receivedAtMs === null) return null;
    const value = (field: Field): DecimalText | null => this.#values.get(field) ?? null;
    return {
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
  }

  #set([field, isDelayed]: readonly [Field, boolean], value: DecimalText | null): void {
    if (isDelayed && this.#kind === 'live') this.#kind = 'delayed';
    this.#values.set(field, value);
  }
}
