// What the working orders of an account lay claim to before a new one comes. Orders kept back, children
// whose parent has not filled and orders that have ended claim nothing; of an OCA group only the heaviest
// member counts, because the others go when one fills.
import { valueOf } from '../accounts/value.ts';
import type { Instrument, Size } from '../market/instrument.ts';
import type { Micros } from '../market/money.ts';
import { instrumentOf } from './desk-context.ts';
import type { DeskContext } from './desk-context.ts';
import { allowanceOf } from './links.ts';
import { remainingOf } from './order.ts';
import type { SimOrder } from './order.ts';
import { partsOf } from './order-parts.ts';
import type { Part } from './order-parts.ts';

/** What is to be bought and sold of one instrument, and what of the sales needs shares now. */
export type Sides = { instrument: Instrument; bought: Size; sold: Size; promised: Size };
/** Single orders by contract id; combinations one by one. */
export type Claims = { sides: Map<number, Sides>; combos: (readonly Part[])[] };

/** What an order may still fill, by its own size and by what its parent has filled. */
export const openSizeOf = (order: SimOrder, c: DeskContext): Size =>
  Math.max(0, Math.min(remainingOf(order), allowanceOf(order, c.store) - order.filled));

function sidesOf(claims: Claims, instrument: Instrument): Sides {
  let sides = claims.sides.get(instrument.conId);
  if (sides === undefined) {
    sides = { instrument, bought: 0, sold: 0, promised: 0 };
    claims.sides.set(instrument.conId, sides);
  }
  return sides;
}

/** Adds one order's claim. A sale that still waits for shares (`isLocating`) has none of them yet. */
function claim(claims: Claims, order: SimOrder, size: Size, c: DeskContext): void {
  if (order.terms.legs !== undefined) {
    claims.combos.push(partsOf(instrumentOf(c, order), order.terms, size, c));
    return;
  }
  const sides = claims.sides.get(order.conId) ?? sidesOf(claims, instrumentOf(c, order));
  if (order.terms.action === 'BUY') sides.bought += size;
  else {
    sides.sold += size;
    if (!order.working.isLocating) sides.promised += size;
  }
}

function weightOf(order: SimOrder, size: Size, c: DeskContext): Micros {
  let weight = 0;
  for (const part of partsOf(instrumentOf(c, order), order.terms, size, c)) {
    const value = valueOf(part.instrument, c.prices.mark(part.instrument), part.size);
    weight += Math.abs(c.prices.usd(value, part.instrument.currency));
  }
  return weight;
}

type Member = { order: SimOrder; size: Size; weight: Micros };

/** The claims that stand beside an order: all of the account's but its own and those of its group. */
export function claimsBeside(account: string, self: SimOrder | undefined, c: DeskContext): Claims {
  const claims: Claims = { sides: new Map(), combos: [] };
  const groups = new Map<string, Member>();
  for (const order of c.store.liveOf(account)) {
    const { status, working, oca } = order;
    if (order === self || status === 'ApiPending' || working.isChild) continue;
    const size = openSizeOf(order, c);
    if (size === 0) continue;
    if (oca === undefined) {
      claim(claims, order, size, c);
    } else if (oca.group !== self?.oca?.group) {
      const weight = weightOf(order, size, c);
      const heaviest = groups.get(oca.group);
      if (heaviest === undefined || heaviest.weight < weight) {
        groups.set(oca.group, { order, size, weight });
      }
    }
  }
  for (const { order, size } of groups.values()) claim(claims, order, size, c);
  return claims;
}

/** The claims with those of one more order; the given ones are left alone. */
export function withClaim(claims: Claims, parts: readonly Part[]): Claims {
  const [only, second] = parts;
  if (only === undefined) return claims;
  if (second !== undefined) return { ...claims, combos: [...claims.combos, parts] };
  const { instrument, size } = only;
  const sum: Claims = { ...claims, sides: new Map(claims.sides) };
  const sides = { ...sidesOf(sum, instrument) };
  if (size > 0) sides.bought += size;
  else sides.sold -= size;
  sum.sides.set(instrument.conId, sides);
  return sum;
}

/** How much of an instrument is about to be sold. */
export function promisedSales(claims: Claims, conId: number): Size {
  let sold = claims.sides.get(conId)?.promised ?? 0;
  for (const { instrument, size } of claims.combos.flat()) {
    if (instrument.conId === conId && size < 0) sold -= size;
  }
  return sold;
}
