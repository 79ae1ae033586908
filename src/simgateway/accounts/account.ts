// A funded demo account: cash, positions at exact cost, realised profit. Everything is in micro-units
// of US dollars; only fills change it.
import { share } from '../market/money.ts';
import type { Micros } from '../market/money.ts';

/** A holding in one instrument. */
export type Position = {
  conId: number;
  /** Shares; negative when short. */
  quantity: number;
  /** What the open shares cost including commissions; negative when short. */
  cost: Micros;
  realized: Micros;
};
/** An account; mutable, changed only by `applyFill`. */
export type Account = {
  id: string;
  cash: Micros;
  realized: Micros;
  /** Net liquidation when the account was opened: the base of its daily profit. */
  openingValue: Micros;
  positions: Map<number, Position>;
};
type Fill = {
  conId: number;
  /** Positive bought, negative sold. */
  shares: number;
  price: Micros;
  commission: Micros;
};

/** Cost per share, 0 when flat. */
export const averageCost = (p: Position): Micros =>
  p.quantity === 0 ? 0 : share(p.cost, 1, p.quantity);

/** The account's position in an instrument, created flat when it has none. */
export function positionOf(account: Account, conId: number): Position {
  let position = account.positions.get(conId);
  if (position === undefined) {
    position = { conId, quantity: 0, cost: 0, realized: 0 };
    account.positions.set(conId, position);
  }
  return position;
}

/**
 * Books a fill. Returns the profit it realised, net of its commission, or undefined when it only
 * opened or added to a position. A fill that crosses through zero closes first, then opens.
 */
export function applyFill(account: Account, fill: Fill): Micros | undefined {
  const position = positionOf(account, fill.conId);
  const value = fill.price * fill.shares;
  account.cash -= value + fill.commission;
  const opposite = Math.sign(position.quantity) * Math.sign(fill.shares) < 0;
  if (!opposite) {
    position.quantity += fill.shares;
    position.cost += value + fill.commission;
    return undefined;
  }
  const closing =
    Math.sign(fill.shares) * Math.min(Math.abs(fill.shares), Math.abs(position.quantity));
  const opening = fill.shares - closing;
  // Closing all shares releases the whole remaining cost, so no residue can build up.
  const released = share(position.cost, -closing, position.quantity);
  const closingFee = share(fill.commission, closing, fill.shares);
  const realized = -closing * fill.price - released - closingFee;
  position.quantity += fill.shares;
  position.cost += -released + opening * fill.price + (fill.commission - closingFee);
  position.realized += realized;
  account.realized += realized;
  return realized;
}
