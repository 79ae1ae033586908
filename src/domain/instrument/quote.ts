import type { ConId } from '../ids.ts';
import type { DecimalText } from '../money/decimal.ts';
import type { Instant } from '../time/instant.ts';

/** How real a quote is: IBKR's market data types 1, 2, 3 and 4. */
export type QuoteKind = 'live' | 'frozen' | 'delayed' | 'delayed-frozen';

/** Best bid and offer with the last trade. Prices per unit in the contract's currency; null = not quoted. */
export type Quote = {
  readonly conId: ConId;
  readonly bid: DecimalText | null;
  readonly ask: DecimalText | null;
  readonly last: DecimalText | null;
  readonly close: DecimalText | null;
  readonly bidSize: DecimalText | null;
  readonly askSize: DecimalText | null;
  /** Shares traded today. */
  readonly volume: DecimalText | null;
  readonly kind: QuoteKind;
  /** When the gateway process received the newest of these prices (its wall clock). */
  readonly receivedAt: Instant;
  readonly halted: boolean;
};
