import { dec } from '../../src/domain/money/decimal.ts';
import type { Evidence } from './evidence.ts';

/** What the limits of a run hold, judged like the rest of it in `invariants.ts`. */

export const terminalStates: ReadonlySet<string> = new Set([
  'Denied',
  'Declined',
  'Expired',
  'Withdrawn',
  'Halted',
  'Filled',
  'Cancelled',
  'Rejected',
  'NotSent',
]);

/**
 * What is reserved is what live orders need: an order that passed the gate has one reservation, over its whole quantity,
 * until it ends; afterwards it holds nothing.
 */
export function limitsAreHeld({ orders, approvals, reservations }: Evidence): string[] {
  const asked = new Set(approvals.map(({ intentId }) => intentId));
  const held = new Map<string, Evidence['reservations'][number][]>();
  for (const each of reservations) {
    held.set(each.intentId, [...(held.get(each.intentId) ?? []), each]);
  }
  const perOrder = orders.flatMap(({ intentId, state, quantity }) => {
    const rows = held.get(intentId) ?? [];
    const isLive = asked.has(intentId) && !terminalStates.has(state);
    const open = rows.filter(({ releasedAtMs }) => releasedAtMs === null);
    return [
      ...(rows.length === (asked.has(intentId) ? 1 : 0)
        ? []
        : [`${intentId} has ${rows.length} reservations`]),
      ...(open.length === (isLive ? 1 : 0)
        ? []
        : [`${intentId} is ${state} and holds ${open.length} reservations`]),
      ...rows
        .filter((row) => !dec(row.quantity).eq(quantity))
        .map((row) => `${intentId} has ${row.quantity} of ${quantity} reserved`),
    ];
  });
  const known = new Set(orders.map(({ intentId }) => intentId));
  const lost = [...held.keys()].filter((intentId) => !known.has(intentId));
  return [...perOrder, ...lost.map((intentId) => `${intentId} is reserved and nobody's order`)];
}
