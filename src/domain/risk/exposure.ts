import { fixed, Fixed, larger } from '../money/fixed.ts';
import type { OrderTerms } from '../order/intent.ts';
import type { Side } from '../order/order-type.ts';
import type { Currency } from '../money/money.ts';
import type { WorkingOrder } from '../portfolio/portfolio.ts';
import { cashIn, positionIn, workingIn } from './book.ts';
import { isKnown, type GateFacts, type LedgerFacts } from './facts.ts';

/**
 * What can become of the position in the instrument if this order and everything else that is pending fills,
 * in any combination. Quantities are signed units of the instrument, short is negative.
 */
export type Exposure = {
  readonly position: Fixed;
  /** Unfilled buys and sells besides this order: live at the broker or reserved by an approval. Unsigned. */
  readonly pendingBuys: Fixed;
  readonly pendingSells: Fixed;
  /** The ends of the range that the position can reach, this order included. */
  readonly lowest: Fixed;
  readonly highest: Fixed;
  /** The larger absolute end. */
  readonly worst: Fixed;
  /** The order only reduces the position, and cannot flip it even if every pending order of its side fills. */
  readonly isExit: boolean;
};

const zero = new Fixed(0, 0);

/** The exposure of an order, or null where portfolio or working orders are not known. */
export function exposureOf(terms: OrderTerms, facts: GateFacts): Exposure | null {
  if (!isKnown(facts.portfolio) || !isKnown(facts.workingOrders)) return null;
  const { conId, account } = terms;
  const position = positionIn(facts.portfolio.value, conId);
  const working = workingIn(facts.workingOrders.value, conId, account);
  const pendingBuys = pending('BUY', terms, working, facts.ledger.value);
  const pendingSells = pending('SELL', terms, working, facts.ledger.value);
  const quantity = fixed(terms.quantity);
  const highest = position.plus(pendingBuys).plus(terms.side === 'BUY' ? quantity : zero);
  const lowest = position.minus(pendingSells).minus(terms.side === 'SELL' ? quantity : zero);
  const only = {
    ...{ position, pendingBuys, pendingSells, lowest, highest },
    worst: larger(highest.abs(), lowest.abs()),
  };
  return { ...only, isExit: isReduced(terms.side, only) && ownsPair(terms, facts, only) };
}

type Range = Pick<Exposure, 'position' | 'lowest' | 'highest'>;

function isReduced(side: Side, { position, lowest, highest }: Range): boolean {
  return side === 'SELL'
    ? position.isPositive() && !lowest.isNegative()
    : position.isNegative() && !highest.isPositive();
}

/**
 * What the broker calls a position in a currency pair is the trace of a trade; what can be given back is the cash. So
 * an exit from a pair must be one by both.
 */
function ownsPair(terms: OrderTerms, facts: GateFacts, range: Range): boolean {
  if (!isKnown(facts.contract) || facts.contract.value.contract.secType !== 'CASH') return true;
  if (!isKnown(facts.portfolio)) return false;
  const cash = cashIn(facts.portfolio.value, facts.contract.value.contract.symbol as Currency);
  const beyond = cash.minus(range.position);
  return isReduced(terms.side, {
    position: cash,
    lowest: range.lowest.plus(beyond),
    highest: range.highest.plus(beyond),
  });
}

/**
 * Pending quantity of one side. An order of ours that is both reserved and live counts once: the live one,
 * plus what the reservation holds beyond it.
 */
function pending(
  side: Side,
  terms: OrderTerms,
  working: readonly WorkingOrder[],
  ledger: LedgerFacts,
): Fixed {
  let total = zero;
  for (const order of working) if (order.side === side) total = total.plus(fixed(order.remaining));
  for (const held of ledger.reservations) {
    if (held.conId !== terms.conId || held.side !== side) continue;
    const live = working.find((order) => order.side === side && order.orderRef === held.intentId);
    const reserved = fixed(held.quantity);
    const rest = live === undefined ? reserved : reserved.minus(fixed(live.quantity));
    if (rest.isPositive()) total = total.plus(rest);
  }
  return total;
}
