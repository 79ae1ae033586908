// A funded demo account: cash per currency, positions at exact cost, realised profit. Only fills
// change it. Amounts are millionths of the currency they are in; a position's are in its instrument's.
import type { Instrument, Size } from '../market/instrument.ts';
import type { Micros } from '../market/money.ts';
import { mulDiv, UNIT, valueOf } from './value.ts';

/** A holding in one instrument. */
export type Position = {
  conId: number;
  /** Negative when short. */
  quantity: Size;
  /** What the open quantity cost, multiplier and commissions included; negative when short. */
  cost: Micros;
  /** The part of `cost` that is commissions. */
  fees: Micros;
  realized: Micros;
};
/** Amounts by currency. */
export type Amounts = Record<string, Micros>;
/** Which of the published plans the account pays by. */
export type PricingPlan = 'fixed' | 'tiered';
/** An account; mutable, changed only by `applyFill`. */
export type Account = {
  id: string;
  cash: Amounts;
  realized: Amounts;
  /** Net liquidation in base currency when the account was opened: the base of its daily profit. */
  openingValue: Micros;
  pricing: PricingPlan;
  positions: Map<number, Position>;
};
/** A trade to book. */
export type Fill = {
  instrument: Instrument;
  /** Positive bought, negative sold. */
  size: Size;
  price: Micros;
  commission: Micros;
  commissionCurrency: string;
};

/** The currency that account totals are in. */
export const BASE_CURRENCY = 'USD';

/** Cost per unit, multiplier included, 0 when flat. */
export const averageCost = (p: Position): Micros =>
  p.quantity === 0 ? 0 : mulDiv(p.cost, UNIT, p.quantity);

/** Adds to an amount of a currency. */
function add(amounts: Amounts, currency: string, amount: Micros): void {
  amounts[currency] = (amounts[currency] ?? 0) + amount;
}

/** The account's position in an instrument, created flat when it has none. */
export function positionOf(account: Account, conId: number): Position {
  let position = account.positions.get(conId);
  if (position === undefined) {
    position = { conId, quantity: 0, cost: 0, fees: 0, realized: 0 };
    account.positions.set(conId, position);
  }
  return position;
}

/** What a closing trade set free. `gross` is its profit before any commission. */
type Release = { realized: Micros; gross: Micros };

function moveHolding(p: Position, fill: Fill, value: Micros, fee: Micros): Release | undefined {
  const isOpposite = Math.sign(p.quantity) * Math.sign(fill.size) < 0;
  if (!isOpposite) {
    p.quantity += fill.size;
    p.cost += value + fee;
    p.fees += fee;
    return undefined;
  }
  const closing = Math.sign(fill.size) * Math.min(Math.abs(fill.size), Math.abs(p.quantity));
  // Closing everything releases the whole remaining cost, so no residue can build up.
  const released = mulDiv(p.cost, -closing, p.quantity);
  const releasedFees = mulDiv(p.fees, -closing, p.quantity);
  const closingFee = mulDiv(fee, closing, fill.size);
  const closingValue = valueOf(fill.instrument, fill.price, closing);
  const realized = -closingValue - released - closingFee;
  p.quantity += fill.size;
  p.cost += -released + (value - closingValue) + (fee - closingFee);
  p.fees += -releasedFees + (fee - closingFee);
  p.realized += realized;
  return { realized, gross: -closingValue - (released - releasedFees) };
}

/**
 * Books a fill. Returns the profit it realised, net of its commission, or undefined when it only
 * opened or added to a position. A fill that crosses through zero closes first, then opens. Futures
 * move no cash but profit and commission; forex moves the base currency too.
 */
export function applyFill(account: Account, fill: Fill): Micros | undefined {
  const { instrument: i, commission, commissionCurrency } = fill;
  const value = valueOf(i, fill.price, fill.size);
  const fee = commissionCurrency === i.currency ? commission : 0;
  const release = moveHolding(positionOf(account, i.conId), fill, value, fee);
  add(account.cash, commissionCurrency, -commission);
  add(account.cash, i.currency, i.secType === 'FUT' ? (release?.gross ?? 0) : -value);
  if (i.secType === 'CASH') add(account.cash, i.symbol, fill.size);
  if (release !== undefined) add(account.realized, i.currency, release.realized);
  return release?.realized;
}

/** The account as it would be after these fills; the original is left alone. */
export function withFills(account: Account, fills: readonly Fill[]): Account {
  const copy: Account = {
    ...account,
    cash: { ...account.cash },
    realized: { ...account.realized },
    positions: new Map(account.positions),
  };
  for (const fill of fills) {
    const held = copy.positions.get(fill.instrument.conId);
    if (held !== undefined) copy.positions.set(held.conId, { ...held });
    applyFill(copy, fill);
  }
  return copy;
}
