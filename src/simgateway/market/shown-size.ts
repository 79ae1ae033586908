// The size displayed at the best bid and ask in one second, by kind and liquidity.
import type { Instrument, Size } from './instrument.ts';
import { hash } from './hash.ts';

/** Displayed lot and the most lots shown, for liquidity 1 … 4. */
const SHOWN: Readonly<Record<Instrument['secType'], { lot: Size; most: readonly number[] }>> = {
  STK: { lot: 100_000_000, most: [20, 9, 5, 3] },
  OPT: { lot: 1_000_000, most: [300, 80, 30, 12] },
  FUT: { lot: 1_000_000, most: [120, 40, 15, 5] },
  CASH: { lot: 500_000_000_000, most: [12, 8, 4, 2] },
  CRYPTO: { lot: 10_000, most: [300, 200, 80, 30] },
  BOND: { lot: 5_000_000, most: [100, 50, 20, 10] },
  IND: { lot: 0, most: [0, 0, 0, 0] },
};

/** Bid, ask and last-trade sizes shown in a second (UTC seconds). */
export function shownSize(seed: number, i: Instrument, second: number) {
  const { lot, most } = SHOWN[i.secType];
  const limit = most[i.liquidity - 1] ?? 0;
  if (limit === 0) return { bid: 0, ask: 0 };
  const draw = hash(seed + 31, i.conId, second);
  return { bid: lot * (1 + (draw % limit)), ask: lot * (1 + ((draw >>> 10) % limit)) };
}
