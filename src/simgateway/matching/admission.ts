// What an order has to pass besides its own form: its place among other orders, the shares it wants to
// borrow, and the money.
import type { Instrument } from '../market/instrument.ts';
import { buyingPowerError } from './buying-power.ts';
import { claimsBeside, openSizeOf, promisedSales } from './claims.ts';
import type { Claims } from './claims.ts';
import { accountNamed, instrumentOf } from './desk-context.ts';
import type { DeskContext } from './desk-context.ts';
import { invalid, rejected } from './order-error.ts';
import type { OrderError } from './order-error.ts';
import type { OrderStore } from './order-store.ts';
import { isLive } from './order.ts';
import type { OrderFields, OrderTerms, SimOrder } from './order.ts';
import { partsOf } from './order-parts.ts';
import { HELD_FOR_LOCATE, shortSaleError } from './short-sale.ts';

const DEFAULT_OCA_TYPE = 3;
const LAST_OCA_TYPE = 3;

function parentError(parent: SimOrder | undefined, id: number, account: string) {
  if (parent === undefined) return { code: 135, text: `Can't find order with id =${id}` };
  if (parent.account !== account) return invalid('Parent order is in another account');
  const isOver = !isLive(parent) && parent.status !== 'Filled';
  return isOver ? rejected('Parent order is being cancelled') : undefined;
}

/** What stands against a new order's place among others: its parent, or its group. */
export function linkError(
  clientId: number,
  f: OrderFields,
  account: string,
  store: OrderStore,
): OrderError | undefined {
  const { parentId = 0, ocaGroup, ocaType = 0 } = f;
  if (parentId !== 0) {
    const problem = parentError(store.byOrderId(clientId, parentId), parentId, account);
    if (problem !== undefined) return problem;
  }
  if (ocaType < 0 || ocaType > LAST_OCA_TYPE) return invalid(`Invalid OCA type: ${ocaType}`);
  if (ocaGroup === undefined) return undefined;
  // Whoever joined after a fill would not have been reduced by it.
  const hasFilled = store.groupOf(account, ocaGroup).some((o) => o.filled > 0);
  return hasFilled ? rejected('OCA group is already filled') : undefined;
}

/** The group an order is in. Children that close their parent's position are one by themselves. */
export function ocaOf(f: OrderFields, terms: OrderTerms, parent: SimOrder | undefined) {
  if (f.ocaGroup !== undefined) {
    const type = f.ocaType ?? 0;
    return { group: f.ocaGroup, type: type === 0 ? DEFAULT_OCA_TYPE : type };
  }
  const isExit = parent !== undefined && parent.terms.action !== terms.action;
  if (!isExit || f.hedgeType !== undefined) return undefined;
  return { group: String(parent.permId), type: DEFAULT_OCA_TYPE };
}

/** What the money says about changed terms: what filled is a position already, a child waits its turn. */
export function marginError(
  order: SimOrder,
  instrument: Instrument,
  terms: OrderTerms,
  c: DeskContext,
): OrderError | undefined {
  const left = terms.quantity - order.filled;
  if (left <= 0 || order.working.isChild) return undefined;
  const parts = partsOf(instrument, terms, left, c);
  const claims = claimsBeside(order.account, order, c);
  return buyingPowerError(accountNamed(c, order.account), parts, claims, c);
}

function shortError(order: SimOrder, claims: Claims, c: DeskContext): OrderError | undefined {
  const instrument = instrumentOf(c, order);
  const promised = promisedSales(claims, instrument.conId);
  const sale = { terms: order.terms, size: openSizeOf(order, c), promised };
  return shortSaleError(accountNamed(c, order.account), instrument, sale, c.market);
}

/** Whether the shares that a held sale waits for can be had now. */
export const hasLocated = (order: SimOrder, c: DeskContext): boolean =>
  shortError(order, claimsBeside(order.account, order, c), c) === undefined;

/**
 * Why an order is refused when it becomes active, or `HELD_FOR_LOCATE` when it is kept until shares are
 * found. A child that waits for its parent is judged when the parent has filled, by what it may fill then.
 */
export function admissionError(order: SimOrder, c: DeskContext): OrderError | undefined {
  if (order.working.isChild) return undefined;
  const claims = claimsBeside(order.account, order, c);
  const short = shortError(order, claims, c);
  if (short !== undefined && short !== HELD_FOR_LOCATE) return short;
  const parts = partsOf(instrumentOf(c, order), order.terms, openSizeOf(order, c), c);
  return buyingPowerError(accountNamed(c, order.account), parts, claims, c) ?? short;
}
