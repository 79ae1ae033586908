// Combinations (BAG): their legs, their net price, and how a net price is shared out. A net price is
// what one unit of the order costs, in the legs' price units: the value of all legs over the largest
// multiplier among them.
import { UNIT, valueOf } from '../accounts/value.ts';
import type { Instrument, Size } from '../market/instrument.ts';
import type { Market } from '../market/market.ts';
import type { Micros } from '../market/money.ts';
import { invalid, noSuchContract } from './order-error.ts';
import type { OrderError } from './order-error.ts';
import { signOf } from './order.ts';
import type { Contracts, Leg, OrderFields } from './order.ts';

/** A leg with its contract. `side` is +1 when a buy of the combination buys it. */
export type PlacedLeg = { instrument: Instrument; ratio: number; side: 1 | -1 };

const MAX_LEGS = 6;

/** The legs of a request. */
export function legsOf(f: OrderFields, contracts: Contracts): Leg[] | OrderError {
  const rows = f.comboLegs ?? [];
  if (rows.length < 2 || rows.length > MAX_LEGS) return invalid('Combo must have 2 to 6 legs');
  const legs: Leg[] = [];
  let currency: string | undefined;
  for (const { conId, ratio, action, exchange } of rows) {
    const instrument = contracts.byConId(Number(conId));
    if (instrument === undefined) return noSuchContract;
    // Displayed size would be counted once for each.
    if (legs.some((leg) => leg.conId === instrument.conId)) {
      return invalid('Combo legs must be of different contracts');
    }
    currency ??= instrument.currency;
    if (instrument.currency !== currency) return invalid('Combo legs must share one currency');
    const isValid = Number.isInteger(ratio) && Number(ratio) > 0;
    if (!isValid || (action !== 'BUY' && action !== 'SELL')) return invalid('Invalid combo leg');
    legs.push({
      conId: instrument.conId,
      ratio: Number(ratio),
      action,
      exchange: typeof exchange === 'string' ? exchange : instrument.exchange,
    });
  }
  return legs;
}

/** Legs with their contracts. A contract that has gone is a bug: legs are checked on entry. */
export function placeLegs(legs: readonly Leg[], contracts: Contracts): PlacedLeg[] {
  return legs.map(({ conId, ratio, action }) => {
    const instrument = contracts.byConId(conId);
    if (instrument === undefined) throw new Error(`leg ${conId} does not exist`);
    return { instrument, ratio, side: signOf(action) };
  });
}

/** Multiplier that the net price is quoted in. */
const comboMultiplier = (legs: readonly PlacedLeg[]): number =>
  Math.max(...legs.map((leg) => leg.instrument.multiplier));

/** Net price of one unit at these leg prices. */
function netPrice(legs: readonly PlacedLeg[], prices: readonly Micros[]): Micros {
  let value = 0;
  legs.forEach((leg, at) => {
    value += leg.side * valueOf(leg.instrument, prices[at] ?? 0, leg.ratio * UNIT);
  });
  return Math.round(value / comboMultiplier(legs));
}

/** What the market offers for a combination now. */
export type ComboOffer = { prices: Micros[]; net: Micros; size: Size };

/** Leg prices, net price and size that trade at once; undefined while a leg has no quote. */
export function comboOffer(
  legs: readonly PlacedLeg[],
  action: 'BUY' | 'SELL',
  market: Market,
): ComboOffer | undefined {
  const prices: Micros[] = [];
  let size = Number.MAX_SAFE_INTEGER;
  for (const leg of legs) {
    const top = market.top(leg.instrument);
    const isBuy = leg.side * signOf(action) > 0;
    const price = isBuy ? top.ask : top.bid;
    if (price === undefined || top.halted) return undefined;
    prices.push(price);
    const displayed = isBuy ? top.askSize : top.bidSize;
    size = Math.min(size, Math.floor(displayed / leg.ratio / UNIT) * UNIT);
  }
  return { prices, net: netPrice(legs, prices), size };
}

/** Leg prices moved so that they make a wanted net price; the leg with the smallest weight moves. */
export function pricesFor(
  legs: readonly PlacedLeg[],
  prices: readonly Micros[],
  wanted: Micros,
): Micros[] {
  const weights = legs.map((leg) => leg.ratio * leg.instrument.multiplier);
  const at = weights.indexOf(Math.min(...weights));
  const leg = legs[at];
  const weight = weights[at];
  if (leg === undefined || weight === undefined) return [...prices];
  const missing = (wanted - netPrice(legs, prices)) * comboMultiplier(legs);
  const moved = [...prices];
  moved[at] = Math.max(0, (prices[at] ?? 0) + Math.round((leg.side * missing) / weight));
  return moved;
}
